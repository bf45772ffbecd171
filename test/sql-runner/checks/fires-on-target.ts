import { surveyedTable } from '../support/surveys';
import { UNIDENTIFIED } from '../support/tables';
import { definition, foreignKey, leaf, root, sent, unconnected, type Edit, type Fires } from './provocations';

const table = { schema: 'public', name: 'orders' };
/** The clone publishes a table that it takes. */
export const publishing =
  (orders: Parameters<typeof surveyedTable>[1], name = 'acas_demo_shop'): Edit =>
  ({ target }) => {
    target.databases.shop!.tables.push(surveyedTable('orders', orders));
    const whole = { comment: null, allTables: false, publishesEverything: true, sendsChanges: true, schemas: [] };
    target.databases.shop!.publications.push({ ...whole, name, tables: [table] });
  };
const notYetTaken: Edit = (world) => {
  publishing(UNIDENTIFIED)(world);
  Object.assign(world.target.databases.shop!, { subscriptionOptions: [], taken: [] });
};

export const FIRES_ON_TARGET: readonly Fires[] = [
  [
    'TARGET_REBOOT_PENDING',
    'warn',
    ({ target }) => (target.cluster.parameterGroupStatus = 'pending-reboot'),
    'reboot-db-instance --db-instance-identifier clone-1',
  ],
  [
    'MAJOR_VERSIONS_DIFFER',
    'block',
    (world) => {
      unconnected(world);
      world.target.server.versionNum = 180001;
    },
    'cdktf deploy demo-target',
  ],
  ['MAJOR_VERSIONS_DIFFER', 'info', ({ target }) => (target.server.versionNum = 180001), 'upgraded on purpose'],
  ['TARGET_WORKERS_WITHOUT_RESERVE', 'warn', ({ target }) => (target.server.maxLogicalReplicationWorkers = 2), 'to 3'],
  ['TARGET_PROCESSES_SHARED', 'warn', ({ target }) => (target.server.maxWorkerProcesses = 20), 'to 21'],
  [
    'TARGET_ORIGINS_TOO_FEW',
    'block',
    ({ target }) => (target.server.maxActiveReplicationOrigins = 0),
    'max_active_replication_origins to 1',
  ],
  [
    'TARGET_ORIGINS_TOO_FEW',
    'block',
    (world) => {
      unconnected(world);
      Object.assign(world.target.server, { maxReplicationSlots: 1 });
    },
    'max_replication_slots to 2',
  ],
  [
    'TRIGGERS_FIRE_ON_APPLY',
    'warn',
    ({ target }) =>
      target.databases.shop!.triggers.push({
        ...root,
        schema: 'parts',
        table: 'orders_1',
        name: 'Audit',
        mode: 'replica',
        beforeRow: false,
      }),
    'ALTER TABLE ONLY "parts"."orders_1" ENABLE TRIGGER "Audit";',
  ],
  [
    'TRIGGERS_FIRE_ON_APPLY',
    'block',
    ({ target }) =>
      target.databases.shop!.triggers.push({
        ...root,
        schema: 'parts',
        table: 'orders_1',
        name: 'Mask',
        mode: 'always',
        beforeRow: true,
      }),
    'ALTER TABLE ONLY "parts"."orders_1" ENABLE TRIGGER "Mask";',
  ],
  [
    'ROW_SECURITY_STOPS_APPLY',
    'block',
    ({ target }) => target.databases.shop!.rowSecurity.push({ ...leaf, owner: 'app' }),
    'ALTER TABLE "parts"."orders_1" NO FORCE ROW LEVEL SECURITY;',
  ],
  ['CLONE_REFUSES_CHANGES', 'block', publishing(UNIDENTIFIED), 'ALTER TABLE "public"."orders" REPLICA IDENTITY FULL;'],
  [
    'CLONE_REFUSES_CHANGES',
    'block',
    publishing({ ...UNIDENTIFIED, rowsIdentify: false }, 'theirs'),
    'ALTER PUBLICATION "theirs" DROP TABLE ONLY "public"."orders";',
  ],
  [
    'CLONE_REFUSES_CHANGES',
    'block',
    publishing({ ...UNIDENTIFIED, rowsIdentify: false }),
    'on the clone, give public.orders a unique index over NOT NULL columns',
  ],
  ['CLONE_REFUSES_CHANGES', 'block', notYetTaken, 'ALTER TABLE "public"."orders" REPLICA IDENTITY FULL;'],
  [
    'TABLE_NOT_APPLIABLE',
    'block',
    ({ target }) => target.databases.shop!.notAppliable.push({ ...leaf, owner: 'app' }),
    'GRANT "app" TO "master" WITH SET TRUE;',
  ],
  [
    'SUBSCRIPTION_NOT_ALLOWED',
    'block',
    (world) => {
      unconnected(world);
      Object.assign(world.target.privileges, { subscribe: false, rdsSuperuser: false });
      world.target.databases.shop!.privileges.create = false;
    },
    'GRANT pg_create_subscription TO "master" WITH INHERIT TRUE; GRANT CREATE ON DATABASE "shop" TO "master";',
  ],
  [
    'SUBSCRIPTION_NOT_ALLOWED',
    'block',
    (world) => {
      unconnected(world);
      world.source.server.versionNum = world.target.server.versionNum = 150004;
      Object.assign(world.target.privileges, { subscribe: false, rdsSuperuser: false });
    },
    'GRANT rds_superuser TO "master";',
  ],
  [
    'ORIGIN_NOT_ALLOWED',
    'warn',
    ({ target }) => target.databases.shop!.privileges.deniedOriginFunctions.push('pg_replication_origin_drop(text)'),
    'GRANT EXECUTE ON FUNCTION pg_replication_origin_drop(text) TO "master";',
  ],
  [
    'ORIGIN_NOT_ALLOWED',
    'block',
    ({ source, target }) => {
      source.server.versionNum = target.server.versionNum = 130006;
      target.privileges.rdsSuperuser = false;
      target.databases.shop!.privileges.deniedOriginFunctions.push('pg_replication_origin_drop(text)');
    },
    'GRANT rds_superuser TO "master";',
  ],
  [
    'SEED_LSN_NOT_ALLOWED',
    'block',
    (world) => {
      unconnected(world);
      world.target.databases.shop!.privileges.readSeed = false;
    },
    'GRANT EXECUTE ON FUNCTION aurora_volume_logical_start_lsn() TO "master";',
  ],
  [
    'TARGET_SCHEMA_CLOSED',
    'block',
    ({ target }) => target.databases.shop!.unusable.push('Private'),
    'GRANT USAGE ON SCHEMA "Private" TO "master";',
  ],
  [
    'TARGET_TABLE_UNREADABLE',
    'warn',
    ({ target }) =>
      target.databases.shop!.unreadable.push({ ...table, owner: 'app', selectMissing: false, forced: true }),
    'ALTER TABLE "public"."orders" NO FORCE ROW LEVEL SECURITY;',
  ],
  [
    'TARGET_TABLE_UNREADABLE',
    'warn',
    ({ target }) =>
      target.databases.shop!.unreadable.push({ ...table, owner: 'app', selectMissing: false, forced: false }),
    'GRANT "app" TO "master" WITH INHERIT TRUE;',
  ],
  [
    'TABLE_NOT_ON_CLONE',
    'block',
    ({ source }) => {
      source.databases.shop!.sent.push(sent);
      source.databases.shop!.definitions.push(definition);
    },
    'CREATE TABLE "parts"."orders_9" PARTITION OF "public"."orders" FOR VALUES IN (9);',
  ],
  [
    'TABLE_NOT_ON_CLONE',
    'block',
    ({ source }) => source.databases.shop!.sent.push({ ...sent, partition: null }),
    'sql-runner reset demo',
  ],
  [
    'TABLE_NOT_SUBSCRIBED',
    'block',
    ({ source, target }) => {
      source.databases.shop!.sent.push(sent);
      target.databases.shop!.definitions.push(definition);
      target.databases.shop!.taken.push({ ...sent, subscription: 'other', table: 799, state: 'r' });
    },
    'ALTER SUBSCRIPTION "acas_demo_shop" REFRESH PUBLICATION WITH (copy_data = true);',
  ],
  [
    'TABLE_NOT_COPIED',
    'block',
    ({ source, target }) => {
      source.databases.shop!.sent.push(sent);
      target.databases.shop!.definitions.push(definition);
      target.databases.shop!.taken.push({ ...sent, subscription: 'acas_demo_shop', table: 700, state: 'd' });
    },
    'GRANT SELECT ON "parts"."orders_9" TO "acas_demo";',
  ],
  [
    'TRUNCATE_STOPS_APPLY',
    'warn',
    ({ target }) => target.databases.shop!.foreignKeys.push(foreignKey),
    'ALTER TABLE "public"."lines" DROP CONSTRAINT "of order";',
  ],
  [
    'TRUNCATE_STOPS_APPLY',
    'warn',
    ({ contract: { links }, target }) => {
      links[0]!.streams[0]!.selection = { kind: 'tables', tables: [foreignKey.referenced] };
      target.databases.shop!.foreignKeys.push({ ...foreignKey, unlogged: false });
    },
    'DROP CONSTRAINT "of order";',
  ],
  [
    'SUBSCRIPTION_OPTIONS_HIDDEN',
    'info',
    ({ target }) => (target.databases.shop!.subscriptionOptions[0]!.values.synchronous_commit = null),
    'GRANT SELECT (oid, subsynccommit) ON pg_subscription TO "master";',
  ],
  [
    'INHERITED_SLOT_LEFT',
    'warn',
    ({ source, target }) => target.slots.push({ ...source.slots[0]!, active: false }),
    `pg_drop_replication_slot('acas_demo_shop');`,
  ],
  [
    'INHERITED_SLOT_LEFT',
    'info',
    (world) => {
      unconnected(world);
      world.target.slots.push({ ...world.source.slots[0]!, active: false });
    },
    'sql-runner apply demo drops it',
  ],
  [
    'TARGET_NEAR_WRAPAROUND',
    'block',
    ({ target }) => target.freezeAges.push({ database: 'shop', transactions: 2e9, multixacts: 0 }),
    'VACUUM (FREEZE);',
  ],
];
