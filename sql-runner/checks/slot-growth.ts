import type { Finding } from '../engine/change';
import { compareLsn, lsnDistance } from '../postgres/lsn';
import { quoteLiteral } from '../postgres/quoting';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import type { SourceCheck } from './check';
import { allStreams } from './streams';
import type { SourceSurvey } from './survey';

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
        code: 'SLOT_WAL_LIMITED',
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
    if (server.idleSlotTimeout === null || /^0\D*$/.test(server.idleSlotTimeout)) return [];
    return [
      {
        code: 'SLOT_IDLE_LIMITED',
        severity: 'warn',
        seen: `idle_replication_slot_timeout of the source is ${server.idleSlotTimeout}`,
        why: 'a slot that nobody reads for longer, because the clone is stopped or is only being taken, is lost, and then only a new clone helps',
        next: `set idle_replication_slot_timeout to 0 in source.cluster.extraParameters of the environment file, then cdktf deploy ${contract.stacks.source}`,
      },
    ];
  },
};

/** Nearer to its limit than a tenth of it, or past it. */
const atRisk: SourceCheck = {
  code: 'SLOT_AT_RISK',
  holds: 'no slot of ours is about to be lost',
  side: 'source',
  run: (source, { contract }) => {
    const limit = source.server.maxSlotWalKeepSize * MEGABYTE;
    return ourSlots(source, contract)
      .filter((slot) => slot.walStatus === 'unreserved' || (slot.safeWalSize !== null && slot.safeWalSize < limit / 10))
      .map((slot) => ({
        code: 'SLOT_AT_RISK',
        severity: 'warn' as const,
        seen: `replication slot ${slot.name} is ${slot.walStatus}; ${megabytes(Math.max(slot.safeWalSize ?? 0, 0))} more of WAL and it is lost`,
        why: 'the changes it holds would be gone for good, and a new clone needed',
        next: `at once: set max_slot_wal_keep_size to -1 in source.cluster.extraParameters of the environment file and cdktf deploy ${contract.stacks.source}; then find out with sql-runner status ${contract.environment} why the clone is behind`,
      }));
  },
};

const retained: SourceCheck = {
  code: 'SLOT_WAL_GROWS',
  holds: 'no slot of ours holds back much WAL',
  side: 'source',
  run: (source, { contract }) =>
    ourSlots(source, contract)
      .map((slot) => ({ slot, bytes: heldBack(source, slot) }))
      .filter(({ bytes }) => bytes > MUCH_WAL)
      .map(({ slot, bytes }) => ({
        code: 'SLOT_WAL_GROWS',
        severity: 'warn' as const,
        seen: `replication slot ${slot.name} holds back ${megabytes(bytes)} of WAL${slot.active ? '' : ' and nobody reads it'}`,
        why: 'WAL is kept on the storage of production until the clone has confirmed it',
        next: slot.active
          ? `sql-runner status ${contract.environment} shows the lag; end long transactions on the source, and see that the database of the slot is written to now and then`
          : `sql-runner plan ${contract.environment} says what connects the clone; or give the environment up: sql-runner teardown ${contract.environment}`,
      })),
};

const unused: SourceCheck = {
  code: 'FOREIGN_SLOT_UNUSED',
  holds: 'no slot of others is left unread on the source',
  side: 'source',
  run: (source, { contract }) => {
    const ours = new Set(allStreams(contract).map((of) => of.stream.slot));
    return source.slots
      .filter((slot) => !ours.has(slot.name) && !slot.active && !slot.temporary && slot.restartLsn !== null)
      .map((slot) => ({
        code: 'FOREIGN_SLOT_UNUSED',
        severity: 'warn' as const,
        seen: `replication slot ${slot.name} is not of this environment; nobody reads it, and it holds back ${megabytes(heldBack(source, slot))} of WAL`,
        why: 'left alone it fills the storage of production; the clone inherits a copy of it',
        next: `once its owner says that it is not needed, on the source: SELECT pg_drop_replication_slot(${quoteLiteral(slot.name)});`,
        ...(TABLE_COPY.test(slot.name) ? ofTableCopy(slot.name) : {}),
      }));
  },
};

/** As a subscription, ours too, names the slots with which it copies tables (ReplicationSlotNameForTablesync in tablesync.c). */
const TABLE_COPY = /^pg_\d+_sync_\d+_\d+$/;

function ofTableCopy(name: string): Pick<Finding, 'seen' | 'next'> {
  return {
    seen: `replication slot ${name} belongs to the copy of a table by a subscription, ours or another; nobody reads it now`,
    next: 'nothing while the copy goes on: the subscription drops it then; if it stays, the log of the server with that subscription says why the copy fails',
  };
}

function ourSlots(source: SourceSurvey, contract: Parameters<typeof allStreams>[0]): ReplicationSlot[] {
  const ours = new Set(allStreams(contract).map((of) => of.stream.slot));
  return source.slots.filter((slot) => ours.has(slot.name));
}

function heldBack({ server }: SourceSurvey, slot: ReplicationSlot): number {
  const now = server.currentFlushLsn;
  if (now === null || slot.restartLsn === null || compareLsn(slot.restartLsn, now) >= 0) return 0;
  return Number(lsnDistance(slot.restartLsn, now));
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;

export const slotGrowthChecks = [limited, idle, atRisk, retained, unused];
