import type { Client } from 'pg';
import type { Session } from '../../../sql-runner/postgres/session';
import { rowHashSql } from '../../../sql-runner/verify/row-hash';
import { readShape } from '../../../sql-runner/verify/table-shape';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';
import { BUILT_IN, columnsOver, EVERY_TYPE, NOT_FOR_TABLES, OWN_TYPES, OWN_TYPES_DDL } from './every-type';

let test: TestCluster;
let admin: Client;
let session: Session;

beforeAll(async () => {
  test = await startTestCluster();
  admin = await test.cluster.adminClient('shop');
  test.onStop(() => admin.end());
  await admin.query(OWN_TYPES_DDL);
  await admin.query('SET search_path = pg_catalog');
  await admin.query('GRANT CREATE ON SCHEMA public TO master');
  session = await openSession(targetOf(test, 'shop'), { readOnly: false });
});

afterAll(async () => {
  await session?.close();
  await test?.stop();
});

const COLUMNS = columnsOver({ ...BUILT_IN, ...OWN_TYPES });
/** Each value at least twice, and nulls: the hash must depend on nothing but the value. */
const ROWS = 2 * Math.max(...COLUMNS.map(({ values }) => values.length)) + 2;

/**
 * The judge: the text that the server sends for the value when a client asks
 * for text, by the type's output function and no function of SQL.
 */
async function sentAndHashed(): Promise<{ texts: (string | null)[]; hashes: string[] }[]> {
  const { columns } = (await readShape(session, { schema: 'public', name: 'all_types' }))!;
  const each = columns.map((column) => `t.${column.name}, ${rowHashSql([column], 6n)}`);
  const result = await admin.query({
    text: `SELECT ${each.join(', ')} FROM public.all_types t`,
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  });
  const rows = result.rows as (string | null)[][];
  return columns.map((_, i) => ({ texts: rows.map((row) => row[2 * i]!), hashes: rows.map((row) => row[2 * i + 1]!) }));
}

it('tells the values of every type apart exactly when their output texts differ', async () => {
  const columns = COLUMNS.map(({ type, collation }, i) => `c${i} ${type} ${collation}`);
  const row = (n: number): string =>
    COLUMNS.map(({ values }) => [...values, 'NULL'][n % (values.length + 1)]).join(', ');
  const rows = Array.from({ length: ROWS }, (_, n) => `(${row(n)})`);
  await session.query(`CREATE TABLE public.all_types (${columns.join(', ')})`);
  for (const values of rows) await session.query(`INSERT INTO public.all_types VALUES ${values}`);
  const seen = await sentAndHashed();
  const distinct = seen.map(({ texts, hashes }, i) => ({
    type: COLUMNS[i]!.type,
    texts: new Set(texts).size,
    hashes: new Set(hashes).size,
    pairs: new Set(texts.map((text, n) => JSON.stringify([text, hashes[n]]))).size,
  }));
  expect(distinct.filter(({ texts, hashes, pairs }) => texts !== hashes || texts !== pairs)).toEqual([]);
  // Two values and null at least: a type of which only one text was seen would prove nothing.
  expect(distinct.filter(({ texts }) => texts < 3)).toEqual([]);
});

it('knows every type that this server has', async () => {
  const rows = await session.query<{ name: string }>(
    `SELECT typname::text AS name FROM pg_type
      WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm')
        AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = pg_type.oid)`,
  );
  const known = [...Object.keys(EVERY_TYPE), ...NOT_FOR_TABLES, 'int2vector', 'oidvector'];
  expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
});

it('hashes by the seed, and alike on every major', async () => {
  await session.query(`CREATE TABLE public.two_rows (a int8, b text, c timestamptz, d numeric, e jsonb, f bytea)`);
  await session.query(
    `INSERT INTO public.two_rows VALUES (-4294967297, 'ä', '2000-01-01 00:00+09', 1.00, '{"a": 1.0}', '\\x00ff'),
       (7, NULL, NULL, NULL, NULL, NULL)`,
  );
  const { columns } = (await readShape(session, { schema: 'public', name: 'two_rows' }))!;
  const hashes = async (seed: bigint): Promise<string[]> =>
    (
      await session.query<{ hash: string }>(
        `SELECT ${rowHashSql(columns, seed)} AS hash FROM public.two_rows t ORDER BY a`,
      )
    ).map(({ hash }) => hash);
  expect(await hashes(1n)).toEqual(['-9077662966091826655', '-4439165690253522573']);
  expect(await hashes(2n)).not.toEqual(await hashes(1n));
});

const ROWS_72 = `(VALUES (1, 'p'), (2, 'q')) AS t (n, v)`;
const EXCHANGED_72 = `(VALUES (1, 'q'), (2, 'p')) AS t (n, v)`;
const columnsOf = (...types: string[]) =>
  types.map((baseName, i) => ({
    name: ['n', 'v'][i] ?? `c${i}`,
    type: baseName,
    domain: false,
    baseType: baseName,
    baseName,
    builtIn: true,
  }));

it('adds up to something else when rows exchange a value', async () => {
  const sum = async (hash: string, rows: string): Promise<string> =>
    (await session.query<{ sum: string }>(`SELECT sum(${hash}) AS sum FROM ${rows}`))[0]!.sum;
  const hash = rowHashSql(columnsOf('int4', 'text'), 5n);
  expect(await sum(hash, EXCHANGED_72)).not.toBe(await sum(hash, ROWS_72));
  // What this guards against.
  if (!from(14)) return;
  const linear = 'hash_record_extended(ROW(n, v COLLATE "C"), 5)';
  expect(await sum(linear, EXCHANGED_72)).toBe(await sum(linear, ROWS_72));
});

/**
 * 256 booleans by the Thue-Morse sequence and their negations: the sum of the
 * signs times the powers of 31 is the product of 31^(2^k) - 1 for k below 8,
 * which 2^64 divides.
 */
it('tells rows apart that combinations by powers of 31 never do', async () => {
  const bits = Array.from({ length: 256 }, (_, i) => [...i.toString(2)].filter((bit) => bit === '1').length % 2 === 1);
  const names = bits.map((_, i) => `c${i}`);
  await session.query(`CREATE TABLE public.thue (${names.map((name) => `${name} bool`).join(', ')})`);
  await session.query(`INSERT INTO public.thue VALUES (${bits.join(', ')}), (${bits.map((bit) => !bit).join(', ')})`);
  const { columns } = (await readShape(session, { schema: 'public', name: 'thue' }))!;
  const distinct = async (hash: string): Promise<number> =>
    Number((await session.query<{ n: string }>(`SELECT count(DISTINCT ${hash}) AS n FROM public.thue t`))[0]!.n);
  expect(await distinct(rowHashSql(columns, 5n))).toBe(2);
  if (from(14)) expect(await distinct(`hash_record_extended(ROW(${names.join(', ')}), 123456789)`)).toBe(1);
});

it('takes a table of as many columns as there can be', async () => {
  const names = Array.from({ length: 1_600 }, (_, i) => `c${i}`);
  await session.query(`CREATE TABLE public.wide (${names.map((name) => `${name} numeric`).join(', ')})`);
  await session.query('INSERT INTO public.wide (c0, c1599) VALUES (1, 2), (2, 1)');
  const { columns } = (await readShape(session, { schema: 'public', name: 'wide' }))!;
  const rows = await session.query(`SELECT DISTINCT ${rowHashSql(columns, 5n)} FROM public.wide t`);
  expect(rows).toHaveLength(2);
});
