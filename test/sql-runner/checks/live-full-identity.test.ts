import type { Client } from 'pg';
import type { Finding } from '../../../sql-runner/model/change';
import { from } from '../../support/postgres-major';
import { sourceContract } from '../support/contract';
import { startSurveyedCluster, type SurveyedCluster } from '../support/surveyed-cluster';
import { carryOut } from './printed-fix';

/** Tables whose rows are looked up by all that they hold: of what types, and beside what key. */
let world: SurveyedCluster;
let source: Client;

beforeAll(async () => {
  world = await startSurveyedCluster(sourceContract(['shop', 'ledger']), { wal_level: 'logical' });
  ({ source } = world);
  await source.query(`CREATE COLLATION fold (provider = icu, locale = 'und', deterministic = false)`);
});
afterAll(() => world?.stop());

const find = async (code: string): Promise<Finding[]> => (await world.findings()).filter((one) => one.code === code);

test('FULL_IDENTITY_UNMATCHABLE and FULL_IDENTITY_INEXACT: every such type, and nothing else', async () => {
  await source.query(
    `CREATE TABLE types (j json, x xml, p point, f float8, i interval, b jsonb, n numrange, c text COLLATE fold, bp bpchar,
                         ok1 uuid, ok2 text, ok3 timestamptz, ok4 inet, ok5 bytea, ok6 numeric(5, 1), ok7 daterange);
     ALTER TABLE types REPLICA IDENTITY FULL`,
  );
  const columns = async (code: string) => (await find(code)).map(({ seen }) => /column (\w+) of/.exec(seen)![1]);
  expect(await columns('FULL_IDENTITY_UNMATCHABLE')).toEqual(['j', 'p', 'x']);
  expect(await columns('FULL_IDENTITY_INEXACT')).toEqual(['b', 'bp', 'c', 'f', 'i', 'n']);
  await source.query('DROP TABLE types');
});

test('FULL_IDENTITY_INEXACT: a type that holds such a one, however deep', async () => {
  await source.query(
    `CREATE TYPE price AS (amount numeric, unit text); CREATE TYPE priced AS (prices price[]);
     CREATE DOMAIN some_prices AS priced[]; CREATE TYPE span AS RANGE (subtype = price); CREATE TYPE day AS (n int, r daterange);
     CREATE TABLE deep (d1 some_prices, d2 numrange[], d3 span, ok1 day[], ok2 int4range[]); ALTER TABLE deep REPLICA IDENTITY FULL`,
  );
  if (from(14))
    await source.query('ALTER TABLE deep ADD m1 nummultirange, ADD m2 nummultirange[], ADD o int4multirange');
  const columns = (await find('FULL_IDENTITY_INEXACT')).map(({ seen }) => /column (\w+) of/.exec(seen)![1]);
  expect(columns).toEqual(['d1', 'd2', 'd3', ...(from(14) ? ['m1', 'm2'] : [])]);
  await source.query('DROP TABLE deep; DROP TYPE day, span; DROP DOMAIN some_prices; DROP TYPE priced, price');
});

test('tables with whole rows as identity: no statement that makes production refuse writes, whatever their key', async () => {
  await source.query(
    `CREATE TABLE put_off (id numeric, v numeric, PRIMARY KEY (id) DEFERRABLE);
     INSERT INTO put_off SELECT g, g FROM generate_series(1, 10000) g;
     ALTER TABLE put_off REPLICA IDENTITY FULL; ANALYZE put_off;
     CREATE TABLE points (id int PRIMARY KEY DEFERRABLE, p point); ALTER TABLE points REPLICA IDENTITY FULL;
     CREATE PUBLICATION of_keys FOR TABLE put_off, points`,
  );
  const told = (await world.findings()).filter(({ seen }) => /public\.(put_off|points) /.test(seen));
  expect(new Set(told.map(({ code }) => code))).toEqual(
    new Set(['FULL_IDENTITY_INEXACT', 'FULL_IDENTITY_SLOW', 'FULL_IDENTITY_UNMATCHABLE']),
  );
  for (const { code, seen, next } of told) {
    expect(seen).not.toContain('no primary key');
    if (code === 'FULL_IDENTITY_INEXACT') expect(seen).toContain('a deferrable primary key');
    expect(next).toContain('leave its replica identity as it is: with a deferrable primary key');
    expect(next).not.toMatch(/ALTER TABLE/);
  }
  // The server says the same.
  await source.query('ALTER TABLE put_off REPLICA IDENTITY DEFAULT');
  await expect(source.query('UPDATE put_off SET v = 0')).rejects.toThrow(/does not have a replica identity/);
  // With another key it is printed, and heals.
  await source.query(`ALTER TABLE put_off REPLICA IDENTITY FULL, DROP CONSTRAINT put_off_pkey, ADD PRIMARY KEY (id)`);
  const [slow] = await find('FULL_IDENTITY_SLOW');
  await carryOut(slow!, source, 'FULL_IDENTITY_SLOW');
  await source.query('UPDATE put_off SET v = 0 WHERE id = 1');
  expect((await world.findings()).filter(({ seen }) => seen.includes('public.put_off '))).toEqual([]);
  await source.query('DROP PUBLICATION of_keys; DROP TABLE put_off, points');
});
