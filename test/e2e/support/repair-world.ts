import { parseVerification } from '../../../sql-runner/actions/verification-file';
import { isEqual, verifyEnvironment, type Verification } from '../../../sql-runner/actions/verify';
import type { RowsWanted } from '../../../sql-runner/model/repair';
import { filled, made, NewTableWorld } from './new-table-world';

/** Tables whose keys are of types that are written in more than one way, and such as are not easily written to. */
const TABLES = [
  made('busy'),
  filled('busy'),
  // Names and texts that must be quoted, and a key of several columns.
  `CREATE TABLE "other side"."odd ""name""" ("the 'key'" text, part integer, note text, PRIMARY KEY ("the 'key'", part))`,
  String.raw`INSERT INTO "other side"."odd ""name""" SELECT k, g, 'first' FROM generate_series(1, 2) g,
     unnest(ARRAY['o''clock', E'a\\b\nc', '"{x},(y)"', 'null', '', 'é€😀']) k`,
  `CREATE TABLE kinds (n numeric, at timestamptz, b bytea, f float8, u uuid, note jsonb, PRIMARY KEY (n, at, b, f, u))`,
  `INSERT INTO kinds SELECT g + 0.10, timestamptz '2026-01-01 00:00:00.123456+02' + g * interval '1 h', decode(lpad(to_hex(g), 4, '0'), 'hex'),
     g / 3.0::float8, lpad(g::text, 32, '0')::uuid, '{"a": [1, null, "it''s"]}' FROM generate_series(1, 9) g`,
  `CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
  'CREATE TABLE cases (word text COLLATE anycase PRIMARY KEY, note text)',
  `INSERT INTO cases VALUES ('Abc', 'first'), ('deF', 'first'), ('ghi', 'first')`,
  // What the clone would number, compute, refuse or take along by itself.
  `CREATE TABLE strict (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, u integer UNIQUE,
     twice integer GENERATED ALWAYS AS (u * 2) STORED, tags text[], large text)`,
  `INSERT INTO strict (u, tags, large) SELECT g, ARRAY['x', NULL, 'a,b'], repeat(md5(g::text), 2000) FROM generate_series(1, 9) g`,
  'CREATE TABLE children (id bigint PRIMARY KEY, strict bigint REFERENCES strict ON DELETE CASCADE)',
  'INSERT INTO children SELECT g, g FROM generate_series(1, 9) g',
  'CREATE TABLE parted (id bigint PRIMARY KEY, note text) PARTITION BY RANGE (id)',
  'CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)',
  'CREATE TABLE part_2 PARTITION OF parted FOR VALUES FROM (100) TO (200)',
  `INSERT INTO parted SELECT g * 20, 'first' FROM generate_series(1, 9) g`,
  'CREATE TABLE indexed (id integer NOT NULL UNIQUE, note text)',
  'ALTER TABLE indexed REPLICA IDENTITY USING INDEX indexed_id_key',
  `INSERT INTO indexed SELECT g, 'first' FROM generate_series(1, 9) g`,
  'CREATE TABLE keyless (id integer, note text)',
  'ALTER TABLE keyless REPLICA IDENTITY FULL',
  `INSERT INTO keyless SELECT g, 'first' FROM generate_series(1, 9) g`,
];

const ON_CLONE = [
  // Of users of the clone, and not of the apply worker.
  `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a trigger of the clone'; END $$`,
  'CREATE TRIGGER no AFTER INSERT OR DELETE ON strict FOR EACH ROW EXECUTE FUNCTION refuse()',
];

/** Compared row by row, by their texts. */
export const COMPARED = [
  'busy',
  '"other side"."odd ""name"""',
  'kinds',
  'cases',
  'strict',
  'children',
  'parted',
  'indexed',
];

export const repairWorld = async (): Promise<NewTableWorld> => {
  const world = await NewTableWorld.start('repair', ...TABLES);
  await world.onClone(...ON_CLONE);
  return world;
};

/** In each table a row that is missing, one too many, and one that is otherwise. */
export const damage = (world: NewTableWorld) =>
  world.onClone(
    'SET session_replication_role = replica',
    ...['busy', 'parted', 'indexed'].flatMap((table) => [
      `DELETE FROM ${table} WHERE id = (SELECT min(id) FROM ${table} WHERE id > 20)`,
      `INSERT INTO ${table} (id, note${table === 'busy' ? ', writer' : ''}) VALUES (${table === 'parted' ? 5 : -5}, 'of the clone'${table === 'busy' ? ', 0' : ''})`,
      `UPDATE ${table} SET note = 'otherwise' WHERE id = (SELECT max(id) FROM ${table} WHERE id <= 60)`,
    ]),
    ...['"other side"."odd ""name"""'].flatMap((table) => [
      `DELETE FROM ${table} WHERE part = 1`,
      `UPDATE ${table} SET note = 'otherwise' WHERE part = 2`,
      String.raw`INSERT INTO ${table} VALUES (E'\'; DROP TABLE busy; --', 7, 'of the clone')`,
    ]),
    'DELETE FROM kinds WHERE n < 4',
    `UPDATE kinds SET note = '[]' WHERE n > 7`,
    'UPDATE kinds SET n = n * 1.000 WHERE n BETWEEN 5 AND 6',
    `UPDATE cases SET word = 'ABC' WHERE word = 'abc'`,
    `DELETE FROM cases WHERE word = 'def'`,
    // Two rows exchange what is unique, one has lost a text that is stored apart.
    'UPDATE strict SET u = -u WHERE id IN (1, 2)',
    'UPDATE strict SET u = CASE id WHEN 1 THEN 2 ELSE 1 END WHERE id IN (1, 2)',
    `UPDATE strict SET large = 'lost' WHERE id = 3`,
    'DELETE FROM strict WHERE id = 4',
  );

export async function verified(world: NewTableWorld): Promise<Verification> {
  const limits = { databases: ['shop'], concurrency: 2, settleTimeoutMs: 30_000, statementTimeoutMs: 0 };
  return verifyEnvironment(world.lab.open, world.lab.contracts, { ...limits, onVerdict: () => undefined });
}

/** As a file of verify --json has it. */
export const namedBy = (found: Verification): RowsWanted =>
  parseVerification(JSON.stringify({ environment: 'demo', equal: isEqual(found), ...found }), 'verify.json', 'demo');

/** Rows of one table by an integer key, as verify would name them. */
export const rowsOf = (name: string, ...ids: number[]): RowsWanted => ({
  tables: [{ database: 'shop', schema: 'public', name, keys: ids.map((id) => ({ id: String(id) })), more: false }],
});
