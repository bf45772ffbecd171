import { openWriteTransactions, preparedTransactions } from '../../../sql-runner/postgres/catalog/activity';
import { originName, originState, replicationOrigins } from '../../../sql-runner/postgres/catalog/origins';
import { publications, publishedTables } from '../../../sql-runner/postgres/catalog/publications';
import { roleExists, roles } from '../../../sql-runner/postgres/catalog/roles';
import { seedFunctionExists, seedLsn } from '../../../sql-runner/postgres/catalog/seed';
import { currentFlushLsn, databaseNames, serverFacts } from '../../../sql-runner/postgres/catalog/server';
import { confirmedFlushLsn, replicationSlots } from '../../../sql-runner/postgres/catalog/slots';
import {
  subscriptionRelations,
  subscriptions,
  subscriptionStats,
} from '../../../sql-runner/postgres/catalog/subscriptions';
import { catalogTables } from '../../../sql-runner/postgres/catalog/tables';
import { compareLsn } from '../../../sql-runner/postgres/text/lsn';
import type { Session } from '../../../sql-runner/postgres/session';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from './sessions';

const WHOLE = { filter: null, form: null };
let test: TestCluster;
/** As a member of rds_superuser who is no superuser: all that is read must be readable on Aurora. */
let session: Session;
const READER = { user: 'reader', password: 'secret' };

const SETUP = `
  CREATE SCHEMA "Été";
  CREATE TABLE "Été"."My Table" (id int PRIMARY KEY, b text);
  CREATE TABLE public.bare (id int);
  CREATE UNLOGGED TABLE public.fleeting (id int PRIMARY KEY);
  CREATE TABLE public.by_index (code text NOT NULL UNIQUE);
  ALTER TABLE public.by_index REPLICA IDENTITY USING INDEX by_index_code_key;
  CREATE TABLE public.parts (id int) PARTITION BY RANGE (id);
  CREATE TABLE public.parts_1 PARTITION OF public.parts (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (10);
  CREATE TABLE public.parts_2 PARTITION OF public.parts FOR VALUES FROM (10) TO (20);
  INSERT INTO "Été"."My Table" SELECT g, 'x' FROM generate_series(1, 1000) g;
  INSERT INTO public.parts SELECT g FROM generate_series(0, 19) g;
  ANALYZE "Été"."My Table"; ANALYZE public.parts;
  CREATE PUBLICATION named FOR TABLE "Été"."My Table" ${from(15) ? '(id) WHERE (id > 5)' : ''}, public.parts WITH (publish_via_partition_root, publish = 'insert');
  COMMENT ON PUBLICATION named IS 'marked';
  CREATE SUBSCRIPTION sub CONNECTION 'host=localhost password=hidden' PUBLICATION named WITH (connect = false, slot_name = 'slot_1');
  COMMENT ON SUBSCRIPTION sub IS 'also marked';
  CREATE ROLE plain; GRANT rds_replication TO plain; COMMENT ON ROLE plain IS 'a role';
  CREATE ROLE reader LOGIN PASSWORD 'secret' IN ROLE rds_superuser;`;

beforeAll(async () => {
  test = await startTestCluster({
    databases: ['shop', 'other'],
    parameters: { wal_level: 'logical', max_prepared_transactions: '5' },
  });
  const setup = await test.connect('shop');
  await setup.query(SETUP);
  const admin = await test.cluster.adminClient('shop');
  await admin.query(`CREATE PUBLICATION of_schema FOR ${from(15) ? 'TABLES IN SCHEMA "Été"' : 'ALL TABLES'}`);
  await admin.end();
  await setup.query(`SELECT pg_create_logical_replication_slot('slot_1', 'pgoutput')`);
  session = await openSession({ ...targetOf(test, 'shop'), ...READER });
});

afterAll(async () => {
  await session?.close();
  await test?.stop();
});

it('reads the server', async () => {
  const facts = await serverFacts(session);
  expect(facts).toMatchObject({
    versionNum: session.serverVersionNum,
    walLevel: 'logical',
    maxActiveReplicationOrigins: from(18) ? 10 : null,
  });
  expect(facts.maxReplicationSlots).toBeGreaterThan(0);
  expect(compareLsn(facts.flushLsn!, await currentFlushLsn(session))).toBeLessThanOrEqual(0);
  expect(await databaseNames(session)).toEqual(expect.arrayContaining(['other', 'shop']));
});

it('reads roles', async () => {
  const [master, plain] = await roles(session, ['plain', test.master.user, 'nobody']);
  expect(master).toMatchObject({ name: test.master.user, canLogin: true, superuser: !from(16) });
  expect(plain).toMatchObject({
    canLogin: false,
    memberOfRdsReplication: true,
    memberOfRdsIam: false,
    comment: 'a role',
  });
  expect(await roleExists(session, 'plain')).toBe(true);
  expect(await roleExists(session, 'nobody')).toBe(false);
});

it('reads publications with their tables, columns, filters and schemas', async () => {
  const [named, ofSchema] = await publications(session);
  const oid = expect.any(Number) as number;
  expect(named).toEqual({
    name: 'named',
    owner: test.master.user,
    login: 'reader',
    mayAlter: false,
    generatedColumns: false,
    comment: 'marked',
    heartbeat: false,
    allTables: false,
    viaRoot: true,
    insert: true,
    update: false,
    delete: false,
    truncate: false,
    schemas: [],
    rowFilters: from(15) ? 1 : 0,
    tables: [
      { oid, schema: 'public', name: 'parts', columns: null, hasRowFilter: false, uncovered: false, ...WHOLE },
      {
        ...{ oid, schema: 'Été', name: 'My Table', columns: from(15) ? ['id'] : null, hasRowFilter: from(15) },
        ...(from(15) ? { filter: '(id > 5)', form: expect.stringMatching(/^\w{32}$/) as string } : WHOLE),
        uncovered: false,
      },
    ],
    rows: {
      self: expect.stringMatching(/^\d+ \d+$/),
      members: {
        'public.parts': expect.stringMatching(/^\d+ \d+ \d+$/),
        '"Été"."My Table"': expect.stringMatching(/^\d+ \d+ \d+$/),
      },
      types: {},
      tables: expect.any(Object),
    },
  });
  const whole = from(15) ? { allTables: false, schemas: ['Été'] } : { allTables: true, schemas: [] };
  expect(ofSchema).toMatchObject({ name: 'of_schema', comment: null, tables: [], delete: true, ...whole });
  expect(await publishedTables(session, 'of_schema')).toContainEqual({ schema: 'Été', name: 'My Table' });
});

it('reads slots', async () => {
  const [slot] = await replicationSlots(session);
  expect(slot).toMatchObject({
    name: 'slot_1',
    plugin: 'pgoutput',
    slotType: 'logical',
    database: 'shop',
    active: false,
    activePid: null,
    temporary: false,
    twoPhase: false,
    walStatus: 'reserved',
    invalidationReason: null,
  });
  expect(await confirmedFlushLsn(session, 'slot_1')).toBe(slot!.confirmedFlushLsn);
  expect(await confirmedFlushLsn(session, 'none')).toBeNull();
});

it('reads the tables that could be replicated and whether their rows can be identified', async () => {
  const tables = await catalogTables(session);
  const facts = tables.map((t) => [t.name, t.kind, t.persistence, t.replicaIdentity, t.identityFault]);
  expect(facts).toEqual([
    ['bare', 'table', 'permanent', 'd', 'no primary key'],
    ['by_index', 'table', 'permanent', 'i', null],
    ['fleeting', 'table', 'unlogged', 'd', null],
    ['parts', 'root', 'permanent', 'd', null],
    ['parts_1', 'table', 'permanent', 'd', null],
    ['parts_2', 'table', 'permanent', 'd', 'no primary key'],
    ['My Table', 'table', 'permanent', 'd', null],
  ]);
  expect(tables[5]).toMatchObject({ partition: true, parents: [{ schema: 'public', name: 'parts' }], extension: null });
  expect([tables[3]!.estimatedRows, tables[6]!.estimatedRows]).toEqual([20, 1000]);
});

it('reads subscriptions without their connection string, and their origins', async () => {
  const [subscription] = await subscriptions(session);
  expect(subscription).toMatchObject({
    name: 'sub',
    owner: test.master.user,
    enabled: false,
    slotName: 'slot_1',
    publications: ['named'],
    comment: 'also marked',
    // Up to 13 only a superuser may read it.
    synchronousCommit: from(14) ? 'off' : null,
  });
  expect(JSON.stringify(subscription)).not.toContain('hidden');
  expect(await subscriptionRelations(session)).toEqual([]);
  expect(await subscriptionStats(session, subscription!.oid)).toMatchObject({
    pid: null,
    receivedLsn: null,
    applyErrors: from(15) ? 0 : null,
  });
  expect(await subscriptionStats(session, 1)).toBeNull();
  expect(
    await openSession({ ...targetOf(test, 'other'), ...READER }).then(async (s) => [
      await subscriptions(s),
      await s.close(),
    ]),
  ).toEqual([[], undefined]);
});

it('reads the origin of a subscription', async () => {
  const [subscription] = await subscriptions(session);
  // Up to 13 PostgreSQL itself, unlike RDS, lets nobody but superusers read positions, whatever is granted.
  const reader = await openSession({ ...targetOf(test, 'shop'), ...(from(14) ? READER : {}) });
  const origin = originName(subscription!.oid);
  const made = expect.stringMatching(new RegExp(`^${origin} \\d+$`)) as string;
  expect(await originState(reader, origin)).toEqual({ progress: null, made });
  const writer = await test.connect('shop');
  await writer.query('SELECT pg_replication_origin_advance($1, $2)', [origin, '0/ABC']);
  expect(await originState(reader, origin)).toEqual({ progress: '0/ABC', made });
  expect((await replicationOrigins(session)).map(({ name }) => name)).toEqual([origin]);
  expect(await originState(reader, 'pg_1')).toBeNull();
  await reader.close();
});

it('tells subscriptions of one name in two databases apart', async () => {
  const [shop, other] = [await test.connect('shop'), await test.connect('other')];
  const make = `CREATE SUBSCRIPTION twin CONNECTION 'host=localhost password=hidden' PUBLICATION named WITH (connect = false)`;
  for (const client of [shop, other]) await client.query(make);
  await other.query(`COMMENT ON SUBSCRIPTION twin IS 'the other one'`);
  const { rows } = await shop.query<{ oid: number }>(
    `SELECT s.oid FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
      WHERE s.subname = 'twin' AND d.datname = 'other'`,
  );
  const there = await openSession({ ...targetOf(test, 'other'), ...READER });
  expect(await subscriptions(there)).toMatchObject([{ ...rows[0], name: 'twin', comment: 'the other one' }]);
  await there.close();
  if (from(14)) {
    expect((await subscriptions(session)).map(({ name }) => name)).toEqual(['sub', 'twin']);
  } else {
    await expect(subscriptions(session)).rejects.toMatchObject({ code: 'SUBSCRIPTION_AMBIGUOUS' });
  }
  for (const client of [shop, other]) {
    await client.query('ALTER SUBSCRIPTION twin SET (slot_name = NONE)');
    await client.query('DROP SUBSCRIPTION twin');
  }
});

it('knows a cluster that is not a clone', async () => {
  expect([await seedFunctionExists(session), await seedLsn(session)]).toEqual([true, null]);
});

it('names the transactions that creating a slot waits for', async () => {
  const writer = await test.connect('other');
  await writer.query('BEGIN; CREATE TABLE slow (id int)');
  const [open] = await openWriteTransactions(session);
  expect(open).toMatchObject({ user: test.master.user, database: 'other', state: 'idle in transaction' });
  expect(open!.ageSeconds).toBeGreaterThan(0);
  await writer.query(`PREPARE TRANSACTION 'half done'`);
  expect(await openWriteTransactions(session)).toEqual([]);
  expect(await preparedTransactions(session)).toMatchObject([
    { gid: 'half done', database: 'other', owner: test.master.user },
  ]);
  await writer.query(`ROLLBACK PREPARED 'half done'`);
});
