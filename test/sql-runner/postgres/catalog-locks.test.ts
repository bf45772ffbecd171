import type { Client } from 'pg';
import { sentTables } from '../../../sql-runner/postgres/catalog/replicated-tables';
import { publishedTables } from '../../../sql-runner/postgres/catalog/publications';
import type { OperatorError } from '../../../errors/operator-error';
import { explain } from '../../../sql-runner/explain/explain';
import type { Session } from '../../../sql-runner/postgres/session';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { catalogReaders, type CatalogReader } from './catalog-readers';
import { openSession, targetOf } from './sessions';

/** Read rows of a table, as anybody's SELECT: of an extension, of a heartbeat of ours; or lock a sequence as nextval() does. */
const READ_ROWS = ['cron-jobs/cronJobs', 'heartbeats/beatsOf', 'sequences/definitionNow'];

const SETUP = `
  CREATE TABLE plain (id int PRIMARY KEY, note text DEFAULT 'x' CHECK (note <> ''), twice int GENERATED ALWAYS AS (id * 2) STORED);
  CREATE UNIQUE INDEX plain_lower ON plain (lower(note)) WHERE note IS NOT NULL;
  CREATE TABLE whole (id int, at timestamptz, ratio float8, CHECK (id > 0)); ALTER TABLE whole REPLICA IDENTITY FULL;
  CREATE TABLE root (id int, part text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
  CREATE TABLE branch PARTITION OF root FOR VALUES IN ('b', 'c') PARTITION BY RANGE (id);
  CREATE TABLE leaf PARTITION OF branch FOR VALUES FROM (0) TO (10);
  CREATE TABLE other_leaf PARTITION OF root FOR VALUES IN ('a');
  CREATE TABLE parent (id int PRIMARY KEY); CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent);
  CREATE UNLOGGED TABLE fleeting (id int);
  CREATE TABLE owned (id int PRIMARY KEY REFERENCES plain); ALTER TABLE owned ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
  CREATE POLICY none ON owned USING (id > 0);
  CREATE SEQUENCE numbers; CREATE MATERIALIZED VIEW seen AS SELECT * FROM plain; CREATE VIEW shown AS SELECT * FROM plain;
  CREATE FUNCTION noticed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER always AFTER INSERT ON leaf FOR EACH ROW EXECUTE FUNCTION noticed(); ALTER TABLE leaf ENABLE ALWAYS TRIGGER always;
  INSERT INTO plain (id) VALUES (1); INSERT INTO root VALUES (1, 'a'), (1, 'b'); ANALYZE;
  CREATE PUBLICATION named FOR TABLE plain, whole, root, parent;
  CREATE PUBLICATION of_branch FOR TABLE branch; CREATE PUBLICATION via_root FOR TABLE root, leaf WITH (publish_via_partition_root);
  CREATE SUBSCRIPTION sub CONNECTION 'host=localhost password=hidden' PUBLICATION named WITH (connect = false, slot_name = 'slot_1');
  CREATE ROLE replica`;

/** Of somebody else: every relation of users, locked as TRUNCATE, ALTER and VACUUM FULL lock them, and an ALTER not yet committed. */
const LOCKS = `BEGIN; LOCK TABLE plain, whole, root, branch, leaf, other_leaf, parent, child, fleeting, owned IN ACCESS EXCLUSIVE MODE;
  LOCK TABLE shown IN ACCESS EXCLUSIVE MODE; REFRESH MATERIALIZED VIEW seen; REINDEX INDEX plain_lower; ALTER SEQUENCE numbers RESTART;
  ALTER TABLE plain ADD COLUMN later int; TRUNCATE whole`;

let test: TestCluster;
let session: Session;
let somebody: Client;
let admin: Client;
let readers: CatalogReader[];

beforeAll(async () => {
  test = await startTestCluster({ parameters: { wal_level: 'logical' } });
  const setup = await test.connect('shop');
  await setup.query(SETUP);
  await setup.query(`SELECT pg_create_logical_replication_slot('slot_1', 'pgoutput')`);
  // What it has counted is there for all once it has ended, and else at any later moment (pgstat.c).
  await setup.end();
  admin = await test.cluster.adminClient('shop');
  test.onStop(() => admin.end());
  await admin.query(`CREATE PUBLICATION everything FOR ALL TABLES`);
  if (from(15)) await admin.query(`CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA public`);
  const [{ oid }] = (await admin.query<{ oid: number }>(`SELECT oid::int8::float8 AS oid FROM pg_subscription`))
    .rows as [{ oid: number }];
  readers = catalogReaders({ publication: 'named', subscriptionOid: oid, slot: 'slot_1', role: 'replica' });
  somebody = await test.connect('shop');
  session = await openSession(targetOf(test, 'shop'), { lockTimeoutMs: 1_000 });
});

afterAll(async () => {
  await session?.close();
  await test?.stop();
});

it('asks what is published without the view of the server, and says the same', async () => {
  const rows = async (sql: string) => (await admin.query<Record<string, string>>(sql)).rows;
  const shown = await rows(`SELECT pubname::text AS publication, schemaname::text AS schema, tablename::text AS name
                              FROM pg_publication_tables ORDER BY 1, 2, 3`);
  expect(shown.length).toBeGreaterThan(12);
  expect((await sentTables(session)).map(({ partition: _, ...table }) => table)).toEqual(shown);
  expect(await publishedTables(session, 'via_root')).toEqual([{ schema: 'public', name: 'root' }]);
});

it('writes the bound of a partition as the server does', async () => {
  const { rows } = await admin.query<{ name: string; bound: string }>(
    `SELECT relname::text AS name, pg_get_expr(relpartbound, oid) AS bound FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1`,
  );
  const sent = (await sentTables(session)).filter(({ publication, partition }) => publication === 'named' && partition);
  expect(sent.map(({ name, partition }) => ({ name, bound: partition!.bound }))).toEqual(rows);
});

it('knows what every reader is called with', () => {
  expect(readers.filter(({ known }) => !known).map(({ name }) => name)).toEqual([]);
});

it('reads every catalog while somebody has locked every table, index, view and sequence', async () => {
  const before = await answers();
  await somebody.query(LOCKS);
  const during = await answers();
  await somebody.query('ROLLBACK');
  expect(during.filter(([, answer]) => answer instanceof Error)).toEqual([]);
  // What moves by itself, or is of the one who locks. What a session counted arrives a second later (pgstat.c).
  const steady = (all: [string, unknown][]) =>
    all.filter(
      ([name]) =>
        !/^(activity|advisory|server|slots|freeze|exclusive|table-lock|table-writers|senders.slotReaders|apply-workers.knownSubscriptions|heartbeats.beatsOf|statistics.countsRollbacks|subscription-updates|table-shapes.lockedTables)/.test(
          name,
        ),
    );
  expect(steady(during)).toEqual(steady(before));
});

describe('a read that the server ended', () => {
  /** @param first once the reader is in: whoever comes new may be kept out (locked-catalog.test.ts) */
  const failed = async (sql: string, limits: object, first = ''): Promise<OperatorError> => {
    const reader = await openSession(targetOf(test, 'shop'), limits);
    await admin.query(first);
    const cause: unknown = await reader.query(sql).catch((error: unknown) => error);
    await reader.close();
    return explain(cause);
  };

  it('names what it read and who has locked it', async () => {
    const lock = `SET application_name = 'a vacuum'; BEGIN; LOCK TABLE pg_publication IN ACCESS EXCLUSIVE MODE`;
    const error = await failed('SELECT pubname FROM pg_publication', { lockTimeoutMs: 200 }, lock);
    await admin.query('ROLLBACK');
    expect(error).toMatchObject({ code: 'LOCK_TIMEOUT', next: expect.stringMatching(/^wait until that transaction/) });
    expect(error.seen).toMatch(
      /^the read of pg_publication in database shop on the source waited in vain for a lock; pg_catalog\.pg_publication is locked by process \d+ of rdsadmin \(a vacuum, idle in transaction, in its transaction since [\d-]+ [\d:]+ UTC, its last statement began at [\d-]+ [\d:]+ UTC\)$/,
    );
    expect(error.next).toMatch(
      /; or end it before, in database postgres on the source: SELECT pg_terminate_backend\(\d+\);$/,
    );
  });

  it('says that it took too long, and who else may have to do with it', async () => {
    const error = await failed('SELECT pg_sleep(600) FROM pg_am', { statementTimeoutMs: 2_000 });
    expect(error).toMatchObject({
      code: 'READ_TIMEOUT',
      seen: 'the read of pg_am in database shop on the source was not done within the time limit',
    });
  });

  it('is another matter when somebody cancelled it', async () => {
    const reader = await openSession(targetOf(test, 'shop'));
    const read = reader.query('SELECT pg_sleep(30)').catch((error: unknown) => explain(error));
    await eventually(async () => {
      const { rows } = await admin.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND state = 'active'`,
        [reader.backendPid],
      );
      return rows.length > 0;
    });
    expect(await read).toMatchObject({ code: 'DATABASE_ERROR', seen: expect.stringContaining('user request') });
    await reader.close();
  });
});

async function answers(): Promise<[string, unknown][]> {
  const all: [string, unknown][] = [];
  for (const { name, read } of readers.filter((reader) => reader.known && !READ_ROWS.includes(reader.name)))
    all.push([name, await read(session).catch((error: Error) => error)]);
  return all;
}
