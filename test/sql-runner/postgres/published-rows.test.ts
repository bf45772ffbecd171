import type { Client } from 'pg';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from './sessions';

/** What is asked about publications depends on how they name tables: each way stands alone once, and beside the others. */
const TABLES = `
  CREATE TABLE plain (id int PRIMARY KEY, note text);
  CREATE TABLE root (id int PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE branch PARTITION OF root FOR VALUES FROM (0) TO (20) PARTITION BY RANGE (id);
  CREATE TABLE leaf PARTITION OF branch FOR VALUES FROM (0) TO (10);
  CREATE TABLE own_leaf PARTITION OF root FOR VALUES FROM (20) TO (30);
  CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)`;

let cluster: TestCluster;
let admin: Client;
beforeAll(async () => {
  cluster = await startTestCluster({ parameters: { wal_level: 'logical' } });
  admin = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => admin.end());
  await admin.query(TABLES);
});
afterAll(() => cluster?.stop());

const read = async () => {
  const session = await openSession(targetOf(cluster, 'shop'));
  const all = await publications(session).finally(() => session.close());
  return Object.fromEntries(all.map((one) => [one.name, one]));
};

/** Names by publication, of those below a partitioned table an asterisk where nothing else publishes them. */
async function found(): Promise<Record<string, string[]>> {
  const shown = Object.values(await read()).map(({ name, rows }) => {
    const tables = Object.values(rows.tables).map((table) => `${table.name}${table.indirect ? '*' : ''}`);
    return [name, tables.sort()] as const;
  });
  return Object.fromEntries(shown);
}

const NAMED = ['public.branch', 'public.leaf*', 'public.own_leaf', 'public.parent', 'public.root'];
const TREE = ['public.branch', 'public.leaf*', 'public.own_leaf*', 'public.root'];
const OF_SCHEMA = ['public.child', 'public.parent', 'public.plain', ...TREE].sort();

async function made(name: string, what: string): Promise<void> {
  await admin.query(`CREATE PUBLICATION ${name} FOR ${what}; COMMENT ON PUBLICATION ${name} IS 'marked'`);
}

test('what publications have below them is found however they name it, and as long as they do', async () => {
  expect(await found()).toEqual({});
  if (from(15)) {
    await made('in_schema', 'TABLES IN SCHEMA public');
    expect(await found()).toEqual({ in_schema: OF_SCHEMA });
    await admin.query('DROP PUBLICATION in_schema');
  }
  await made('everything', 'ALL TABLES');
  expect(await found()).toEqual({ everything: OF_SCHEMA });
  await admin.query('DROP PUBLICATION everything');
  await made('named', 'TABLE ONLY parent, root, own_leaf');
  await made('by_root', 'TABLE root');
  expect(await found()).toEqual({ named: NAMED, by_root: TREE });
  await made('everything', 'ALL TABLES');
  expect(await found()).toEqual({ named: NAMED, by_root: TREE, everything: OF_SCHEMA });
  await admin.query('DROP PUBLICATION everything, named, by_root');
});

test('a list and a filter are told of the one table that has them, beside others that have none', async () => {
  const told = async () =>
    Object.values(await read()).flatMap(({ tables }) =>
      tables.map(({ name, columns, hasRowFilter, uncovered }) => [name, columns, hasRowFilter, uncovered]),
    );
  await made('narrow', 'TABLE plain, ONLY parent');
  const whole = ['parent', null, false, false];
  expect(await told()).toEqual([whole, ['plain', null, false, false]]);
  if (!from(15)) return;
  await admin.query(`ALTER PUBLICATION narrow SET TABLE plain (id, note), ONLY parent`);
  expect(await told()).toEqual([whole, ['plain', ['id', 'note'], false, false]]);
  await admin.query(`ALTER PUBLICATION narrow SET TABLE plain WHERE (note <> 'x'), ONLY parent`);
  expect(await told()).toEqual([whole, ['plain', null, true, true]]);
  await admin.query(`ALTER PUBLICATION narrow SET TABLE plain, ONLY parent`);
  expect(await told()).toEqual([whole, ['plain', null, false, false]]);
});
