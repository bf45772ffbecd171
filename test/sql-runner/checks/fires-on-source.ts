import { surveyedSlot, surveyedTable } from '../support/surveys';
import { leaf, unconnected, open, oldPrepared, type Fires } from './provocations';

export const FIRES_ON_SOURCE: readonly Fires[] = [
  ['WAL_LEVEL_NOT_LOGICAL', 'warn', ({ source }) => (source.server.walLevel = 'replica'), 'apply demo --allow-reboot'],
  [
    'SOURCE_REBOOT_PENDING',
    'warn',
    ({ source }) => (source.cluster.parameterGroupStatus = 'pending-reboot'),
    'reboot-db-instance --db-instance-identifier writer-1',
  ],
  [
    'ENHANCED_REPLICATION_CHANGES',
    'block',
    ({ source }) => (source.groupParameters['aurora.enhanced_logical_replication'] = '1'),
    'back to 0',
  ],
  [
    'ENHANCED_REPLICATION_CHANGES',
    'block',
    ({ source }) => (source.aurora.enhancedLogicalReplication = 'on'),
    'back to 1',
  ],
  ['SOURCE_NOT_AVAILABLE', 'warn', ({ source }) => (source.cluster.status = 'stopped'), 'db-cluster-available'],
  [
    'ENGINE_TOO_OLD',
    'block',
    (world) => {
      unconnected(world);
      world.contract.cluster.engineVersion = '15.1';
    },
    '15.2',
  ],
  ['SOURCE_SENDERS_TOO_FEW', 'block', ({ source }) => (source.server.maxWalSenders = 0), 'max_wal_senders to 1'],
  ['SOURCE_SENDERS_TOO_FEW', 'block', ({ source }) => (source.slotlessSenders = 25), 'max_wal_senders to 26'],
  [
    'SOURCE_LOCKS_TOO_FEW',
    'block',
    (world) => {
      unconnected(world);
      world.source.slots = [];
      Object.assign(world.source.server, { maxLocksPerTransaction: 1, lockers: 3 });
    },
    'max_locks_per_transaction to 2 ',
  ],
  [
    'LIMIT_BELOW_USE',
    'warn',
    ({ source }) => (source.server.maxPreparedTransactions = 5),
    'max_prepared_transactions to 5',
  ],
  [
    'LIMIT_BELOW_USE',
    'block',
    (world) => {
      unconnected(world);
      world.source.server.maxPreparedTransactions = 5;
      world.source.prepared.push({ ...oldPrepared, ageSeconds: 1 });
    },
    'max_prepared_transactions to 5',
  ],
  [
    'LIMIT_BELOW_USE',
    'warn',
    ({ source, contract: { parameterGroup } }) => {
      parameterGroup.parameters.max_replication_slots = '1';
      source.origins = ['a', 'b'].map((name, index) => ({ id: index + 1, name }));
    },
    'max_replication_slots to 20',
  ],
  [
    'SOURCE_SLOTS_WITHOUT_RESERVE',
    'warn',
    ({ source }) => (source.server.maxReplicationSlots = 2),
    'max_replication_slots to 3',
  ],
  [
    'FULL_IDENTITY_UNMATCHABLE',
    'block',
    ({ source }) => source.databases.shop!.unmatchable.push({ ...leaf, column: 'at', type: 'point' }),
    'ALTER TABLE "parts"."orders_1" REPLICA IDENTITY DEFAULT;',
  ],
  [
    'FULL_IDENTITY_SLOW',
    'warn',
    ({ source }) =>
      source.databases.shop!.tables.push(surveyedTable('log', { replicaIdentity: 'f', estimatedRows: 10_000 })),
    'ALTER TABLE "public"."log" REPLICA IDENTITY DEFAULT;',
  ],
  [
    'UNLOGGED_TABLES',
    'warn',
    ({ source }) => source.databases.shop!.tables.push(surveyedTable('cache', { persistence: 'unlogged' })),
    'ALTER TABLE "public"."cache" SET LOGGED;',
  ],
  [
    'FULL_IDENTITY_INEXACT',
    'warn',
    ({ source }) => source.databases.shop!.inexact.push({ ...leaf, column: 'price', type: 'numeric' }),
    'ALTER TABLE "parts"."orders_1" REPLICA IDENTITY DEFAULT;',
  ],
  [
    'REPLICATION_NOT_ALLOWED',
    'block',
    ({ source }) => {
      source.slots = [];
      source.privileges.replicate = false;
    },
    'GRANT rds_replication TO "master";',
  ],
  [
    'REPLICATION_NOT_ALLOWED',
    'block',
    ({ source }) => {
      Object.assign(source, { slots: [], hasRdsReplication: false });
      Object.assign(source.privileges, { replicate: false, rdsSuperuser: false });
    },
    'ALTER ROLE "master" REPLICATION;',
  ],
  [
    'SOURCE_SCHEMA_CLOSED',
    'block',
    ({ source }) => source.databases.shop!.unusable.push('Private'),
    'GRANT USAGE ON SCHEMA "Private" TO "master";',
  ],
  [
    'SOURCE_TABLE_UNREADABLE',
    'warn',
    ({ source }) =>
      source.databases.shop!.unreadable.push({
        schema: 'public',
        name: 'orders',
        owner: 'app',
        selectMissing: true,
        forced: false,
      }),
    'GRANT SELECT ON TABLE "public"."orders" TO "master";',
  ],
  ['TLS_NOT_FORCED', 'warn', ({ source }) => (source.aurora.forceSsl = '0'), 'rds.force_ssl to 1'],
  [
    'LONG_TRANSACTION',
    'warn',
    ({ source }) => {
      source.slots = [];
      source.openWrites.push({ ...open, ageSeconds: 30 });
    },
    'pg_terminate_backend(99);',
  ],
  [
    'LONG_TRANSACTION',
    'warn',
    ({ source }) => {
      source.slots = [];
      source.openWrites.push({ ...open, ageSeconds: null });
    },
    'pg_terminate_backend(99);',
  ],
  [
    'PREPARED_TRANSACTION',
    'warn',
    (world) => {
      unconnected(world);
      world.source.prepared.push(oldPrepared);
    },
    `ROLLBACK PREPARED 'it''s';`,
  ],
  [
    'SLOT_WAL_LIMITED',
    'warn',
    ({ source }) => (source.server.maxSlotWalKeepSize = 1024),
    'max_slot_wal_keep_size to -1',
  ],
  ['SLOT_AT_RISK', 'warn', ({ source }) => (source.slots[0]!.walStatus = 'unreserved'), 'max_slot_wal_keep_size to -1'],
  ['SLOT_AT_RISK', 'block', ({ source }) => (source.slots[0]!.walStatus = 'lost'), 'make a new clone'],
  [
    'SLOT_WAL_GROWS',
    'warn',
    ({ source }) => (source.server.flushLsn = '3/30000000'),
    'sql-runner status demo shows the lag',
  ],
  [
    'SLOT_WAL_GROWS',
    'warn',
    ({ source }) => {
      source.server.flushLsn = '3/30000000';
      source.slots[0]!.active = false;
    },
    'sql-runner teardown demo',
  ],
  [
    'FOREIGN_SLOT_UNUSED',
    'warn',
    ({ source }) => source.slots.push(surveyedSlot("dms's", { active: false })),
    `pg_drop_replication_slot('dms''s');`,
  ],
  [
    'SOURCE_NEAR_WRAPAROUND',
    'warn',
    ({ source }) => (source.freezeAges[0]!.transactions = 1_000_000_000),
    'VACUUM (FREEZE);',
  ],
  [
    'SOURCE_NEAR_WRAPAROUND',
    'block',
    ({ source }) => (source.freezeAges[0]!.multixacts = 1_800_000_000),
    'VACUUM (FREEZE);',
  ],
  [
    'SEQUENCES_NOT_REPLICATED',
    'info',
    ({ source }) => (source.databases.shop!.unreplicated.sequences = 3),
    'sql-runner sequences demo',
  ],
  [
    'LARGE_OBJECTS_NOT_REPLICATED',
    'info',
    ({ source }) => (source.databases.shop!.unreplicated.largeObjects = 3),
    'sql-runner large-objects demo',
  ],
  [
    'MATERIALIZED_VIEWS_NOT_REPLICATED',
    'info',
    ({ source }) => (source.databases.shop!.unreplicated.materializedViews = 3),
    'sql-runner refresh demo',
  ],
  ['DATABASE_IDLE', 'info', ({ source }) => (source.databases.shop!.rowsWritten = 0), 'have a job write a row'],
];
