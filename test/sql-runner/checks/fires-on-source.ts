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
    'SOURCE_SLOTS_WITHOUT_RESERVE',
    'warn',
    ({ source }) => (source.server.maxReplicationSlots = 2),
    'max_replication_slots to 3',
  ],
  [
    'ROLE_CONNECTIONS_TOO_FEW',
    'block',
    ({ source }) => (source.role!.connectionLimit = 0),
    'ALTER ROLE "acas_demo" CONNECTION LIMIT -1;',
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
    'warn',
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
      source.slots = [];
      Object.assign(source.privileges, { replicate: false, rdsSuperuser: false, hasRdsReplication: false });
    },
    'ALTER ROLE "master" REPLICATION;',
  ],
  [
    'ROLE_NOT_MANAGEABLE',
    'block',
    ({ source }) => {
      Object.assign(source.privileges, { rdsSuperuser: false, createRoles: false, manageRole: false });
    },
    'ALTER ROLE "master" CREATEROLE; GRANT "acas_demo" TO "master" WITH ADMIN OPTION;',
  ],
  [
    'ROLE_NOT_MANAGEABLE',
    'warn',
    ({ source }) => {
      source.role = null;
      source.privileges.grantReplication = false;
    },
    'GRANT rds_replication TO "master" WITH ADMIN OPTION;',
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
  [
    'ROLE_CANNOT_REPLICATE',
    'block',
    ({ source }) => Object.assign(source.role!, { canLogin: false, memberOfRdsReplication: false }),
    'ALTER ROLE "acas_demo" LOGIN; GRANT rds_replication TO "acas_demo";',
  ],
  [
    'ROLE_CANNOT_REPLICATE',
    'warn',
    (world) => {
      unconnected(world);
      world.source.role!.canLogin = false;
    },
    'as apply does',
  ],
  ['ROLE_NEEDS_IAM', 'block', ({ source }) => (source.role!.memberOfRdsIam = true), 'REVOKE rds_iam FROM "acas_demo";'],
  [
    'ROLE_PASSWORD_EXPIRES',
    'block',
    ({ source }) => (source.role!.passwordExpires = '2030-01-01T00:00:00Z'),
    `VALID UNTIL 'infinity';`,
  ],
  [
    'ROLE_PASSWORD_EXPIRES',
    'block',
    ({ source }) => Object.assign(source.role!, { passwordExpires: '2020-01-01T00:00:00Z', passwordExpired: true }),
    `VALID UNTIL 'infinity';`,
  ],
  ['ROLE_TOO_POWERFUL', 'warn', ({ source }) => (source.role!.allPowerful = true), 'REVOKE rds_superuser'],
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
  [
    'SLOT_WAL_GROWS',
    'warn',
    ({ source }) => (source.server.currentFlushLsn = '3/30000000'),
    'sql-runner status demo shows the lag',
  ],
  [
    'SLOT_WAL_GROWS',
    'warn',
    ({ source }) => {
      source.server.currentFlushLsn = '3/30000000';
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
  ['SEQUENCES_NOT_REPLICATED', 'info', ({ source }) => (source.databases.shop!.unreplicated.sequences = 3), 'setval()'],
  [
    'LARGE_OBJECTS_NOT_REPLICATED',
    'info',
    ({ source }) => (source.databases.shop!.unreplicated.largeObjects = 3),
    'bytea',
  ],
  [
    'MATERIALIZED_VIEWS_NOT_REPLICATED',
    'info',
    ({ source }) => (source.databases.shop!.unreplicated.materializedViews = 3),
    'have a job of the clone refresh',
  ],
  ['DATABASE_IDLE', 'info', ({ source }) => (source.databases.shop!.rowsWritten = 0), 'have a job write a row'],
];
