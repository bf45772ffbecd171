import { verifyTables } from '../../../sql-runner/verify/verify-tables';
import type { TableVerdict } from '../../../sql-runner/verify/types';
import { eventually } from '../../support/eventually';
import { OWN_TYPES_DDL } from './every-type';
import { startReplicatedPair, type ReplicatedPair } from './replicated-pair';

/** Type of the key; three keys; and one that the type takes for equal to the first although its text is another. */
const KEYS: readonly (readonly [string, readonly [string, string, string], string?])[] = [
  ['int8', ['1', '4294967297', '-7']],
  ['numeric', ['1.0', '2', 'NaN'], '1.00'],
  ['float8', ['0', '0.1', 'NaN'], '-0'],
  ['bpchar', ['a', 'b', ''], 'a '],
  ['text COLLATE public.no_case', ['a', 'b', ''], 'A'],
  ['timestamptz', ['2000-01-01 00:00:00+00', 'infinity', '2000-01-01 00:00:00.000001+00']],
  ['interval', ['1 mon', '1 day', '-00:00:01'], '30 days'],
  [
    'uuid',
    [
      '00000000-0000-0000-0000-000000000001',
      '00000000-0000-0000-0000-000000000002',
      'ffffffff-0000-0000-0000-000000000002',
    ],
  ],
  ['bytea', ['\\x00', '\\x', '\\x0000']],
  ['jsonb', ['{"a": 1.0}', '[]', 'null'], '{"a": 1.00}'],
  ['tsquery', [`'a' & 'b' & 'c'`, `'a'`, `!'b'`]],
  ['int[]', ['{1,2}', '{}', '{{1,2}}']],
  ['daterange', ['[2000-01-01,2000-02-01)', 'empty', '(,)']],
  ['public.citext', ['a', 'b', ''], 'A'],
  ['public.ltree', ['a.b', 'a', 'b']],
  ['public.hstore', ['"a"=>"1"', '', '"a"=>NULL']],
  ['public.mood', ['calm', 'wild', 'null']],
  ['public.pair', ['(1,2.0)', '(1,)', '(2,2)'], '(1,2.00)'],
  ['public.padded_again', ['a', 'b', ''], 'a '],
  ['public.degrees', ['0', '1', 'NaN'], '-0'],
  ['public.big', ['1', '4294967297', '-7']],
  ['public.told', ['one', 'two', 'two and a half']],
];
const tableOf = (i: number): string => `keyed_${i}`;
const TABLES = KEYS.map((_, i) => ({ schema: 'public', name: tableOf(i) }));

let pair: ReplicatedPair;

beforeAll(async () => {
  const tables = KEYS.map(
    ([type], i) => `CREATE TABLE ${tableOf(i)} (k ${type} PRIMARY KEY, "Third" int NOT NULL, v text)`,
  );
  pair = await startReplicatedPair(`
    ${OWN_TYPES_DDL} ALTER TYPE told ADD VALUE 'two and a half'; ${tables.join('; ')};
    CREATE TABLE pages (id int, kind mood, "when" timestamptz, v text, PRIMARY KEY (kind, id, "when"));
    CREATE TABLE lost_key (k text PRIMARY KEY, v text);`);
  for (const [i, [, keys]] of KEYS.entries()) {
    const rows = keys.map((_, n) => `($${n + 1}, ${n}, 'v')`);
    await pair.source.query(`INSERT INTO ${tableOf(i)} VALUES ${rows.join(', ')}`, [...keys]);
  }
  await pair.source
    .query(`INSERT INTO pages SELECT g % 7, 'calm', now() + g * interval '1 second', 'v' FROM generate_series(1, 300) g;
    INSERT INTO lost_key SELECT 'key ' || g, 'v' FROM generate_series(1, 20) g; ANALYZE`);
  await eventually(async () => (await pair.target.query(`SELECT FROM lost_key`)).rowCount === 20);
});

afterAll(() => pair?.test.stop());

const verify = (tables = TABLES): Promise<TableVerdict[]> => verifyTables({ ...pair.sessions, tables });
const found = (verdict: TableVerdict | undefined): string[] =>
  verdict?.reason === undefined
    ? verdict!.differences.map(({ key, kind }) => `${kind}: ${Object.values(key).join('|')}`).sort()
    : [verdict.reason];
const foundIn = async (): Promise<Record<string, string[]>> =>
  Object.fromEntries((await verify()).map((verdict, i) => [KEYS[i]![0], found(verdict)]));
const expected = (of: (keys: readonly [string, string, string], look: string | undefined) => string[]) =>
  Object.fromEntries(KEYS.map(([type, keys, lookAlike]) => [type, of(keys, lookAlike).sort()]));

it('finds tables with keys of every kind equal', async () => {
  expect(await foundIn()).toEqual(expected(() => []));
});

it('names the rows that differ, are missing and are extra by the texts of their keys', async () => {
  for (const [i] of KEYS.entries()) {
    const name = tableOf(i);
    await pair.target.query(`UPDATE ${name} SET v = 'other' WHERE "Third" = 1; DELETE FROM ${name} WHERE "Third" = 2`);
  }
  expect(await foundIn()).toEqual(expected(([, b, c]) => [`different: ${b}`, `missing on target: ${c}`]));
  for (const [i, [, keys]] of KEYS.entries()) {
    const name = tableOf(i);
    await pair.target.query(`UPDATE ${name} SET v = 'v'`);
    await pair.target.query(`INSERT INTO ${name} VALUES ($1, 2, 'v')`, [keys[2]]);
  }
  expect(await foundIn()).toEqual(expected(() => []));
});

it('tells a key from one that is equal to it and has another text', async () => {
  for (const [i, [, , lookAlike]] of KEYS.entries()) {
    if (lookAlike !== undefined)
      await pair.target.query(`UPDATE ${tableOf(i)} SET k = $1 WHERE "Third" = 0`, [lookAlike]);
  }
  expect(await foundIn()).toEqual(
    expected(([a], other) => (other === undefined ? [] : [`missing on target: ${a}`, `extra on target: ${other}`])),
  );
});

it('finds each row of a key of several columns', async () => {
  const at = (
    await pair.source.query<{ at: string }>(
      `SELECT to_char("when" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS at FROM pages ORDER BY "when" LIMIT 3`,
    )
  ).rows.map((row) => row.at.replace(/\.?0+\+/, '+'));
  await pair.target
    .query(`UPDATE pages SET v = NULL WHERE "when" = '${at[0]}'; DELETE FROM pages WHERE "when" = '${at[1]}';
    UPDATE pages SET kind = 'wild' WHERE "when" = '${at[2]}'`);
  const [pages] = await verify([{ schema: 'public', name: 'pages' }]);
  expect(found(pages)).toEqual([
    `different: calm|1|${at[0]}`,
    `extra on target: wild|3|${at[2]}`,
    `missing on target: calm|2|${at[1]}`,
    `missing on target: calm|3|${at[2]}`,
  ]);
});

it('finds rows with the key of another one, or without a key, where the target has lost its primary key', async () => {
  await pair.target
    .query(`ALTER TABLE lost_key DROP CONSTRAINT lost_key_pkey; ALTER TABLE lost_key ALTER k DROP NOT NULL;
    INSERT INTO lost_key VALUES ('key 1', 'v'), ('key 2', 'other'), (NULL, 'v')`);
  const [lost] = await verify([{ schema: 'public', name: 'lost_key' }]);
  expect(found(lost)).toEqual(['different: key 1', 'different: key 2', 'extra on target: null']);
});
