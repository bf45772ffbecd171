import { compareLsn, lsnDistance } from '../postgres/text/lsn';
import { quoteLiteral } from '../postgres/text/quoting';
import type { SourceContract } from '../../contract/contract';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { isCopySlot } from '../resources/fresh-clone/copy-slots';
import { isLost } from '../resources/replication-slot';
import type { Found, SourceCheck } from './check';
import { streamsOf, newClone } from '../model/streams';
import type { SourceSurvey } from '../model/survey';
import { overBudget } from './wal-budget';

const MEGABYTE = 1024 * 1024;
/** WAL that a slot may hold back before anybody needs to look. */
const MUCH_WAL = 10 * 1024 * MEGABYTE;

const limited: SourceCheck = {
  code: 'SLOT_WAL_LIMITED',
  holds: 'the source keeps WAL for a slot as long as it is needed',
  side: 'source',
  run: ({ server }, { contract }) => {
    if (server.maxSlotWalKeepSize < 0) return [];
    return [
      {
        severity: 'warn',
        seen: `max_slot_wal_keep_size of the source is ${server.maxSlotWalKeepSize} MB`,
        why: 'a slot that falls behind by more is lost, and then only a new clone helps; taking the clone alone can last that long',
        next: `set max_slot_wal_keep_size to -1 in source.cluster.extraParameters of the environment file, then cdktf deploy ${contract.stacks.source}`,
      },
    ];
  },
};

const idle: SourceCheck = {
  code: 'SLOT_IDLE_LIMITED',
  holds: 'the source keeps a slot however long the clone is away',
  side: 'source',
  run: ({ server }, { contract }) => {
    if (server.idleSlotTimeout === null || server.idleSlotTimeout.startsWith('0')) return [];
    return [
      {
        severity: 'warn',
        seen: `idle_replication_slot_timeout of the source is ${server.idleSlotTimeout}`,
        why: 'a slot that nobody reads for longer, because the clone is stopped or is only being taken, is lost, and then only a new clone helps',
        next: `set idle_replication_slot_timeout to 0 in source.cluster.extraParameters of the environment file, then cdktf deploy ${contract.stacks.source}`,
      },
    ];
  },
};

/**
 * A quarter of the limit is left, or half of it and nobody reads; or it is past it. Between reserved and lost lies one
 * checkpoint, so its state alone warns too late (GetWALAvailability in xlog.c).
 */
const atRisk: SourceCheck = {
  code: 'SLOT_AT_RISK',
  holds: 'no slot of ours that the source has is lost, or about to be',
  side: 'source',
  run: (source, { contract, unreachable }) => {
    const limit = source.server.maxSlotWalKeepSize * MEGABYTE;
    return ourSlots(source, contract)
      .filter((slot) => isLost(slot) || slot.walStatus === 'unreserved' || isNear(slot, limit))
      .map((slot) => ({
        severity: 'warn' as const,
        seen: `replication slot ${slot.name} is ${slot.walStatus}; ${megabytes(Math.max(slot.safeWalSize ?? 0, 0))} more of WAL and it is lost`,
        why: 'the changes it holds would be gone for good, and a new clone needed',
        next: `at once: set max_slot_wal_keep_size to -1 in source.cluster.extraParameters of the environment file and cdktf deploy ${contract.stacks.source}; then find out with sql-runner status ${contract.environment} why the clone is behind`,
        ...(isLost(slot) ? ofLost(slot, contract, unreachable) : {}),
      }));
  },
};

const isNear = ({ safeWalSize, active }: ReplicationSlot, limit: number): boolean =>
  safeWalSize !== null && safeWalSize < limit / (active ? 4 : 2);

/** The source needs no clone to know it. */
function ofLost(slot: ReplicationSlot, contract: SourceContract, unreachable = false): Omit<Found, 'code'> {
  return {
    severity: 'block',
    standing: true,
    seen: `replication slot ${slot.name} is lost: ${slot.invalidationReason ?? 'the source has removed WAL that it needs'}`,
    why: 'changes that the clone has not got are gone, and it can never follow again; production keeps no WAL for it any more',
    next: unreachable ? 'what SLOT_LOST says, as the clone cannot be reached' : newClone(contract),
  };
}

const retained: SourceCheck = {
  code: 'SLOT_WAL_GROWS',
  holds: 'no slot of ours holds back much WAL',
  side: 'source',
  run: (source, { contract }) =>
    [...ourSlots(source, contract), ...forgottenSlots(source)]
      .map((slot) => ({ slot, bytes: heldBack(source, slot) }))
      .filter(({ bytes }) => bytes > MUCH_WAL)
      .map(({ slot, bytes }) => ({
        severity: 'warn' as const,
        seen: `replication slot ${slot.name} holds back ${megabytes(bytes)} of WAL${slot.active ? '' : ' and nobody reads it'}`,
        why: 'WAL is kept on the storage of production until the clone has confirmed it',
        next: forgottenSlots(source).includes(slot)
          ? 'the environment does not name it any more: what STREAM_FORGOTTEN says'
          : slot.active
            ? `sql-runner status ${contract.environment} shows the lag; end long transactions on the source, and see that the database of the slot is written to now and then`
            : `sql-runner plan ${contract.environment} says what connects the clone; or give the environment up: sql-runner teardown ${contract.environment}`,
      })),
};

const budgeted: SourceCheck = {
  code: 'WAL_BUDGET_EXCEEDED',
  holds: 'no stream costs production more than the environment allows it',
  side: 'source',
  run: (source, { contract, streams }) =>
    streamsOf(contract).flatMap((of) => {
      const slot = source.slots.find(({ name }) => name === of.stream.slot);
      if (slot === undefined || isLost(slot)) return [];
      const cost = {
        unconfirmedBytes: unconfirmed(source.server, slot),
        unreadSeconds: streams?.looks[of.stream.subscription]?.last.reader?.unreadSeconds ?? null,
        lagSeconds: null,
      };
      return overBudget(contract, `the stream of database ${of.database}`, cost).map(({ seen, why, next }) => ({
        severity: 'warn' as const,
        seen,
        why,
        next,
      }));
    }),
};

const unused: SourceCheck = {
  code: 'FOREIGN_SLOT_UNUSED',
  // Those with which tables are copied: resources/fresh-clone/copy-slots.ts.
  holds: 'no slot of others is left unread on the source',
  side: 'source',
  run: (source, { contract }) => {
    const ours = [...ourSlots(source, contract), ...forgottenSlots(source)];
    return source.slots
      .filter(
        (slot) =>
          !ours.includes(slot) && !isCopySlot(slot.name) && !slot.active && !slot.temporary && slot.restartLsn !== null,
      )
      .map((slot) => ({
        severity: 'warn' as const,
        seen: `replication slot ${slot.name} is not of this environment; nobody reads it, and it holds back ${megabytes(heldBack(source, slot))} of WAL`,
        why: 'left alone it fills the storage of production; the clone inherits a copy of it',
        next: `once its owner says that it is not needed, on the source: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`,
      }));
  },
};

function ourSlots(source: SourceSurvey, contract: Parameters<typeof streamsOf>[0]): ReplicationSlot[] {
  const ours = new Set(streamsOf(contract).map((of) => of.stream.slot));
  return source.slots.filter((slot) => ours.has(slot.name));
}

/** Of streams that the environment names no more; production keeps WAL for them all the same. */
function forgottenSlots({ slots, forgotten = [] }: SourceSurvey): ReplicationSlot[] {
  const names = new Set(forgotten.map((of) => of.stream.slot));
  return slots.filter(({ name }) => names.has(name));
}

/** Bytes of WAL that a slot keeps on the source; 0 where that tells no position. */
export function heldBack({ server }: Pick<SourceSurvey, 'server'>, slot: ReplicationSlot): number {
  const now = server.flushLsn;
  if (now === null || slot.restartLsn === null || compareLsn(slot.restartLsn, now) >= 0) return 0;
  return Number(lsnDistance(slot.restartLsn, now));
}

/** Bytes of WAL that whoever reads the slot has not confirmed; null: it has no position, or nobody tells where WAL ends. */
export function unconfirmed(
  { flushLsn: now }: Pick<SourceSurvey['server'], 'flushLsn'>,
  { confirmedFlushLsn: confirmed }: Pick<ReplicationSlot, 'confirmedFlushLsn'>,
): number | null {
  if (now === null || confirmed === null) return null;
  return compareLsn(confirmed, now) >= 0 ? 0 : Number(lsnDistance(confirmed, now));
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;

export const slotGrowthChecks = [limited, idle, atRisk, budgeted, retained, unused];
