import type { Finding } from '../../../sql-runner/model/change';
import { type DriftingPair, startDriftingPair } from '../support/drifting-pair';
import { carryOut } from './printed-fix';

/** Differences that nothing on the clone puts right, tables that changed places, and tables that nobody may look at now. */
let pair: DriftingPair;

beforeAll(async () => {
  pair = await startDriftingPair(`
    CREATE TABLE tokens (id int PRIMARY KEY); INSERT INTO tokens SELECT generate_series(1, 3);
    CREATE TABLE numbers (id int PRIMARY KEY); INSERT INTO numbers SELECT generate_series(1, 3);
    CREATE TABLE rewritten (id int PRIMARY KEY); INSERT INTO rewritten SELECT generate_series(1, 3);
    CREATE TABLE emptied (id int PRIMARY KEY); INSERT INTO emptied SELECT generate_series(1, 3);
    CREATE TABLE clocks (id int PRIMARY KEY); INSERT INTO clocks SELECT generate_series(1, 3);
    CREATE TABLE halves (id int PRIMARY KEY); INSERT INTO halves SELECT generate_series(1, 3);
    CREATE TABLE again (id int PRIMARY KEY, n int, x int, g int, kept int); INSERT INTO again VALUES (1, 10, 20, 30, 40);
    CREATE TABLE masked (id int PRIMARY KEY, n int); CREATE TABLE ruled (id int PRIMARY KEY);
    CREATE TABLE notes (id int, body text); ALTER TABLE notes REPLICA IDENTITY FULL; INSERT INTO notes VALUES (1, 'a'), (2, 'b');
    CREATE TABLE carts (id int PRIMARY KEY); INSERT INTO carts VALUES (1);
    CREATE TABLE "left" (id int PRIMARY KEY); CREATE TABLE "right" (id int PRIMARY KEY);
    CREATE TABLE gone (id int PRIMARY KEY);
    CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE TABLE moods (id int PRIMARY KEY, m mood); INSERT INTO moods VALUES (1, 'sad');
    CREATE TABLE busy (id int PRIMARY KEY, n int CHECK (n > 0))`);
});
afterAll(() => pair?.test.stop());

const find = async (code: string, about: string): Promise<Finding[]> =>
  (await pair.findings()).filter((one) => one.code === code && one.seen.includes(about));
const only = async (code: string, about: string): Promise<Finding> => {
  const [finding, ...others] = await find(code, about);
  expect([finding?.code, others]).toEqual([code, []]);
  return finding!;
};

test.each([
  ['tokens', 'ALTER TABLE tokens ADD COLUMN token uuid DEFAULT gen_random_uuid()'],
  ['numbers', 'ALTER TABLE numbers ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY'],
  ['rewritten', 'ALTER TABLE rewritten ADD COLUMN n int NOT NULL DEFAULT 5; VACUUM FULL rewritten'],
])('COLUMNS_DIFFER: %s has values in old rows that no SQL on the clone can make up', async (table, change) => {
  for (const sql of change.split('; ')) await pair.source.query(sql);
  const finding = await only('COLUMNS_DIFFER', table);
  expect(finding).toMatchObject({ severity: 'block', next: expect.stringContaining('sql-runner reset demo') });
  expect(finding.next).not.toContain('ALTER');
});

test('COLUMNS_DIFFER: rows that were written anew since may hold what cannot be seen, and verify is to look', async () => {
  await pair.source.query('TRUNCATE emptied');
  await pair.source.query('ALTER TABLE emptied ADD COLUMN n int');
  await pair.inSync();
  const finding = await only('COLUMNS_DIFFER', 'emptied');
  expect(finding.next).toContain('run sql-runner verify afterwards');
  await carryOut(finding, pair.clone, 'COLUMNS_DIFFER');
  await pair.source.query('INSERT INTO emptied VALUES (7, 8)');
  await pair.inSync();
  expect((await pair.rows('emptied'))[1]).toBe('{"n": 8, "id": 7}');
});

test('ADDED_VALUES_DIFFER: a default that each side evaluated for itself, or that one side has alone', async () => {
  for (const side of [pair.clone, pair.source])
    await side.query(`ALTER TABLE clocks ADD COLUMN made timestamptz DEFAULT now()`);
  await pair.clone.query('ALTER TABLE halves ADD COLUMN n int');
  await pair.source.query('ALTER TABLE halves ADD COLUMN n int DEFAULT 4');
  for (const table of ['clocks', 'halves']) {
    const [source, clone] = await pair.rows(table);
    expect(source).not.toBe(clone);
    expect((await only('ADDED_VALUES_DIFFER', table)).next).toContain('sql-runner verify demo --database shop');
  }
});

test('ADDED_VALUES_DIFFER: a column that one side dropped and added again, whatever value it was given', async () => {
  await pair.source.query(
    'ALTER TABLE again DROP COLUMN n, DROP COLUMN x, ADD COLUMN n int, ADD COLUMN x int DEFAULT 5',
  );
  await pair.clone.query('ALTER TABLE again DROP COLUMN g, ADD COLUMN g int DEFAULT 6');
  const [source, clone] = await pair.rows('again');
  expect([source, clone]).toEqual([
    '{"g": 30, "n": null, "x": 5, "id": 1, "kept": 40}',
    '{"g": 6, "n": 10, "x": 20, "id": 1, "kept": 40}',
  ]);
  const found = await find('ADDED_VALUES_DIFFER', 'public.again');
  expect(
    found.map(({ seen }) => seen.replace(/^column (\w+) of table public.again in database shop was /, '$1: ')),
  ).toEqual([
    'g: dropped and added again with 6 on the clone, and has the values of before on the source',
    'n: dropped and added again with no value that is kept beside the rows on the source, and has the values of before on the clone',
    'x: dropped and added again with 5 on the source, and has the values of before on the clone',
  ]);
});

test('TRIGGERS_FIRE_ON_APPLY: one that leaves rows out and changes others blocks, until it fires for local writes only', async () => {
  await pair.clone.query(
    `CREATE FUNCTION mask() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n := 0; RETURN CASE WHEN NEW.id > 1 THEN NEW END; END';
     CREATE TRIGGER "Mask it" BEFORE INSERT ON masked FOR EACH ROW EXECUTE FUNCTION mask();
     ALTER TABLE masked ENABLE ALWAYS TRIGGER "Mask it"`,
  );
  await pair.source.query('INSERT INTO masked VALUES (1, 1), (2, 2)');
  await pair.inSync();
  expect((await pair.rows('masked'))[1]).toBe('{"n": 0, "id": 2}');
  const finding = await only('TRIGGERS_FIRE_ON_APPLY', 'public.masked');
  expect(finding).toMatchObject({ severity: 'block', standing: true });
  expect(finding.next).toContain('sql-runner verify demo finds them');
  await carryOut(finding, pair.clone, 'TRIGGERS_FIRE_ON_APPLY');
  await pair.source.query('DELETE FROM masked; INSERT INTO masked VALUES (3, 3)');
  await pair.inSync();
  expect((await pair.rows('masked'))[1]).toBe('{"n": 3, "id": 3}');
  expect(await find('TRIGGERS_FIRE_ON_APPLY', 'public.masked')).toEqual([]);
});

test('a rule that always holds does nothing to rows that arrive', async () => {
  await pair.clone.query(
    'CREATE RULE never AS ON INSERT TO ruled DO INSTEAD NOTHING; ALTER TABLE ruled ENABLE ALWAYS RULE never',
  );
  await pair.source.query('INSERT INTO ruled VALUES (1)');
  await pair.inSync();
  expect(await pair.rows('ruled')).toEqual(['{"id": 1}', '{"id": 1}']);
});

test('FULL_IDENTITY_EXTRA_COLUMN: what happens to those who do not look', async () => {
  await pair.clone.query(`ALTER TABLE notes ADD COLUMN lang text`);
  expect(await only('FULL_IDENTITY_EXTRA_COLUMN', 'notes')).toMatchObject({ severity: 'warn' });
  await pair.clone.query(`ALTER TABLE notes ALTER lang SET DEFAULT 'en'`);
  const finding = await only('FULL_IDENTITY_EXTRA_COLUMN', 'notes');
  expect(finding).toMatchObject({ severity: 'block', next: expect.stringContaining('run sql-runner verify demo') });
  await pair.source.query(`INSERT INTO notes VALUES (3, 'c'); UPDATE notes SET body = 'changed' WHERE id = 3`);
  await pair.inSync();
  await carryOut(finding, pair.clone, 'FULL_IDENTITY_EXTRA_COLUMN');
  const [source, clone] = await pair.rows('notes');
  expect([source.includes('changed'), clone.includes('changed')]).toEqual([true, false]);
});

test('TABLE_SWAPPED: a new table under the old name, and two that exchanged theirs', async () => {
  await pair.source.query(`BEGIN; CREATE TABLE carts_new (id int PRIMARY KEY, v text);
    ALTER TABLE carts RENAME TO carts_old; ALTER TABLE carts_new RENAME TO carts; COMMIT`);
  expect(await only('TABLE_SWAPPED', 'public.carts')).toMatchObject({
    severity: 'block',
    seen: expect.stringContaining('the one that was cloned is public.carts_old now'),
    next: expect.stringContaining('sql-runner reset demo'),
  });
  await pair.source.query('DROP TABLE carts_old');
  expect((await only('TABLE_SWAPPED', 'public.carts')).seen).toContain('was dropped');
  await pair.source.query(
    `BEGIN; ALTER TABLE "left" RENAME TO l; ALTER TABLE "right" RENAME TO "left"; ALTER TABLE l RENAME TO "right"; COMMIT`,
  );
  expect(await find('TABLE_SWAPPED', 'public.left in')).toHaveLength(1);
  expect(await find('TABLE_SWAPPED', 'public.right in')).toHaveLength(1);
  expect(await find('TABLE_NOT_ON_CLONE', '')).toEqual([]);
});

test('ENUM_LABELS_EXCHANGED: old rows and new ones mean different labels', async () => {
  for (const [from, to] of [
    ['sad', 'aside'],
    ['glad', 'sad'],
    ['aside', 'glad'],
  ])
    await pair.source.query(`ALTER TYPE mood RENAME VALUE '${from}' TO '${to}'`);
  await pair.source.query(`INSERT INTO moods VALUES (2, 'sad')`);
  await pair.inSync();
  expect(await pair.rows('moods')).toEqual([expect.stringContaining('glad'), expect.not.stringContaining('glad')]);
  expect(await only('ENUM_LABELS_EXCHANGED', 'mood')).toMatchObject({
    seen: expect.stringContaining('glad, sad'),
    next: expect.stringContaining('sql-runner reset demo'),
  });
});

test('TABLE_DROPPED_ON_SOURCE: dropped on the clone as well', async () => {
  await pair.source.query('DROP TABLE gone');
  const finding = await only('TABLE_DROPPED_ON_SOURCE', 'gone');
  expect(finding).toMatchObject({ severity: 'warn' });
  await carryOut(finding, pair.clone, 'TABLE_DROPPED_ON_SOURCE');
  expect(await find('TABLE_DROPPED_ON_SOURCE', '')).toEqual([]);
});

test('DEFINITION_NOT_READ: a table that is being altered is named, and nothing waits for it', async () => {
  await pair.clone.query('ALTER TABLE busy DROP CONSTRAINT busy_n_check');
  const before = await pair.surveys();
  const holder = await pair.test.connect('shop');
  const { rows } = await holder.query<{ pid: number; tables: string }>(
    `SELECT pg_backend_pid() AS pid, string_agg(quote_ident(tablename), ', ') AS tables FROM pg_tables WHERE schemaname = 'public'`,
  );
  await holder.query(`BEGIN; LOCK TABLE ${rows[0]!.tables} IN ACCESS EXCLUSIVE MODE`);
  await pair.clone.query('BEGIN; LOCK TABLE halves IN ACCESS EXCLUSIVE MODE');
  const found = await pair.findings(await pair.definitionsNow(before));
  const unread = found.filter(({ code }) => code === 'DEFINITION_NOT_READ');
  expect(unread.find(({ seen }) => seen.includes('public.busy'))).toMatchObject({
    severity: 'warn',
    seen: expect.stringContaining(`on the source: process ${rows[0]!.pid} holds`),
  });
  expect(unread.some(({ seen }) => seen.includes('public.halves') && seen.includes('on the clone'))).toBe(true);
  await pair.clone.query('ROLLBACK');
  await holder.query('ROLLBACK');
  expect(await find('DEFINITION_NOT_READ', '')).toEqual([]);
  expect(await only('DEFINITION_DIFFERS', 'public.busy')).toMatchObject({ severity: 'info' });
});
