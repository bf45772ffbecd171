import { DdlPair } from './ddl-pair';

/** A temporary object is found before the one that the clone has under its name: what is about it is not carried out there. */

let on: DdlPair;
beforeAll(async () => {
  on = await DdlPair.start('CREATE TABLE orders (id int PRIMARY KEY)');
  await on.carryOut(await on.plan('apply'));
  await followed('CREATE TABLE sec (id int PRIMARY KEY, secret text)');
  await on.pair.source.query('CREATE TEMP TABLE sec (id serial PRIMARY KEY, c int)');
  await on.pair.source.query('CREATE TEMP TABLE "O""dd Name" (id int)');
});
afterAll(() => on.stop());

const followed = (...statements: string[]) => on.followed(...statements);
const rights = () =>
  on.pair.clone.query(`SELECT FROM pg_class WHERE relname IN ('sec', 'orders') AND relacl::text ~ '[{,]=[a-zA-Z]'`);

test.each([
  'GRANT SELECT, INSERT ON sec TO PUBLIC',
  'grant /* on orders to */ all on table\n"sec", Pg_Temp.SEC to public;',
  'REVOKE ALL ON SEQUENCE sec_id_seq FROM PUBLIC',
  'GRANT SELECT (c) ON pg_temp."sec", sec TO PUBLIC; SELECT 1',
])('%s is about temporary relations alone, and is left out', async (text) => {
  expect(await followed(text)).toEqual([expect.stringMatching(/^(GRANT|REVOKE) ignored$/)]);
  expect((await rights()).rowCount).toBe(0);
});

test.each([
  'GRANT SELECT ON orders, sec TO PUBLIC',
  'GRANT SELECT("id")ON"sec"TO PUBLIC',
  'GRANT SELECT ON U&"s\\0065c" TO PUBLIC',
  'GRANT SELECT ON ALL TABLES IN SCHEMA pg_temp TO PUBLIC',
  'DO $$BEGIN GRANT SELECT ON sec TO PUBLIC; END$$',
  `DO $$BEGIN EXECUTE 'GRANT SELECT ON s' || 'ec TO PUBLIC'; END$$`,
])('of %s it cannot be told: nobody gets a right, and that is said', async (text) => {
  expect(await followed(text)).toEqual(['GRANT failed']);
  expect((await rights()).rowCount).toBe(0);
  await on.pair.source.query('REVOKE ALL ON public.sec, orders FROM PUBLIC');
});

test.each(['GRANT SELECT ON public.sec TO PUBLIC', 'grant insert ON "public" . "sec", public./**/Sec TO PUBLIC'])(
  '%s is about another schema, whatever its session has, and is carried out',
  async (text) => {
    expect(await followed(text)).toEqual(['GRANT applied']);
    expect((await rights()).rowCount).toBe(1);
    expect(await followed('REVOKE ALL ON public.sec FROM PUBLIC')).toEqual(['REVOKE applied']);
    expect((await rights()).rowCount).toBe(0);
  },
);

test.each([
  'CREATE TABLE foo (LIKE sec)',
  'CREATE TABLE foo AS SELECT sec.id FROM sec',
  'CREATE TABLE foo (id int, "a."sec)',
  'CREATE TABLE foo (id int, "a. "sec)',
  'CREATE TABLE foo (id int, "."_sec)',
  'CREATE TABLE foo AS SELECT public.sec.id FROM public.sec, sec s',
  `CREATE TABLE foo AS SELECT * FROM "pg_temp". "sec"`,
  'CREATE TABLE foo AS SELECT * FROM Sec',
  'CREATE TABLE foo AS TABLE/**/"sec"',
  'CREATE TABLE foo AS SELECT * FROM U&"s\\0065c"',
  'CREATE TABLE foo AS SELECT * FROM "O""dd Name"',
  'CREATE TABLE foo (a sec[])',
  'CREATE TABLE foo (a _sec)',
  `CREATE TABLE foo (a oid DEFAULT 'sec'::regclass::oid)`,
  `CREATE TABLE foo (a oid DEFAULT E's\\x65c'::regclass::oid)`,
  `CREATE TABLE foo (a oid DEFAULT $a$sec$a$::regclass::oid)`,
  `CREATE TABLE foo (a oid DEFAULT 's'\n'ec'::regclass::oid)`,
])('before %s the stream stops, and says why', async (text) => {
  const one = await on.stops('skip', text);
  expect(one).toMatchObject({ state: 'stopped', verdict: 'stop', reason: expect.stringContaining('temporary object') });
  await on.pair.source.query('SET client_min_messages = warning; DROP TABLE foo CASCADE');
  expect(await on.pair.clone.query(`SELECT to_regclass('foo')`)).toMatchObject({ rows: [{ to_regclass: null }] });
  await on.stops('skip');
});

test('a name that is cut off, a temporary type, view and function', async () => {
  const long = 'x'.repeat(70);
  await on.pair.source.query(`CREATE TEMP TABLE ${long} (id int); CREATE TEMP VIEW seen AS SELECT 1 AS id;
    CREATE DOMAIN pg_temp.dom AS int; CREATE TYPE pg_temp.pair AS (a int)`);
  for (const from of [`(LIKE ${long})`, 'AS SELECT * FROM seen', '(a dom)', '(a pair)'])
    expect(await on.stops('skip', `CREATE TABLE of_it_${from.length} ${from}`)).toMatchObject({ verdict: 'stop' });
});

test('what only looks so is carried out', async () => {
  expect(
    await followed(
      '/* sec */ CREATE TABLE secs (id int PRIMARY KEY) -- like sec',
      `COMMENT ON TABLE orders IS 'beside sec'`,
      'ALTER TABLE orders ADD COLUMN a_sec int, ADD second int',
      `CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = public, pg_temp AS 'SELECT 1'`,
      'GRANT SELECT ON secs TO PUBLIC',
    ),
  ).toEqual(['CREATE TABLE', 'COMMENT', 'ALTER TABLE', 'CREATE FUNCTION', 'GRANT'].map((tag) => `${tag} applied`));
});

test('a trigger of a temporary table is left out, and another session is none of it', async () => {
  await followed(`CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`);
  expect(await followed('CREATE TRIGGER tr BEFORE INSERT ON sec FOR EACH ROW EXECUTE FUNCTION t()')).toEqual([
    'CREATE TRIGGER ignored',
  ]);
  const before = await on.last();
  const other = await on.pair.test.connect('shop');
  await other.query('GRANT SELECT ON sec TO PUBLIC').finally(() => other.end());
  await on.drained();
  expect(await on.outcomes(before)).toEqual(['GRANT applied']);
});
