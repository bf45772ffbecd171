import { publicationMark } from '../model/stream-state';
import { type StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { joinProposals, NOTHING, propose, sqlChange, changeOf, type Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { planCopyRightsEnd } from './added-table/rights-at-the-end';
import { planTicketDelete } from './clone-ticket';
import { findCopySlots, planCopySlotsDrop } from './fresh-clone/copy-slots';
import { formatMark, type PublicationMark } from '../model/mark';
import { planStrayedSubscriptionDrop } from './renamed-database';
import { planSubscriptionDrop } from './renamed-subscription';
import { isOfOurKind, slotDrop } from './replication-slot';

/**
 * The first half of a reset: what the present clone follows by goes. The mark
 * goes first. From then on until the new ticket is issued the publication says
 * that a reset is under way, and every later run carries it on: a stream whose
 * subscription is gone must never be connected to the old clone again.
 */
export function planRetirement(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
): Proposal {
  const { source, target } = observation;
  const { role } = contract.replication;
  return joinProposals([
    ...streams.map((of) => planResetMark(of)),
    retire(planTicketDelete(contract, observation), 'retired-ticket'),
    ...streams.map((of) => planCopyRightsEnd(role, source, of)),
    ...(target === null ? [] : streams.map((of) => planSubscriptionDrop(contract, target, of))),
    target === null ? NOTHING : planStrayedSubscriptionDrop(contract, target),
    ...streams.filter((of) => isRetiredSlot(of)).map((of) => retire(propose([slotDrop(of)]), 'retired-slot')),
    planCopySlotsDrop(contract, observation, streams),
    propose([], findCopySlots(contract, observation, streams, true)),
  ]);
}

/** What will be there once the retirement is carried out: the source as if its clone had never been. */
export function retired(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
): Observation {
  const { source } = observation;
  const gone = new Set(streams.filter((of) => isRetiredSlot(of)).map((of) => of.stream.slot));
  const databases = Object.entries(source.databases).map(([name, database]) => {
    const publications = database.publications.map((publication) => {
      const mark = publicationMark(contract, publication);
      return mark === null ? publication : { ...publication, comment: formatMark(plainMark(mark)) };
    });
    return [name, { ...database, publications }] as const;
  });
  return {
    ticket: null,
    source: {
      ...source,
      slots: source.slots.filter((slot) => !gone.has(slot.name)),
      databases: Object.fromEntries(databases),
    },
    target: null,
  };
}

/** A reset that died half-way. */
export function isResetUnfinished(streams: readonly StreamFacts[]): boolean {
  return streams.some(({ state }) => state === 'resetting');
}

/** Whether anything here was made by us: a publication, the clone's copy of one, or a ticket. */
export function isAnythingOurs({ ticket }: Observation, streams: readonly StreamFacts[]): boolean {
  return ticket !== null || streams.some((of) => ownMarks(of).length > 0);
}

function planResetMark(of: StreamFacts): Proposal {
  const { mark } = of;
  if (mark === null || (mark.resetting !== undefined && mark.ticket === undefined)) return NOTHING;
  const text = formatMark({ ...plainMark(mark), resetting: true });
  return propose([
    sqlChange({
      address: { ...of.publisher, kind: 'retired-publication', name: of.stream.publication },
      action: 'update',
      reason: 'takes the ticket out of its mark: until there is a new one, every run carries this reset on',
      place: of.publisher,
      guards: [],
      statements: [{ text: `COMMENT ON PUBLICATION ${quoteIdent(of.stream.publication)} IS ${quoteLiteral(text)}` }],
    }),
  ]);
}

function plainMark({ kind, environment, slot }: PublicationMark): PublicationMark {
  return { kind, environment, slot };
}

/**
 * A slot is ours when our publication names it, or did so when the clone was
 * taken. One of another kind was put in its place by somebody else, and stays.
 */
function isRetiredSlot(of: StreamFacts): boolean {
  const { slot } = of;
  return slot !== null && isOfOurKind(slot, of) && ownMarks(of).some((mark) => mark.slot === slot.name);
}

function ownMarks({ mark, inheritedMark }: StreamFacts): PublicationMark[] {
  return [mark, inheritedMark].filter((one) => one !== null);
}

/** Another step than the one that a teardown has, or that makes it again. */
function retire({ changes, findings }: Proposal, kind: string): Proposal {
  return propose(
    changes.map((change) => changeOf({ ...change, address: { ...change.address, kind } })),
    findings,
  );
}
