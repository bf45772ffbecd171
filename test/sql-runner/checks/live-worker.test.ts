import type { Client } from 'pg';
import type { Finding } from '../../../sql-runner/model/change';
import { roleSettings } from '../../../sql-runner/resources/role-settings';
import { quoteLiteral } from '../../../sql-runner/postgres/text/quoting';
import { from, postgresMajor } from '../../support/postgres-major';
import { ConnectedPair, PAIR_PARAMETERS } from '../support/connected-pair';
import { carryOut } from './printed-fix';

/**
 * What stops an apply worker although both sides hold the same: what its functions find, what its role may do, and
 * what settings it starts with. Each is found before a row comes to it, stops the worker, and is healed as printed.
 */
const FUNCTIONS = `
  CREATE SCHEMA helpers;
  CREATE FUNCTION helpers.strip_marks(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT translate(lower(t), 'äöü', 'aou') $$;
  CREATE FUNCTION norm(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = public, helpers AS $$ BEGIN RETURN trim(strip_marks(t)); END $$;
  CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL);
  CREATE INDEX "people norm" ON people (norm(name), id) WHERE norm(name) <> '';
  CREATE TABLE articles (id int PRIMARY KEY, title text, slug text GENERATED ALWAYS AS (norm(title)) STORED);
  CREATE TABLE limits (top int PRIMARY KEY);
  CREATE FUNCTION known(i int) RETURNS boolean LANGUAGE sql STABLE SET search_path = public AS $$ SELECT i < (SELECT max(top) FROM limits) $$;
  CREATE TABLE parcels (id int PRIMARY KEY, weight int CHECK (known(weight)));
  CREATE FUNCTION odd(i int) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$ BEGIN RETURN i % 2 = 1 AND strip_marks('x') = 'x'; END $$;
  CREATE TABLE unseen (id int PRIMARY KEY, n int CHECK (n IS NULL OR odd(n)));
  CREATE FUNCTION fine(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT upper(helpers.strip_marks(t)) $$;
  CREATE TABLE fines (id int PRIMARY KEY, v text); CREATE INDEX ON fines (fine(v));
  INSERT INTO limits VALUES (100);
  INSERT INTO people VALUES (1, 'Jörg'); INSERT INTO articles VALUES (1, 'Ähre'); INSERT INTO parcels VALUES (1, 5);
  INSERT INTO fines VALUES (1, 'ü');
  ALTER FUNCTION norm(text) RESET search_path; ALTER FUNCTION known(int) RESET search_path;`;
const RIGHTS = `
  CREATE ROLE archive; GRANT archive TO master; GRANT CREATE, USAGE ON SCHEMA public TO archive;
  CREATE TABLE closed_books (id int PRIMARY KEY, v text); CREATE TABLE closed_parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
  CREATE TABLE closed_part PARTITION OF closed_parts DEFAULT; CREATE TABLE untruncated (id int PRIMARY KEY);
  ALTER TABLE closed_books OWNER TO archive; ALTER TABLE closed_part OWNER TO archive; ALTER TABLE untruncated OWNER TO archive;
  INSERT INTO closed_books VALUES (1, 'a'); INSERT INTO untruncated VALUES (1);
  REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON closed_books, closed_part FROM archive; REVOKE TRUNCATE ON untruncated FROM archive;
  CREATE FUNCTION secret_sum(i int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT i * 2 $$;
  CREATE TABLE sums (id int PRIMARY KEY); CREATE INDEX ON sums (secret_sum(id)); ALTER TABLE sums OWNER TO archive;
  REVOKE EXECUTE ON FUNCTION secret_sum(int) FROM PUBLIC;`;
const VALUES = `
  CREATE TABLE lists (id int PRIMARY KEY, a text[]); CREATE TABLE docs (id int PRIMARY KEY, x xml);
  CREATE TABLE bulk (id int PRIMARY KEY, v text); CREATE TABLE stock (id int PRIMARY KEY, n int); INSERT INTO stock VALUES (1, 1);
  CREATE TYPE price AS (net money, note text); CREATE DOMAIN fee AS money;
  CREATE TABLE forms (id int PRIMARY KEY, d date, t timestamptz, i interval, f float8, b bytea, c regclass, a price[], y fee);`;

let world: ConnectedPair;
let sourceAdmin: Client;
beforeAll(async () => {
  world = await ConnectedPair.start([FUNCTIONS, RIGHTS, VALUES].join('\n'), {
    ...PAIR_PARAMETERS,
    // A piece of a large transaction has this size; what is written of one piece is what the limit counts.
    logical_decoding_work_mem: '1MB',
  });
  sourceAdmin = await world.test.cluster.adminClient('shop');
  world.test.onStop(() => sourceAdmin.end());
});
afterAll(() => world?.stop());

test('FUNCTION_NEEDS_SEARCH_PATH: proven by trying it, before a row comes to it; volatile ones by their text', async () => {
  const found = await world.findings('FUNCTION_NEEDS_SEARCH_PATH');
  const summary = found.map(({ severity, seen }) => [severity, /public\.\w+\(\w+\)/.exec(seen)?.[0]]);
  expect(summary).toEqual([
    ['block', 'public.norm(text)'],
    ['block', 'public.known(integer)'],
    ['warn', 'public.odd(integer)'],
  ]);
  expect(found[0]!.seen).toMatch(
    /generated column slug of public\.articles and 1 more .*function strip_marks\(text\) does not exist/,
  );
  expect(found[2]!.seen).toContain('names helpers.strip_marks without the schema; it was not tried');
  await world.follow();
  // One after the other: each would hold up the next.
  for (const [index, sql, error] of [
    [0, `INSERT INTO people VALUES (2, 'Käthe')`, /function strip_marks\(text\) does not exist/],
    [1, 'INSERT INTO parcels VALUES (2, 7)', /relation "limits" does not exist/],
    [2, 'INSERT INTO unseen VALUES (1, NULL), (2, 3)', /function strip_marks\(unknown\) does not exist/],
  ] as const) {
    const since = world.log().length;
    await world.source.query(`SET search_path = public, helpers; ${sql}; RESET search_path`);
    await world.says(error, since);
    await carryOut(found[index]!, world.cloneAdmin, 'FUNCTION_NEEDS_SEARCH_PATH');
  }
  await world.arrives('SELECT count(*)::int FROM unseen', [[2]]);
  await world.arrives('SELECT id FROM people WHERE id = 2 UNION ALL SELECT id FROM parcels WHERE id = 2', [[2], [2]]);
  expect(await world.findings('FUNCTION_NEEDS_SEARCH_PATH')).toEqual([]);
});

test('OWNER_LACKS_RIGHTS: what an owner took from itself, and is not asked for before 16 of a superuser', async () => {
  const found = await world.findings('OWNER_LACKS_RIGHTS');
  if (!from(16)) return expect(found).toEqual([]);
  expect(found.map(({ severity, stops }) => [severity, stops])).toEqual([
    ['block', ['connect']],
    ['warn', undefined],
    ['block', ['connect']],
  ]);
  expect(found[0]!.seen).toContain(
    'archive has no INSERT, UPDATE, DELETE, and master has no TRUNCATE on public.closed_books, public.closed_part',
  );
  expect(found[2]!.seen).toContain('archive may not execute public.secret_sum(integer)');
  const steps = [
    [
      'INSERT INTO closed_books VALUES (2, $$b$$); INSERT INTO closed_parts VALUES (1, $$p$$)',
      /permission denied for table closed_books/,
    ],
    ['TRUNCATE untruncated', /permission denied for table untruncated/],
    ['INSERT INTO sums VALUES (1)', /permission denied for function secret_sum/],
  ] as const;
  for (const [index, [sql, error]] of steps.entries()) {
    const since = world.log().length;
    await sourceAdmin.query(sql);
    await world.says(error, since);
    await carryOut(found[index]!, world.cloneAdmin, 'OWNER_LACKS_RIGHTS');
  }
  await world.arrives(
    'SELECT id FROM closed_books UNION ALL SELECT id FROM closed_parts UNION ALL SELECT id FROM sums',
    [[1], [2], [1], [1]],
  );
  await world.arrives('SELECT count(*)::int FROM untruncated', [[0]]);
  expect(await world.findings('OWNER_LACKS_RIGHTS')).toEqual([]);
});

test('no setting of either side changes a value on its way, in whatever form both write it', async () => {
  const settings = {
    datestyle: 'SQL, DMY',
    intervalstyle: 'sql_standard',
    extra_float_digits: '-15',
    bytea_output: 'escape',
    timezone: 'Asia/Kolkata',
    quote_all_identifiers: 'on',
    search_path: 'helpers',
  };
  const all = Object.entries(settings);
  for (const client of [world.source, world.cloneAdmin])
    for (const [name, value] of all) await client.query(`ALTER DATABASE shop SET ${name} = ${quoteLiteral(value)}`);
  // As apply sets them for the role that replicates.
  for (const { name, value } of roleSettings(postgresMajor() * 10_000))
    await sourceAdmin.query(`ALTER ROLE master SET ${name} = ${quoteLiteral(value)}`);
  await world.restartWorker();
  await world.source
    .query(`INSERT INTO forms VALUES (1, '2026-03-04', '2026-03-04 05:06:07.5+05:45', '-1 year 2 mons -3 days 04:05', 0.1::float8 + 0.2,
    '\\x5c00ff', 'public.stock', ARRAY[ROW('-1234.5', 'x')::price], '7.25'), (2, '0044-03-15 BC', '-infinity', '-1 day -00:00:01', '-0', '', 'pg_class', '{}', NULL)`);
  await world.arrives('SELECT count(*)::int FROM forms', [[2]]);
  const bits = `SELECT id, encode(record_send(ROW(d, t, i, f, b, y)), 'hex') AS row, encode(record_send(ROW(a)), 'hex') AS list, c::oid::int FROM forms ORDER BY 1`;
  const [there, here] = [await world.source.query(bits), await world.cloneAdmin.query(bits)];
  expect(here.rows).toEqual(there.rows);
  for (const client of [world.source, world.cloneAdmin])
    for (const [name] of all) await client.query(`ALTER DATABASE shop RESET ${name}`);
  await sourceAdmin.query('ALTER ROLE master RESET ALL');
  await world.restartWorker();
});

test('MONEY_FORMS_DIFFER: where amounts are sent, in columns of any make, until both sides write them alike', async () => {
  expect(await world.findings('MONEY_FORMS_DIFFER')).toEqual([]);
  await world.cloneAdmin.query(`ALTER DATABASE shop SET lc_monetary = 'POSIX'`);
  const [finding] = await world.findings('MONEY_FORMS_DIFFER');
  expect(finding).toMatchObject({
    severity: 'block',
    seen: 'lc_monetary of database shop is C for what the source sends and POSIX for the apply worker on the clone, and of type money are public.forms.a, public.forms.y',
  });
  await carryOut(finding!, world.cloneAdmin, 'MONEY_FORMS_DIFFER');
  await world.streams();
  expect(await world.findings('MONEY_FORMS_DIFFER')).toEqual([]);
  await world.cloneAdmin.query(`ALTER DATABASE shop RESET lc_monetary; ALTER ROLE master IN DATABASE shop RESET ALL`);
});

test('SETTING_HARMS_APPLY: each that reaches the worker is named with where it comes from, and is healed', async () => {
  const set = async (where: string, setting: string): Promise<Finding> => {
    await world.cloneAdmin.query(`ALTER ${where} SET ${setting}`);
    await world.restartWorker();
    const found = await world.findings('SETTING_HARMS_APPLY');
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const healed = async (where: string, name: string): Promise<void> => {
    expect(await world.findings('SETTING_HARMS_APPLY')).toEqual([]);
    await world.cloneAdmin.query(`ALTER ${where} RESET ${name}; ALTER ROLE master IN DATABASE shop RESET ALL`);
  };
  expect(await world.findings('SETTING_HARMS_APPLY')).toEqual([]);

  const nulls = await set('DATABASE shop', 'array_nulls = off');
  expect(nulls).toMatchObject({ severity: 'block', seen: expect.stringContaining('set for this database') });
  await world.source.query(`INSERT INTO lists VALUES (1, ARRAY[NULL, 'x'])`);
  await world.arrives('SELECT id, a[1] FROM lists', [[1, 'NULL']]);
  await carryOut(nulls, world.cloneAdmin, 'SETTING_HARMS_APPLY');
  await world.source.query(`INSERT INTO lists VALUES (2, ARRAY[NULL, 'x'])`);
  await world.arrives('SELECT id, a[1] FROM lists', [
    [1, 'NULL'],
    [2, null],
  ]);
  await healed('DATABASE shop', 'array_nulls');

  const lock = await set('ROLE master', `lock_timeout = '100ms'`);
  await world.cloneAdmin.query('BEGIN; SELECT FROM stock FOR UPDATE');
  const since = world.log().length;
  await world.source.query('UPDATE stock SET n = 2');
  await world.says(/canceling statement due to lock timeout/, since);
  await world.cloneAdmin.query('COMMIT');
  await carryOut(lock, world.cloneAdmin, 'SETTING_HARMS_APPLY');
  await world.arrives('SELECT n FROM stock', [[2]]);
  await healed('ROLE master', 'lock_timeout');

  for (const [name, value, error] of [
    ...(from(14) ? [['temp_file_limit', '200kB', /temporary file size exceeds "?temp_file_limit/] as const] : []),
    ...(from(17)
      ? [['transaction_timeout', '20ms', /FATAL: +terminating connection due to transaction timeout/] as const]
      : []),
  ]) {
    const limit = await set('DATABASE shop', `${name} = '${value}'`);
    const before = world.log().length;
    await world.source.query(
      `TRUNCATE bulk; INSERT INTO bulk SELECT g, repeat('x', 100) FROM generate_series(1, 20000) g`,
    );
    await world.says(error, before);
    await carryOut(limit, world.cloneAdmin, 'SETTING_HARMS_APPLY');
    await world.arrives('SELECT count(*)::int FROM bulk', [[20000]]);
    await healed('DATABASE shop', name);
  }

  const xml = await set('DATABASE shop', 'xmloption = document');
  await world.source.query(`INSERT INTO docs VALUES (1, 'no document')`);
  await world.says(/invalid XML document/);
  await carryOut(xml, world.cloneAdmin, 'SETTING_HARMS_APPLY');
  await world.arrives('SELECT id FROM docs', [[1]]);
  await healed('DATABASE shop', 'xmloption');
});
