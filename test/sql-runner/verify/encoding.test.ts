import type { Session } from '../../../sql-runner/postgres/session';
import { hashSql } from '../../../sql-runner/verify/encoding';
import { readShape } from '../../../sql-runner/verify/table-shape';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { from } from '../../support/postgres-major';
import { openSession, targetOf } from '../postgres/sessions';

/** Type, and literals that must all hash differently although some are equal as values. */
const LOOK_ALIKES: readonly (readonly [string, readonly (string | null)[]])[] = [
  ['text', ['', 'a', 'a ', 'A', null]],
  ['text COLLATE public.no_case', ['a', 'A']],
  ['char(4)', ['', 'a', null]],
  ['bpchar', ['a', 'a ']],
  ['numeric', ['1', '1.0', '1.00', 'NaN', null]],
  ['numeric(6,2)', ['1.00', '1.01']],
  ['bigint', ['1', '4294967296', '-1', '0', null]],
  ['timestamptz', ['2000-01-01 00:00:00.000001Z', '2000-01-01 01:11:34.967296Z']],
  ['double precision', ['0', '-0', 'NaN', 'Infinity', '0.1', '0.10000000000000002']],
  ['interval', ['1 month', '30 days', '720 hours']],
  [
    'jsonb',
    ['{"a": [1]}', '{"a": [2]}', '{"a": {"b": 1}}', '{"a": {"b": "1"}}', '{"a": 1.0}', '{"a": 1}', 'null', null],
  ],
  ['json', ['{"a":1}', '{"a": 1}', '{"a":1,"a":1}']],
  ['int[]', ['{}', '{1,2}', '{{1,2}}', '{{1},{2}}', '{1,2,NULL}', '[0:1]={1,2}', null]],
  ['text[]', ['{NULL}', '{"NULL"}', '{}', '{""}']],
  ['public.mood[]', ['{calm}', '{wild}', '{{calm}}']],
  ['bit(3)', ['101', '100']],
  ['varbit', ['1', '10', '01']],
  ['money', ['1.00', '1.01']],
  ['point', ['(0,0)', '(-0,0)', '(1,2)']],
  ['tsvector', ['a b', 'b:1 a', 'a:1 b:2']],
  ['xml', ['<a/>', '<a></a>']],
  ['int4range', ['[1,2)', '[1,3)', 'empty', '(,3)']],
  ['public.pair', ['(1,2.0)', '(1,2.00)', '(1,)', null]],
  ['public.short_text', ['a', 'A']],
  ['bytea', ['\\x', '\\x00', '\\x0000', null]],
  ['timetz', ['12:00+00', '14:00+02']],
  ['regclass', ['pg_class', 'pg_type']],
];

let test: TestCluster;
let session: Session;

beforeAll(async () => {
  test = await startTestCluster();
  const setup = await test.connect('shop');
  await setup.query(`CREATE TYPE mood AS ENUM ('calm', 'wild'); CREATE TYPE pair AS (a int, b numeric);
    CREATE COLLATION no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE DOMAIN short_text AS text COLLATE no_case`);
  session = await openSession(targetOf(test, 'shop'), { readOnly: false });
});

afterAll(async () => {
  await session?.close();
  await test?.stop();
});

it.each(LOOK_ALIKES)('tells values of %s apart, and only different ones', async (type, literals) => {
  await session.query(`DROP TABLE IF EXISTS public.t`);
  await session.query(`CREATE TABLE public.t (n int, "V 1" ${type})`);
  // Each value twice: the hash must depend on nothing but the value.
  for (const literal of [...literals, ...literals]) {
    await session.query(`INSERT INTO public.t VALUES ($1, $2)`, [literals.indexOf(literal), literal]);
  }
  const shape = await readShape(session, { schema: 'public', name: 't' });
  const column = shape!.columns.filter(({ name }) => name === 'V 1');
  const rows = await session.query<{ n: number; hash: string }>(
    `SELECT DISTINCT n, ${hashSql(column, 6n, session.serverVersionNum)} AS hash FROM public.t t`,
  );
  expect(rows).toHaveLength(literals.length);
  expect(new Set(rows.map(({ hash }) => hash)).size).toBe(literals.length);
});

it('hashes by the seed, and in the form for servers without hash_record_extended too', async () => {
  const shape = await readShape(session, { schema: 'public', name: 't' });
  const hashes = [
    // On 13 there is no other form.
    ...(from(14) ? [hashSql(shape!.columns, 1n, 170000), hashSql(shape!.columns, 2n, 170000)] : []),
    hashSql(shape!.columns, 1n, 130000),
    hashSql(shape!.columns, 2n, 130000),
  ];
  const [row] = await session.query<Record<string, string>>(
    `SELECT ${hashes.map((hash, i) => `${hash} AS h${i}`).join(', ')} FROM public.t t LIMIT 1`,
  );
  expect(new Set(Object.values(row!)).size).toBe(hashes.length);
});
