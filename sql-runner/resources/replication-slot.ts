import type { StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { changeOf, block, NOTHING, propose, type Change, type Proposal, type Refusal } from '../model/change';
import type { SourceObservation } from '../model/observation';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { parseMark, type PublicationMark } from '../model/mark';
import { type StreamOf, newClone } from '../model/streams';

/** What is known of the clone that reads a slot. */
export interface SlotsClone {
  /** It was made under the ticket, so the slot cannot be made again. */
  readonly cloned: boolean;
  /** Where the clone is not looked at: its subscription may have made the slot two-phase. */
  readonly mayBeTwoPhase?: boolean;
  /** It cannot be reached, and what is to be done has to do without it. */
  readonly unreachable?: boolean;
}

/** A slot has no comment to mark: it is ours when our publication names it. */
export function planSlot(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  { cloned, mayBeTwoPhase = false, unreachable = false }: SlotsClone,
): Proposal {
  const { slot, mark } = of;
  if (slot === null) {
    if (mark?.ticket !== undefined && cloned) return block(lostSlot(contract, of, goneSince(mark), unreachable));
    return propose([createSlot(of)]);
  }
  if (slot.database !== of.database && isOfRenamed(source, slot))
    return block(slotOfRenamedDatabase(contract, of, slot));
  if (mark === null || mark.slot !== slot.name) {
    return block(slotOfOthers(contract, source, of, slot));
  }
  // Made so with its subscription, or altered by it (from 18 on): it is put back with that.
  const subscribedTwoPhase = mayBeTwoPhase || of.options?.values.two_phase === 'true';
  return judgeSlot(contract, of, subscribedTwoPhase ? { ...slot, twoPhase: false } : slot, unreachable);
}

const goneSince = ({ released }: PublicationMark): string =>
  released === undefined
    ? 'does not exist any more'
    : `was dropped by sql-runner serve at ${released.at}, as the environment file asks for: it had used up its budget (${released.because})`;

/** That nobody reads it says nothing: the clone of another environment may not be connected yet. */
function slotOfOthers(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  slot: ReplicationSlot,
): Refusal {
  const exists = `replication slot ${slot.name} exists on ${contract.cluster.identifier}`;
  const taken: Pick<Refusal, 'code' | 'why'> = {
    code: 'SLOT_NAME_TAKEN',
    why: 'another consumer may read from it, now or later; sharing or dropping a slot loses changes for it',
  };
  const [namer] = namersOf(source, slot.name);
  if (namer !== undefined && namer.environment !== contract.environment)
    return { ...taken, seen: `${exists}, and is that of environment ${namer.environment}`, next: 'rename one of both' };
  if (namer !== undefined)
    return {
      ...taken,
      seen: `${exists}, and publication ${namer.publication} of ours names it, under a name that it did not have`,
      next: `in database ${namer.database} on the source: ALTER PUBLICATION ${quoteIdent(namer.publication)} RENAME TO ${quoteIdent(of.stream.publication)};`,
    };
  if (slot.database !== null && slot.database !== of.database)
    return {
      ...taken,
      seen: `${exists}, is of database ${slot.database}, and no publication that was read names it`,
      next: `rename the environment: whose slot it is was not looked at in database ${slot.database}, and an environment that replicates it may have made it`,
    };
  const drop = `SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`;
  if (of.subscriptionMark !== null && of.publication === null)
    return {
      code: 'SLOT_NAME_TAKEN',
      seen: `${exists}, our subscription of the clone reads it, and publication ${of.stream.publication} of ours, which named it, is gone`,
      why: 'what is written while the publication is gone cannot be sent, also once there is one of that name again',
      next: `once that slot is dropped, ${newClone(contract)}; in database ${of.database} on the source: ${drop}`,
    };
  return {
    ...taken,
    seen: `${exists}, and no publication of ours in its database names it`,
    next: `rename the environment; or, if nobody uses it, drop it in database ${of.database} on the source: ${drop}`,
  };
}

/** Whether it was made for a database that has another name by now, under which its publication names it. */
const isOfRenamed = ({ forgotten }: SourceObservation, slot: ReplicationSlot): boolean =>
  forgotten.some(({ database, stream }) => stream.slot === slot.name && database === slot.database);

/** Also where the database that has its name by now is a copy of it, with a publication whose mark names the slot. */
function slotOfRenamedDatabase(contract: SourceContract, { database }: StreamOf, slot: ReplicationSlot): Refusal {
  return {
    code: 'SLOT_NAME_TAKEN',
    seen: `replication slot ${slot.name} exists on ${contract.cluster.identifier} and is ours, of database ${slot.database}: that was renamed, and another database is named ${database} by now`,
    why: 'the changes of a database are in its own slot only; what reads this one would miss all that is written to the other',
    next: `what STREAM_FORGOTTEN says of database ${slot.database}`,
  };
}

/** Publications with a mark of ours that names the slot, of whichever environment, in the databases that were read. */
function namersOf(source: SourceObservation, slot: string) {
  return Object.entries(source.databases).flatMap(([database, { publications }]) =>
    publications.flatMap(({ name, comment }) => {
      const mark = parseMark(comment);
      if (mark?.kind !== 'publication' || mark.slot !== slot) return [];
      return [{ database, publication: name, environment: mark.environment }];
    }),
  );
}

/** Its subscription has nothing to go on from; see SLOT_LOST. */
export const hasNoSlot = ({ slot, mark }: StreamFacts): boolean =>
  slot === null ? mark?.ticket !== undefined : isLost(slot);

/** From then on nothing can be read from it, and it keeps no WAL. */
export const isLost = (slot: Pick<ReplicationSlot, 'walStatus' | 'invalidationReason'>): boolean =>
  slot.walStatus === 'lost' || slot.invalidationReason !== null;

function judgeSlot(contract: SourceContract, of: StreamFacts, slot: ReplicationSlot, unreachable: boolean): Proposal {
  if (isLost(slot)) {
    return block(lostSlot(contract, of, `is lost (${slot.invalidationReason ?? 'its WAL was removed'})`, unreachable));
  }
  if (!isOfOurKind(slot, of)) {
    return block({
      code: 'SLOT_MISMATCH',
      seen: `replication slot ${slot.name} is ${describeKind(slot)}; needed: logical, pgoutput, ${of.database}, neither temporary nor two-phase`,
      why: 'sql-runner never makes such a slot: a subscription could not read from it, or would get transactions that are prepared only',
      next: `drop it and run sql-runner apply ${contract.environment}, which says how to go on; in database ${slot.database ?? of.database} on the source: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`,
    });
  }
  return NOTHING;
}

/** As sql-runner makes them. A two-phase slot would send transactions when they are prepared, not when they commit. */
export function isOfOurKind(slot: ReplicationSlot, of: StreamOf): boolean {
  const logical = slot.slotType === 'logical' && slot.plugin === 'pgoutput' && slot.database === of.database;
  return logical && !slot.temporary && !slot.twoPhase;
}

function describeKind(slot: ReplicationSlot): string {
  const more = [slot.temporary ? ', temporary' : '', slot.twoPhase ? ', two-phase' : ''].join('');
  return `${slot.slotType}, plugin ${slot.plugin}, database ${slot.database}${more}`;
}

/** That one stream has ended is no reason to leave the others as they are: what its slot kept is gone either way. */
function lostSlot(contract: SourceContract, of: StreamFacts, what: string, unreachable: boolean): Refusal {
  const { environment, stacks } = contract;
  return {
    code: 'SLOT_LOST',
    ...(of.subscriptionMark !== null && !unreachable ? { stops: [] } : {}),
    seen: `replication slot ${of.stream.slot} on ${contract.cluster.identifier} ${what}`,
    why: 'the changes it held are gone; a new slot would start later and skip them silently',
    // A reset that still has a clone wants to take its subscriptions along.
    next: unreachable
      ? `no clone can follow it again, so bring this one back only for what was written to it alone: cdktf destroy ${stacks.target}, then sql-runner reset ${environment}, then cdktf deploy ${stacks.source}, then cdktf deploy ${stacks.target}, then sql-runner apply ${environment}`
      : newClone(contract),
  };
}

function createSlot(of: StreamOf): Change {
  return changeOf({
    address: { ...of.publisher, kind: 'slot', name: of.stream.slot },
    action: 'create',
    reason: 'keeps every change from now on; waits for transactions that are open',
    preview: [`SELECT pg_create_logical_replication_slot(${quoteLiteral(of.stream.slot)}, 'pgoutput');`],
    operation: {
      kind: 'create-slot',
      place: of.publisher,
      slot: of.stream.slot,
    },
  });
}

export function planSlotDrop(of: StreamFacts): Proposal {
  const { slot, mark } = of;
  if (slot === null || mark === null || mark.slot !== slot.name) return NOTHING;
  // The mark is in every copy of the database too.
  return slot.database === of.database ? propose([slotDrop(of)]) : NOTHING;
}

export function slotDrop(of: StreamOf): Change {
  return changeOf({
    address: { ...of.publisher, kind: 'slot', name: of.stream.slot },
    action: 'delete',
    reason: 'it would hold back WAL for a subscriber that is gone',
    preview: [
      `SELECT pg_drop_replication_slot(${quoteLiteral(of.stream.slot)});  -- once its subscription ${quoteIdent(of.stream.subscription)} has left`,
    ],
    operation: { kind: 'drop-slot', place: of.publisher, slot: of.stream.slot },
  });
}
