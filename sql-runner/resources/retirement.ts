import type { SourceContract } from '../../contract/contract';
import { joinProposals, NOTHING, propose, sqlChange, changeOf, type Proposal } from '../model/change';
import type { Observation, SlotFacts } from '../model/observation';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { planTicketDelete } from './clone-ticket';
import { findCopySlots, planCopySlotsDrop } from './fresh-clone/copy-slots';
import { formatMark, type PublicationMark } from '../model/mark';
import { findPublication, publicationMark } from './publication';
import { planStrayedSubscriptionDrop } from './renamed-database';
import { planSubscriptionDrop } from './renamed-subscription';
import { findSlot, isOfOurKind, slotDrop } from './replication-slot';
import type { StreamOf } from '../model/streams';

/**
 * The first half of a reset: what the present clone follows by goes. The mark
 * goes first. From then on until the new ticket is issued the publication says
 * that a reset is under way, and every later run carries it on: a stream whose
 * subscription is gone must never be connected to the old clone again.
 */
export function planRetirement(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamOf[],
): Proposal {
  const { target } = observation;
  return joinProposals([
    ...streams.map((of) => planResetMark(contract, observation, of)),
    retire(planTicketDelete(contract, observation), 'retired-ticket'),
    ...(target === null ? [] : streams.map((of) => planSubscriptionDrop(contract, target, of))),
    target === null ? NOTHING : planStrayedSubscriptionDrop(contract, target),
    ...streams
      .filter((of) => isRetiredSlot(contract, observation, of, findSlot(observation.source, of)))
      .map((of) => retire(propose([slotDrop(of)]), 'retired-slot')),
    planCopySlotsDrop(contract, observation, streams),
    propose([], findCopySlots(contract, observation, streams, true)),
  ]);
}

/** What will be there once the retirement is carried out: the source as if its clone had never been. */
export function retired(contract: SourceContract, observation: Observation, streams: readonly StreamOf[]): Observation {
  const { source } = observation;
  const gone = new Set(
    streams.filter((of) => isRetiredSlot(contract, observation, of, findSlot(source, of))).map((of) => of.stream.slot),
  );
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
export function isResetUnfinished(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamOf[],
): boolean {
  return streams.some(
    (of) => publicationMark(contract, findPublication(observation.source, of))?.resetting !== undefined,
  );
}

/** Whether anything here was made by us: a publication, the clone's copy of one, or a ticket. */
export function isAnythingOurs(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamOf[],
): boolean {
  return observation.ticket !== null || streams.some((of) => ownMarks(contract, observation, of).length > 0);
}

function planResetMark(contract: SourceContract, observation: Observation, of: StreamOf): Proposal {
  const mark = publicationMark(contract, findPublication(observation.source, of));
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
function isRetiredSlot(contract: SourceContract, observation: Observation, of: StreamOf, slot: SlotFacts | null) {
  return (
    slot !== null &&
    isOfOurKind(slot, of) &&
    ownMarks(contract, observation, of).some((mark) => mark.slot === slot.name)
  );
}

function ownMarks(contract: SourceContract, { source, target }: Observation, of: StreamOf): PublicationMark[] {
  const inherited = target?.databases[of.database]?.publications.find(({ name }) => name === of.stream.publication);
  return [findPublication(source, of), inherited ?? null]
    .map((publication) => publicationMark(contract, publication))
    .filter((mark) => mark !== null);
}

/** Another step than the one that a teardown has, or that makes it again. */
function retire({ changes, findings }: Proposal, kind: string): Proposal {
  return propose(
    changes.map((change) => changeOf({ ...change, address: { ...change.address, kind } })),
    findings,
  );
}
