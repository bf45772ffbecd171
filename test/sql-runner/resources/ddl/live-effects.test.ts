import { DdlPair } from './ddl-pair';
import { from } from '../../../support/postgres-major';

let on: DdlPair;
beforeAll(async () => {
  on = await DdlPair.start('CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE owned (id int)');
  for (const client of [on.pair.source, on.pair.clone])
    await client.query('CREATE ROLE app; GRANT CREATE, USAGE ON SCHEMA public TO app');
  await on.carryOut(await on.plan('apply'));
});
afterAll(() => on.stop());

const followed = (...statements: string[]) => on.followed(...statements);
const stops = (decision: 'apply' | 'skip', ...statements: string[]) => on.stops(decision, ...statements);

test('what a query calls must not write rows, which arrive as well', async () => {
  // From 17 on a materialized view is filled with no schema in the search_path.
  await followed(
    `CREATE FUNCTION log_it() RETURNS int LANGUAGE sql AS 'INSERT INTO public.owned VALUES (1) RETURNING id'`,
  );
  const one = await stops('skip', 'CREATE MATERIALIZED VIEW writes AS SELECT log_it()');
  expect(one).toMatchObject({ state: 'stopped', verdict: 'run', tag: 'CREATE MATERIALIZED VIEW' });
  await on.pair.arrives('SELECT count(*)::int FROM owned', [[1]]);
  expect(await followed('CREATE MATERIALIZED VIEW reads AS SELECT count(*) FROM owned')).toEqual([
    'CREATE MATERIALIZED VIEW applied',
  ]);
});

test('an owner from whom a right is taken without which rows are refused', async () => {
  expect(await followed('ALTER TABLE owned OWNER TO app', 'REVOKE REFERENCES ON owned FROM app')).toEqual([
    'ALTER TABLE applied',
    'REVOKE applied',
  ]);
  if (from(16))
    expect(await stops('skip', 'REVOKE ALL ON owned FROM app')).toMatchObject({ state: 'stopped', tag: 'REVOKE' });
  else expect(await followed('REVOKE ALL ON owned FROM app')).toEqual(['REVOKE applied']);
  await on.pair.source.query('INSERT INTO owned VALUES (2)');
  await on.pair.arrives('SELECT id FROM owned ORDER BY 1', [[1], [2]]);
});

test('what holds an oid in its name is not compared', async () => {
  const made = 'CREATE TABLE refers (id int REFERENCES customers, other int UNIQUE DEFERRABLE)';
  expect(
    await followed(
      'CREATE TABLE customers (id int PRIMARY KEY)',
      made,
      'ALTER TABLE refers DROP CONSTRAINT refers_id_fkey',
      'DROP TABLE refers',
      made,
      'DROP TABLE customers CASCADE',
      'DROP TABLE refers',
    ),
  ).toEqual(
    ['CREATE TABLE', 'CREATE TABLE', 'ALTER TABLE', 'DROP TABLE', 'CREATE TABLE', 'DROP TABLE', 'DROP TABLE'].map(
      (tag) => `${tag} applied`,
    ),
  );
});

test('values that were written into the rows of one side stop nothing; a column that was there before does', async () => {
  expect(
    await followed(
      'ALTER TABLE orders ADD v int DEFAULT 1',
      'VACUUM FULL orders',
      'ALTER TABLE orders ADD w int DEFAULT 2',
    ),
  ).toEqual(['ALTER TABLE applied', 'ALTER TABLE applied']);
  await on.pair.clone.query('ALTER TABLE orders ADD early int');
  await stops('skip', 'ALTER TABLE orders ADD COLUMN IF NOT EXISTS early int DEFAULT 3');
});

test('a cast of users, which no USING shows, may give each side values of its own; those of the server do not', async () => {
  await followed(
    'CREATE TABLE measured (id int PRIMARY KEY, q int, cost money, tags int[])',
    'CREATE TYPE amount AS (v float8)',
    `CREATE FUNCTION to_amount(int) RETURNS amount LANGUAGE sql AS 'SELECT row(random())::public.amount'`,
    'CREATE DOMAIN amounts AS amount',
  );
  const cast = 'CREATE CAST (int AS amount) WITH FUNCTION to_amount(int) AS ASSIGNMENT';
  await on.pair.clone.query(cast);
  await stops('skip', cast);
  expect(
    await followed('ALTER TABLE measured ALTER COLUMN q TYPE bigint', 'ALTER TABLE measured ALTER q TYPE int'),
  ).toEqual(['ALTER TABLE applied', 'ALTER TABLE applied']);
  for (const change of ['q TYPE amount', 'tags TYPE amount[]', 'cost TYPE numeric'])
    expect(await stops('skip', `ALTER TABLE measured ALTER COLUMN ${change}`)).toMatchObject({
      state: 'stopped',
      verdict: 'run',
    });
});
