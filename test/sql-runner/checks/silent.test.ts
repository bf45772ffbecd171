import { surveyedSlot, surveyedTable } from '../support/surveys';
import { SILENT_ON_PRODUCTION } from './fires-on-production';
import { SILENT_ON_INHERITED } from './fires-on-inherited';
import { after, definition, foreignKey, leaf, sent, unconnected, open, oldPrepared, type Edit } from './provocations';

const SILENT: readonly (readonly [string, Edit])[] = [
  ...SILENT_ON_INHERITED,
  ...SILENT_ON_PRODUCTION,
  ['a healthy environment', () => undefined],
  ['a role that is not made yet', (world) => (unconnected(world), (world.source.role = null))],
  [
    'a database that lets nobody in, for a role that is not made yet',
    (world) => {
      unconnected(world);
      world.source.role = null;
      world.source.databases.shop!.connectGrant.mayConnect = false;
    },
  ],
  ['a backup in progress', ({ source }) => (source.cluster.status = 'backing-up')],
  [
    'the very first version with the function',
    (world) => (unconnected(world), (world.contract.cluster.engineVersion = '13.6')),
  ],
  ['every major from 16 on', (world) => (unconnected(world), (world.contract.cluster.engineVersion = '16.1'))],
  ['an old engine whose clone follows already', (world) => (world.contract.cluster.engineVersion = '15.1')],
  [
    'sizes of a group that is still to be attached',
    ({ contract: { parameterGroup }, source }) => {
      Object.assign(parameterGroup.parameters, { max_wal_senders: '25', max_replication_slots: '20' });
      Object.assign(source.cluster, { parameterGroup: 'default.aurora-postgresql17' });
      source.groupParameters = {};
      Object.assign(source.server, { maxWalSenders: 0, maxReplicationSlots: 0 });
    },
  ],
  ['exactly as many senders as are needed', ({ source }) => (source.server.maxWalSenders = 1)],
  ['exactly as many slots as are needed', ({ source }) => (source.server.maxReplicationSlots = 3)],
  ['a connection for each stream', ({ source }) => (source.role!.connectionLimit = 1)],
  [
    'problems of tables that no stream takes',
    ({ contract: { links }, source, target }) => {
      links[0]!.streams[0]!.selection = { kind: 'tables', tables: [{ schema: 'public', name: 'customers' }] };
      target.databases.shop!.taken = [];
      const shop = source.databases.shop!;
      shop.unmatchable.push({ ...leaf, column: 'at', type: 'point' });
      shop.inexact.push({ ...leaf, column: 'price', type: 'numeric' });
      shop.unreadable.push({ schema: 'public', name: 'orders', owner: 'app', selectMissing: true, forced: false });
      shop.unusable.push('private');
      shop.tables.push(
        surveyedTable('cache', { persistence: 'unlogged' }),
        surveyedTable('log', { replicaIdentity: 'f' }),
      );
      target.databases.shop!.rowSecurity.push({ ...leaf, owner: 'app' });
      target.databases.shop!.notAppliable.push({ ...leaf, owner: 'app' });
      target.databases.shop!.triggers.push({
        ...leaf,
        table: 'orders_1',
        name: 'audit',
        mode: 'always',
        beforeRow: true,
      });
      target.databases.shop!.foreignKeys.push(foreignKey);
    },
  ],
  [
    'a small table with its full rows as identity',
    ({ source }) =>
      source.databases.shop!.tables.push(surveyedTable('log', { replicaIdentity: 'f', estimatedRows: 9_999 })),
  ],
  [
    'a long transaction when no slot is to be made',
    ({ source }) => source.openWrites.push({ ...open, ageSeconds: 900 }),
  ],
  [
    'a short transaction while slots are to be made',
    ({ source }) => {
      source.slots = [];
      source.openWrites.push({ ...open, ageSeconds: 29 });
    },
  ],
  ['a prepared transaction once the clone follows', ({ source }) => source.prepared.push(oldPrepared)],
  [
    'a prepared transaction that is young',
    (world) => {
      unconnected(world);
      world.source.prepared.push({ ...oldPrepared, ageSeconds: 29 });
    },
  ],
  ['a server that is not RDS', ({ source }) => (source.aurora = { enhancedLogicalReplication: null, forceSsl: null })],
  ['a slot of others that is read', ({ source }) => source.slots.push(surveyedSlot('dms'))],
  [
    'a slot of others that holds nothing',
    ({ source }) => source.slots.push(surveyedSlot('dms', { active: false, restartLsn: null })),
  ],
  ['10 GB of WAL', ({ source }) => (source.server.flushLsn = '2/AF000000')],
  ['a slot that the clone made itself', ({ target }) => target.slots.push(surveyedSlot('reports', { active: false }))],
  [
    'a slot of the same name as on the source that has moved on',
    ({ source, target }) => target.slots.push({ ...source.slots[0]!, active: false, restartLsn: '0/2FFFFFFF' }),
  ],
  [
    'a foreign key within what is replicated',
    ({ target: { databases } }) => {
      const { foreignKeys, taken } = databases.shop!;
      foreignKeys.push({ ...foreignKey, unlogged: false });
      taken.push({ schema: 'public', name: 'lines', subscription: 'acas_demo_shop', table: 700, state: 'r' });
    },
  ],
  ['no right to make slots when none is to be made', ({ source }) => (source.privileges.replicate = false)],
  [
    'no right to subscribe when every subscription is there',
    ({ target }) => {
      Object.assign(target.privileges, { subscribe: false, rdsSuperuser: false });
      target.databases.shop!.privileges.create = false;
    },
  ],
  [
    'a superuser, who needs no grants',
    ({ source }) => Object.assign(source.privileges, { superuser: true, createRoles: false, manageRole: false }),
  ],
  [
    'no right to grant rds_replication to a role that has it',
    ({ source }) => (source.privileges.grantReplication = false),
  ],
  [
    'a published table that both sides have alike',
    ({ source, target }) => {
      source.databases.shop!.sent.push(sent);
      source.databases.shop!.definitions.push(definition);
      target.databases.shop!.definitions.push(definition);
      target.databases.shop!.taken.push({ ...sent, subscription: 'acas_demo_shop', table: 700, state: 'r' });
    },
  ],
  [
    "what is sent by somebody else's publication",
    ({ source }) => source.databases.shop!.sent.push({ ...sent, publication: 'other' }),
  ],
  ['a billion transactions less one', ({ source }) => (source.freezeAges[0]!.transactions = 999_999_999)],
];

test.each(SILENT)('nothing is found in %s', (_, change) => {
  expect(after(change)).toEqual([]);
});

test('a change of enhanced replication invalidates no slot that is made after the restart', () => {
  const change = (walLevel: string) =>
    after(({ source }) => {
      source.groupParameters['aurora.enhanced_logical_replication'] = '1';
      source.slots = [];
      source.server.walLevel = walLevel;
    });
  expect(change('replica')).toMatchObject([{ code: 'WAL_LEVEL_NOT_LOGICAL' }]);
  expect(change('logical')).toMatchObject([
    { code: 'ENHANCED_REPLICATION_CHANGES', why: expect.stringMatching(/every logical slot: acas_demo_shop$/) },
  ]);
});
