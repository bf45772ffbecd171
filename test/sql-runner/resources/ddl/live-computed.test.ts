import { DdlPair } from './ddl-pair';
import { from } from '../../../support/postgres-major';

let on: DdlPair;
beforeAll(async () => {
  on = await DdlPair.start('CREATE TABLE orders (id int PRIMARY KEY); CREATE TABLE owned (id int)');
  await on.carryOut(await on.plan('apply'));
  await on.followed(
    'CREATE FUNCTION seven() RETURNS int IMMUTABLE LANGUAGE sql AS $$SELECT 7$$',
    'CREATE DOMAIN today AS date DEFAULT current_date',
    'CREATE DOMAIN chance AS float8 DEFAULT random()',
    'CREATE DOMAIN kind AS text DEFAULT upper($$a$$)',
  );
});
afterAll(() => on.stop());

const followed = (...statements: string[]) => on.followed(...statements);

let tables = 0;
/** A table of both sides with the same rows, which no stream brings: what a statement gives them is each side's own. */
async function filled(): Promise<string> {
  const table = `filled_${++tables}`;
  await followed(`CREATE TABLE ${table} (id int PRIMARY KEY, rating int, at time)`);
  for (const client of [on.pair.source, on.pair.clone])
    await client.query(`INSERT INTO ${table} SELECT i, i, '12:00' FROM generate_series(1, 3) i`);
  return table;
}

const REWRITES = 'ALTER rating TYPE bigint';

test.each([
  `ADD m date DEFAULT current_date, ${REWRITES}`,
  `${REWRITES}, ADD m text DEFAULT current_user`,
  `ADD m timestamptz NOT NULL DEFAULT now(), ${REWRITES}`,
  `ADD a int DEFAULT 1, ADD m int DEFAULT extract(year from now()), SET UNLOGGED`,
  `ADD m text DEFAULT 5 || to_char(now(), 'Day'), SET UNLOGGED`,
  // What says of itself that it is immutable may read a table.
  `ADD m int DEFAULT seven(), ${REWRITES}`,
  // A default of a type stands nowhere in the text.
  `ADD g int GENERATED ALWAYS AS (id * 2) STORED, ADD m chance`,
  `ADD m today, ${REWRITES}`,
  // Read as a constant, by each side at its own time.
  `ADD m timestamptz DEFAULT 'now', ${REWRITES}`,
  // A cast of the server's that takes the offset of today.
  'ALTER at TYPE timetz',
])('ALTER TABLE … %s stops the stream on a table with rows, whatever the clock says', async (change) => {
  const table = await filled();
  const one = await on.stops('skip', `ALTER TABLE ${table} ${change}`);
  expect(one).toMatchObject({ state: 'stopped', tag: 'ALTER TABLE' });
});

test('carried out by decision it computes, as it stands', async () => {
  const table = await filled();
  await on.stops('apply', `ALTER TABLE ${table} ADD m date DEFAULT current_date, ${REWRITES}`);
  await on.pair.arrives(`SELECT count(m)::int FROM ${table}`, [[3]]);
});

test('what is the same at any time is carried out, with a rewrite and without', async () => {
  const table = await filled();
  const changes = [
    `ADD a int DEFAULT 1 + 2, ADD b text DEFAULT lower('A') || 'x', ADD c int[] DEFAULT ARRAY[1, 2], ALTER rating TYPE bigint`,
    `ADD d timestamptz DEFAULT '2026-01-01', ADD e numeric(9,2) NOT NULL DEFAULT -1.5, ADD f jsonb, ALTER rating TYPE int`,
    'ADD g int GENERATED ALWAYS AS (id * 2) STORED',
    'ADD h varchar(9) DEFAULT $$h$$',
    ...(from(18) ? ['ADD i kind, ALTER rating TYPE bigint'] : []),
  ];
  expect(await followed(...changes.map((change) => `ALTER TABLE ${table} ${change}`))).toEqual(
    changes.map(() => 'ALTER TABLE applied'),
  );
  await on.pair.arrives(`SELECT a, b, c, d = '2026-01-01', e::text, g, h FROM ${table} WHERE id = 3`, [
    [3, 'ax', [1, 2], true, '-1.50', 6, 'h'],
  ]);
});

test('without rows there is nothing to compute: a table with none, a copy without its rows', async () => {
  const table = await filled();
  expect(
    await followed(
      `CREATE TABLE copied AS SELECT *, current_date AS day FROM ${table}`,
      'CREATE TABLE empty (id int PRIMARY KEY, rating int)',
      `ALTER TABLE empty ADD m date DEFAULT current_date, ${REWRITES}`,
    ),
  ).toEqual(['CREATE TABLE AS applied', 'CREATE TABLE applied', 'ALTER TABLE applied']);
  await on.pair.arrives('SELECT count(*)::int FROM copied', [[0]]);
});
