import type { Client } from 'pg';
import { refusedBy } from '../../../sql-runner/checks/refused-writes';
import { displayTable } from '../../../sql-runner/model/table-selection';
import { publicationFacts } from '../../../sql-runner/observe/observe-database';
import { publications } from '../../../sql-runner/postgres/catalog/publications';
import { sentTables } from '../../../sql-runner/postgres/catalog/replicated-tables';
import { catalogTables } from '../../../sql-runner/postgres/catalog/tables';
import { isSafeToWrite, sentBy } from '../../../sql-runner/resources/published';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';

let cluster: TestCluster;
let admin: Client;
beforeAll(async () => {
  cluster = await startTestCluster({ parameters: { wal_level: 'logical' } });
  admin = await cluster.cluster.adminClient('shop');
  cluster.onStop(() => admin.end());
});
afterAll(() => cluster?.stop());

/** What status takes of the rows of a publication, beside what a plan reads of all tables for the same question. */
async function bothWays() {
  const session = await openSession(targetOf(cluster, 'shop'));
  try {
    const facts = publicationFacts((await publications(session)).find(({ name }) => name === 'acas_demo_shop')!);
    const refused = refusedBy(facts, await catalogTables(session), session.serverVersionNum);
    const sent = (await sentTables(session)).filter(({ publication }) => publication === facts.name);
    return { facts, refused: refused.map(({ fault }) => fault), sent: sent.map(displayTable).sort() };
  } finally {
    await session.close();
  }
}

/** Whether the server refuses it because of what is published (CheckCmdReplicaIdentity), by trying. */
async function isRefused(table: string): Promise<boolean> {
  try {
    await admin.query(`BEGIN; DELETE FROM ${table}; ROLLBACK`);
    return false;
  } catch (error) {
    await admin.query('ROLLBACK');
    // A foreign table refuses it for reasons of its own.
    return ['55000', '42P10'].includes((error as { code: string }).code);
  }
}

const STORED = 'GENERATED ALWAYS AS (id + 1) STORED';
const TREE = `CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE mid PARTITION OF t FOR VALUES FROM (0) TO (9) PARTITION BY RANGE (id);
  CREATE TABLE leaf PARTITION OF mid FOR VALUES FROM (0) TO (5)`;

/** `safe`: the rows of the publication are enough to say so; `false` only asks for a closer look. */
test.each<[string, string, { safe: boolean; ways?: string }]>([
  ['a primary key', 'CREATE TABLE t (id int PRIMARY KEY)', { safe: true }],
  ['no key', 'CREATE TABLE t (id int)', { safe: false }],
  [
    'a key that was dropped',
    'CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey',
    { safe: false },
  ],
  ['a deferrable key', 'CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)', { safe: false }],
  ['whole rows', 'CREATE TABLE t (id int); ALTER TABLE t REPLICA IDENTITY FULL', { safe: true }],
  ['nothing', 'CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t REPLICA IDENTITY NOTHING', { safe: false }],
  [
    'an index',
    'CREATE TABLE t (id int NOT NULL); CREATE UNIQUE INDEX i ON t (id); ALTER TABLE t REPLICA IDENTITY USING INDEX i',
    { safe: true },
  ],
  [
    'an index that was dropped, and a key',
    `CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL); CREATE UNIQUE INDEX i ON t (n);
     ALTER TABLE t REPLICA IDENTITY USING INDEX i; DROP INDEX i`,
    { safe: false },
  ],
  ['a generated column beside its key', `CREATE TABLE t (id int PRIMARY KEY, g int ${STORED})`, { safe: false }],
  [
    'a generated column in whole rows',
    `CREATE TABLE t (id int, g int ${STORED}); ALTER TABLE t REPLICA IDENTITY FULL`,
    { safe: false },
  ],
  ['the keys of its partitions', TREE, { safe: true }],
  [
    'the keys of its partitions, one of which lost it',
    `${TREE}; ALTER TABLE leaf REPLICA IDENTITY NOTHING`,
    { safe: false },
  ],
  ['the keys of its partitions, one of them unlogged', `${TREE}; ALTER TABLE leaf SET UNLOGGED`, { safe: true }],
  [
    'the keys of its partitions, one of them foreign',
    `CREATE TABLE t (id int NOT NULL) PARTITION BY RANGE (id);
     CREATE TABLE leaf PARTITION OF t (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (5);
     CREATE EXTENSION IF NOT EXISTS file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw;
     CREATE FOREIGN TABLE far PARTITION OF t FOR VALUES FROM (20) TO (30) SERVER f OPTIONS (program 'true')`,
    { safe: true },
  ],
  ['no key, with inserts alone', 'CREATE TABLE t (id int)', { safe: false, ways: `WITH (publish = 'insert')` }],
  ['a key, by its root', TREE, { safe: true, ways: 'WITH (publish_via_partition_root)' }],
])('a table identified by %s', async (_, create, { safe, ways = '' }) => {
  await admin.query(create);
  await admin.query(
    `CREATE PUBLICATION acas_demo_shop FOR TABLE t ${ways}; COMMENT ON PUBLICATION acas_demo_shop IS 'marked'`,
  );
  try {
    const { facts, refused, sent } = await bothWays();
    expect(isSafeToWrite(facts)).toBe(safe);
    if (safe) expect([refused, await isRefused('t')]).toEqual([[], false]);
    expect(sentBy(facts) ?? sent).toEqual(sent);
    expect(sentBy(facts) === null).toBe(ways !== '');
  } finally {
    await admin.query('DROP PUBLICATION acas_demo_shop; DROP TABLE t CASCADE; DROP SERVER IF EXISTS f CASCADE');
  }
});

test.each(['(id, n)', '(n)'])('a list of columns %s', async (list) => {
  if (!from(15)) return;
  await admin.query(`CREATE TABLE t (id int PRIMARY KEY, n int);
    CREATE PUBLICATION acas_demo_shop FOR TABLE t ${list}; COMMENT ON PUBLICATION acas_demo_shop IS 'marked'`);
  try {
    const { facts, refused } = await bothWays();
    expect([isSafeToWrite(facts), refused.length === 0, await isRefused('t')]).toEqual(
      list === '(n)' ? [false, false, true] : [true, true, false],
    );
  } finally {
    await admin.query('DROP TABLE t CASCADE; DROP PUBLICATION acas_demo_shop');
  }
});

test('of one whose mark was taken away nothing is said by its rows', async () => {
  await admin.query('CREATE TABLE t (id int); CREATE PUBLICATION acas_demo_shop FOR TABLE t');
  const { facts, sent } = await bothWays();
  await admin.query('DROP TABLE t; DROP PUBLICATION acas_demo_shop');
  expect([isSafeToWrite(facts), sentBy(facts), sent]).toEqual([false, null, ['public.t']]);
});
