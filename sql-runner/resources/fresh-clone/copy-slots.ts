import { subscriptionMark, subscriptionOf } from '../../model/stream-state';
import type { SourceContract } from '../../../contract/contract';
import { changeOf, propose, type Finding, type Proposal } from '../../model/change';
import type { Observation, SourceObservation, TargetObservation } from '../../model/observation';
import type { ReplicationSlot } from '../../postgres/catalog/slots';
import { quoteLiteral } from '../../postgres/text/quoting';
import { renamedOf } from '../renamed-subscription';
import type { StreamOf } from '../../model/streams';

/**
 * A slot with which a subscription copies a table has the oids of both in its name (ReplicationSlotNameForTablesync in
 * tablesync.c; before 14 it is temporary). The subscription drops it, unless it is interrupted there or cannot log in.
 */
const NAME = /^pg_(\d+)_sync_(\d+)_\d+$/;

export const isCopySlot = (name: string): boolean => NAME.test(name);

interface CopySlot {
  readonly slot: ReplicationSlot;
  readonly database: string;
  readonly subscription: number;
  readonly table: number;
}

function copySlots({ slots }: SourceObservation): CopySlot[] {
  return slots.flatMap((slot) => {
    const name = NAME.exec(slot.name);
    if (name === null || slot.temporary || slot.plugin !== 'pgoutput' || slot.database === null) return [];
    return [{ slot, database: slot.database, subscription: Number(name[1]), table: Number(name[2]) }];
  });
}

/**
 * The names of the slots in a database by which somebody subscribes to it: two clones of one cluster have the same oids.
 * By which publications a slot sends, only its subscriber says.
 */
export function subscribers(
  { links }: SourceContract,
  source: SourceObservation,
  database: string,
): { readonly all: readonly string[]; readonly others: readonly string[] } {
  const streams = [...links.flatMap((link) => link.streams), ...source.forgotten.map(({ stream }) => stream)];
  const ours = new Set(streams.map(({ slot }) => slot));
  const all = source.slots
    .filter((slot) => slot.database === database && slot.plugin === 'pgoutput')
    .filter((slot) => !slot.temporary && !isCopySlot(slot.name))
    .map(({ name }) => name);
  return { all, others: all.filter((name) => !ours.has(name)) };
}

/** Teardown and reset, after the subscriptions: what these had left to copy, where nobody else can have made the slot. */
export function planCopySlotsDrop(
  contract: SourceContract,
  { source, target }: Observation,
  streams: readonly StreamOf[],
): Proposal {
  const doomed = copySlots(source).filter((copy) => isDoomed(contract, source, target, streams, copy));
  return propose(
    doomed.map(({ slot, database }) =>
      changeOf({
        address: { side: 'source', database, kind: 'copy-slot', name: slot.name },
        action: 'delete',
        reason: 'a subscription that is dropped was copying a table with it, and may not be able to drop it itself',
        preview: [`SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});  -- where the subscription has not`],
        operation: { kind: 'drop-slot', place: { side: 'source', database }, slot: slot.name },
      }),
    ),
  );
}

function isDoomed(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation | null,
  streams: readonly StreamOf[],
  { database, subscription }: CopySlot,
): boolean {
  if (target === null || target.isSourceServer || subscribers(contract, source, database).others.length > 0)
    return false;
  return streams.some((of) => {
    if (of.database !== database) return false;
    return [subscriptionOf(target, of), ...renamedOf(contract, target, of)].some(
      (ours) => ours?.oid === subscription && subscriptionMark(contract, ours) !== null,
    );
  });
}

/**
 * Those that nobody reads. What is said how to drop can be of no use to anybody any more; of the others is said what is
 * not known.
 * @param ends the plan ends every stream of ours: then its own drops are left out
 */
export function findCopySlots(
  contract: SourceContract,
  { source, target }: Observation,
  streams: readonly StreamOf[],
  ends: boolean,
): Finding[] {
  return copySlots(source)
    .filter((copy) => !copy.slot.active && !(ends && isDoomed(contract, source, target, streams, copy)))
    .map((copy) => {
      const { slot, database, subscription } = copy;
      const { whose, use } = judge(contract, { source, target }, copy, ends);
      const common: Omit<Finding, 'next'> = {
        code: 'TABLE_COPY_SLOT_LEFT',
        severity: 'warn',
        seen: `replication slot ${slot.name} in database ${database} on the source is for the copy of a table by the subscription with oid ${subscription}, and nobody reads it; ${whose}`,
        why: 'it keeps WAL on production until it is dropped, and nobody may ever do that',
      };
      if (use === 'none')
        return {
          ...common,
          next: `it is of no use to anybody any more, in database ${database} on the source: SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ${quoteLiteral(slot.name)} AND NOT active;`,
        };
      return use === 'copying'
        ? {
            ...common,
            next: `nothing while the copy goes on, for the subscription drops it then; sql-runner doctor ${contract.environment} says of a copy that fails (TABLE_NOT_COPIED)`,
          }
        : {
            ...common,
            next: `ask who subscribes to database ${database} whether a subscription of theirs has that oid in pg_subscription; if none has, the slot can be dropped with pg_drop_replication_slot`,
          };
    });
}

interface Judgement {
  readonly whose: string;
  readonly use: 'none' | 'copying' | 'unknown';
}

function judge(
  contract: SourceContract,
  { source, target }: Pick<Observation, 'source' | 'target'>,
  { database, subscription, table }: CopySlot,
  ends: boolean,
): Judgement {
  const unknown = (because: string): Judgement => ({
    whose: `it is not known whose that is: ${because}`,
    use: 'unknown',
  });
  if (!contract.links.some((link) => link.database === database))
    return unknown('the database is not of this environment');
  const { all, others } = subscribers(contract, source, database);
  if (others.length > 0) return unknown('others have slots in the database as well');
  if (target === null)
    return ends || all.length === 0
      ? { whose: 'nobody but this environment has a slot in the database', use: 'none' }
      : unknown('no clone was looked at');
  const found = target.subscriptions.find(({ oid }) => oid === subscription);
  if (found === undefined)
    return { whose: 'no subscription of the clone has it, and nobody else has a slot in the database', use: 'none' };
  if (found.database !== database || subscriptionMark(contract, found) === null)
    return unknown(`subscription ${found.name} of the clone has that oid and is not ours`);
  // Until all of it is there; see SubscriptionRelation.
  const copying = target.databases[database]?.taken?.some(
    (one) => one.subscription === found.name && one.table === table && one.state !== 'r',
  );
  return copying
    ? { whose: `that is ${found.name}, which has not copied the table yet`, use: 'copying' }
    : { whose: `that is ${found.name}, which needs it no more`, use: 'none' };
}
