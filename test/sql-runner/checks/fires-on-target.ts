import { root, leaf, unconnected, type Fires } from './provocations';

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
  ['MAJOR_VERSIONS_DIFFER', 'info', ({ target }) => (target.server.versionNum = 180001), 'once it follows'],
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
    'SUBSCRIPTION_RETARGETED',
    'block',
    ({ target }) => target.databases.shop!.subscriptions[0]!.publications.push('another'),
    'ALTER SUBSCRIPTION "acas_demo_shop" SET PUBLICATION "acas_demo_shop" WITH (refresh = false);',
  ],
  [
    'SUBSCRIPTION_COMMITS_SLOWLY',
    'warn',
    ({ target }) => (target.databases.shop!.subscriptions[0]!.synchronousCommit = 'on'),
    'SET (synchronous_commit = off);',
  ],
  [
    'SUBSCRIPTION_DISABLES_ITSELF',
    'warn',
    ({ target }) => (target.databases.shop!.subscriptions[0]!.disableOnError = true),
    'SET (disable_on_error = false);',
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
        enabled: 'R',
      }),
    'ALTER TABLE "parts"."orders_1" DISABLE TRIGGER "Audit";',
  ],
  [
    'ROW_SECURITY_STOPS_APPLY',
    'block',
    ({ target }) => target.databases.shop!.rowSecurity.push({ ...leaf, owner: 'app' }),
    'ALTER TABLE "parts"."orders_1" NO FORCE ROW LEVEL SECURITY;',
  ],
  [
    'TABLE_NOT_APPLIABLE',
    'block',
    ({ target }) => target.databases.shop!.notAppliable.push({ ...leaf, owner: 'app' }),
    'GRANT "app" TO "master";',
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
