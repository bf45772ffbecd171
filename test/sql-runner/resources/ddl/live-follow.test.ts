import { openSessions } from './ddl-roles';
import { DdlPair, SCHEMA } from './ddl-pair';
import { ddlOnSource } from '../../../../sql-runner/execute/ddl-entries';
import { carryOut } from '../../checks/printed-fix';
import { from } from '../../../support/postgres-major';

let on: DdlPair;
const source = async (...statements: string[]) => {
  for (const text of statements) await on.pair.source.query(text);
};
beforeAll(async () => {
  on = await DdlPair.start('CREATE TABLE orders (id int PRIMARY KEY, note text)');
  // Somebody has a schema of its name: what is printed about that makes room.
  await on.pair.clone.query(`CREATE SCHEMA ${SCHEMA}`);
  const taken = (await on.plan('apply')).findings.find(({ code }) => code === 'DDL_NAME_TAKEN')!;
  await carryOut(taken, on.pair.clone, 'DDL_NAME_TAKEN');
  await on.carryOut(await on.plan('apply'));
});
afterAll(() => on.stop());

const followed = (...statements: string[]) => on.followed(...statements);
const stops = (decision: 'apply' | 'skip', ...statements: string[]) => on.stops(decision, ...statements);

test('once made there is nothing left to plan', async () => {
  expect((await on.plan('apply')).changes).toEqual([]);
});

test('what runs between rows is carried out between them', async () => {
  await source('BEGIN', `INSERT INTO orders VALUES (1, 'a')`, 'ALTER TABLE orders ADD COLUMN c int DEFAULT 5');
  await source(`INSERT INTO orders VALUES (2, 'b', 7)`, 'ALTER TABLE orders RENAME COLUMN note TO "Ünter ""x"');
  await source(
    'SAVEPOINT s',
    'ALTER TABLE orders DROP COLUMN c',
    'ROLLBACK TO s',
    'UPDATE orders SET c = c + 1',
    'COMMIT',
  );
  await on.drained();
  await on.pair.arrives('SELECT id, c, "Ünter ""x" FROM orders ORDER BY 1', [
    [1, 6, 'a'],
    [2, 8, 'b'],
  ]);
});

test('a string of several statements is taken apart, and its rows are not written twice', async () => {
  const text = `CREATE TABLE IF NOT EXISTS orders (id int); CREATE TABLE a (id serial PRIMARY KEY, t text DEFAULT ';');
    INSERT INTO orders VALUES (3, 1, 'x;y'); -- one; more
    CREATE INDEX ai ON a (t); /* ; /* ; */ */ COMMENT ON TABLE a IS 'it''s; "x"'; CREATE TEMP TABLE b (id int);
    CREATE FUNCTION two() RETURNS int LANGUAGE sql AS $f$ SELECT 1; SELECT 2; $f$; DROP TABLE b; DROP TABLE a`;
  expect(await followed(text.replace("VALUES (3, 1, 'x;y')", `(id) VALUES (3)`))).toEqual([
    'CREATE TABLE ignored',
    'CREATE TABLE applied',
    'CREATE INDEX applied',
    'COMMENT applied',
    'CREATE TABLE ignored',
    'CREATE FUNCTION applied',
    'DROP TABLE ignored',
    'DROP TABLE applied',
  ]);
  await on.pair.arrives('SELECT count(*)::int FROM orders', [[3]]);
});

test.each([
  [['CREATE TEMP TABLE orders (id int)', 'DROP TABLE pg_temp.orders'], ['DROP TABLE ignored']],
  [
    ['CREATE INDEX CONCURRENTLY oc ON orders (c)', 'DROP INDEX CONCURRENTLY oc'],
    ['CREATE INDEX applied', 'DROP INDEX applied'],
  ],
  [['CREATE TABLE copy AS SELECT * FROM orders -- all'], ['CREATE TABLE AS applied']],
  [
    ["CREATE TYPE mood AS ENUM ('a')", "ALTER TYPE mood ADD VALUE 'b'"],
    ['CREATE TYPE applied', 'ALTER TYPE applied'],
  ],
  [['ALTER TABLE orders ALTER c TYPE bigint'], ['ALTER TABLE applied']],
  [
    ['CREATE SCHEMA "ä b" CREATE TABLE t (id int PRIMARY KEY)', 'DROP SCHEMA "ä b" CASCADE'],
    ['CREATE SCHEMA applied', 'DROP SCHEMA applied'],
  ],
  [['CREATE EXTENSION IF NOT EXISTS plpgsql'], ['CREATE EXTENSION ignored']],
])('%j', async (statements, expected) => {
  expect(await followed(...statements)).toEqual(expected);
});

test('a copy of rows is made without them, as nobody sends them', async () => {
  await on.pair.arrives('SELECT count(*)::int FROM copy', [[0]]);
});

test.each([
  ['DO $$BEGIN CREATE TABLE inside (id int); END$$', 'it ran inside of another statement'],
  [
    'CREATE TABLE w AS SELECT 1 AS id; ALTER TABLE w ADD r float DEFAULT random()',
    'each side would compute other values',
  ],
  [
    'CREATE TABLE g AS SELECT 1 AS id; ALTER TABLE g ADD two int GENERATED ALWAYS AS (id * 2) STORED, ADD r float DEFAULT random()',
    'each side would compute other values',
  ],
  [
    'CREATE TABLE u AS SELECT 1 AS id; ALTER TABLE u ALTER id TYPE text USING(id || random()::text)',
    'its USING may compute',
  ],
  ['SELECT * INTO other FROM orders', 'statements of its kind are not carried out'],
])('%s stops the stream before it', async (text, reason) => {
  const one = await stops('skip', text);
  expect(one).toMatchObject({ state: 'stopped', verdict: 'stop', reason: expect.stringContaining(reason) });
  expect((await on.outcomes(one.number - 1))[0]).toBe(`${one.tag} skipped`);
});

test('what did something else on the clone is taken back, unless it is meant', async () => {
  await followed('CREATE TABLE base (id int PRIMARY KEY)');
  await on.pair.clone.query('CREATE VIEW only_here AS SELECT * FROM base');
  const one = await stops('apply', 'DROP TABLE base CASCADE');
  expect(one).toMatchObject({ state: 'stopped', verdict: 'run', tag: 'DROP TABLE' });
  await on.pair.arrives(`SELECT to_regclass('only_here')::text, to_regclass('base')::text`, [[null, null]]);
});

test('now() of another moment is noticed', async () => {
  await followed('CREATE TABLE moments (id int PRIMARY KEY)');
  await on.pair.source.query('INSERT INTO moments VALUES (1)');
  const one = await stops('skip', 'ALTER TABLE moments ADD at timestamptz DEFAULT now()');
  expect(one).toMatchObject({ state: 'stopped', verdict: 'run' });
});

test('it runs as the role that ran it, which cannot become another', async () => {
  const app = await openSessions(on.pair, 'app');
  await app.source.query('CREATE TABLE mine (id int PRIMARY KEY)');
  await app.source.query(`CREATE FUNCTION evil(int) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN
    EXECUTE 'RESET ROLE'; EXECUTE 'ALTER ROLE app SUPERUSER'; RETURN $1; EXCEPTION WHEN OTHERS THEN RETURN $1; END $f$`);
  await on.drained();
  await on.pair.clone.query('INSERT INTO mine VALUES (1)');
  const before = await on.last();
  await app.source.query('ALTER TABLE mine ADD CHECK (evil(id) > 0)');
  await on.drained();
  expect(await on.outcomes(before)).toEqual(['ALTER TABLE applied']);
  await on.pair.arrives(
    `SELECT tableowner::text, (SELECT rolsuper FROM pg_roles WHERE rolname = 'app') FROM pg_tables WHERE tablename = 'mine'`,
    [['app', false]],
  );
  // Nor can anybody write what is carried out as somebody else.
  await expect(app.source.query(`INSERT INTO ${SCHEMA}.log DEFAULT VALUES`)).rejects.toThrow(/permission denied/);
  await expect(app.source.query(`SELECT ${SCHEMA}.note('', '', '', '', '', '')`)).rejects.toThrow(/permission denied/);
});

test('rights for a role that the clone lacks stop no rows', async () => {
  await source('CREATE ROLE only_on_source');
  expect(await followed('GRANT SELECT ON orders TO only_on_source')).toEqual(['GRANT failed']);
  const [told, ...others] = await on.pair.findings('DDL_FAILED');
  expect([told?.seen, others]).toEqual([expect.stringMatching(`^statement ${await on.last()} of`), []]);
});

test('what cannot be noted is counted, and refused to nobody', async () => {
  await on.pair.source.query(`ALTER TABLE ${SCHEMA}.log RENAME TO gone`);
  await on.pair.source.query('ALTER TABLE orders ADD COLUMN unseen int');
  await on.pair.source.query(`ALTER TABLE ${SCHEMA}.gone RENAME TO log`);
  const session = await on.pair.session('source');
  // Renaming our own is none of it.
  expect((await ddlOnSource(session, SCHEMA, 1).finally(() => session.close())).missed).toBe(1);
  expect(await on.pair.findings('DDL_NOT_NOTED')).toHaveLength(1);
  await on.pair.clone.query('ALTER TABLE orders ADD COLUMN unseen int');
});

test('a replica session, a long statement and a partition', async () => {
  await source('SET session_replication_role = replica');
  expect(await followed('ALTER TABLE orders ADD COLUMN r int')).toEqual(['ALTER TABLE applied']);
  await source('RESET session_replication_role');
  expect(await followed(`CREATE VIEW long AS SELECT '${'x'.repeat(150_000)}'::text AS t`)).toEqual([
    'CREATE VIEW applied',
  ]);
  const detach = `ALTER TABLE parts DETACH PARTITION parts_1${from(14) ? ' CONCURRENTLY' : ''}`;
  expect(
    await followed(
      'CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (9)',
      detach,
    ),
  ).toEqual(['CREATE TABLE applied', 'CREATE TABLE applied', 'ALTER TABLE applied']);
  expect(await followed(`COMMENT ON TABLE parts IS '${'x'.repeat(1_000_001)}'`)).toEqual(['COMMENT failed']);
});

test('switched off, both sides are rid of it and the stream goes on', async () => {
  await on.carryOut(await on.plan(undefined));
  expect((await on.plan(undefined)).changes).toEqual([]);
  for (const client of [on.pair.source, on.pair.clone]) {
    const { rows } = await client.query(
      `SELECT evtname FROM pg_event_trigger UNION ALL SELECT nspname FROM pg_namespace WHERE nspname = '${SCHEMA}'`,
    );
    expect(rows).toEqual([]);
  }
  await source('INSERT INTO orders (id) VALUES (99)');
  await on.pair.arrives('SELECT count(*)::int FROM orders WHERE id = 99', [[1]]);
});

test('what was only recorded stays on the source; from the switch on it is carried out', async () => {
  await on.carryOut(await on.plan('record'));
  expect((await on.plan('record')).changes).toEqual([]);
  await source('CREATE TABLE recorded (id int)');
  await on.carryOut(await on.plan('apply'));
  expect((await on.plan('apply')).changes).toEqual([]);
  expect(await followed('CREATE TABLE carried (id int)')).toEqual(['CREATE TABLE applied']);
  await on.pair.arrives(`SELECT to_regclass('recorded')::text, to_regclass('carried')::text`, [[null, 'carried']]);
  await on.carryOut(await on.plan('record'));
  expect((await on.plan('record')).changes).toEqual([]);
});
