import { unitsOf } from '../../../sql-runner/migration/split';
import type { JudgedUnit } from '../../../sql-runner/migration/verdict';
import { furnish } from '../../../sql-runner/rehearsal/furnish';
import { judgeUnits } from '../../../sql-runner/rehearsal/judge';
import { ScratchPair } from '../../../sql-runner/rehearsal/scratch-pair';
import type { Writer } from '../../../sql-runner/rehearsal/writer';
import { postgresMajor } from '../../support/postgres-major';

const SCHEMA = `
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE p (day date, id int, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE loose (n int);
CREATE FUNCTION its_year() RETURNS int LANGUAGE sql STABLE AS 'SELECT extract(year from now())::int';
CREATE FUNCTION honest() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 7';
CREATE FUNCTION label() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
CREATE DOMAIN since AS date DEFAULT current_date;
CREATE DOMAIN small AS int DEFAULT 3 CHECK (VALUE < 100);
CREATE TYPE pair AS (x int, y int);
`;

let pair: ScratchPair;
let writer: Writer;
beforeAll(async () => {
  pair = await ScratchPair.start(postgresMajor(), undefined);
  const schema = { name: 'schema.sql', sql: SCHEMA };
  ({ writer } = await furnish(pair, { schemas: { source: schema, clone: schema }, tables: null, roles: [] }));
}, 120_000);
afterAll(() => pair.close());

async function judged(sql: string): Promise<JudgedUnit> {
  const [one] = await judgeUnits(pair, await unitsOf('V1.sql', sql, sql.includes(';')), { onEachOther: false }, writer);
  return one!;
}

test.each([
  'ALTER TABLE a ADD COLUMN c date NOT NULL DEFAULT current_date',
  'ALTER TABLE a ADD COLUMN c text DEFAULT current_user',
  'ALTER TABLE a ADD COLUMN c int DEFAULT extract(year from now())',
  `ALTER TABLE a ADD COLUMN c text DEFAULT current_setting('server_version')`,
  'ALTER TABLE a ADD COLUMN c int DEFAULT its_year()',
  'ALTER TABLE a ADD COLUMN c text DEFAULT label()',
  'ALTER TABLE a ADD COLUMN c since',
  `ALTER TABLE a ADD COLUMN c date DEFAULT 'today'`,
  `ALTER TABLE a ADD COLUMN c date[] DEFAULT ARRAY['yesterday'::date]`,
  'ALTER TABLE a ADD COLUMN c date DEFAULT current_date, ALTER COLUMN n TYPE bigint',
  `ALTER TABLE a ADD COLUMN b int DEFAULT 1, ADD COLUMN c date DEFAULT current_date, ALTER COLUMN c SET DEFAULT '2020-01-01'`,
  'ALTER TABLE a ADD COLUMN c date DEFAULT current_date; ALTER TABLE a ALTER COLUMN c DROP DEFAULT',
  `DO $$ BEGIN ALTER TABLE a ADD COLUMN c date DEFAULT current_date; ALTER TABLE a ALTER COLUMN c SET DEFAULT '2020-01-01'; END $$`,
  'SET LOCAL session_replication_role = replica; ALTER TABLE a ADD COLUMN c date DEFAULT current_date',
  'ALTER TABLE p ADD COLUMN c date DEFAULT current_date',
])(
  '%s: each side computes values of its own, and no order helps',
  async (sql) => {
    const { verdict } = await judged(sql);
    expect(verdict).toMatchObject({ class: 'breaks', order: null });
    expect(verdict.why).toContain('add the column without the default, on the clone, then the source');
    expect(verdict.breaks.map(({ how, when }) => [how, when])).toContainEqual(['other-values', 'any']);
  },
  60_000,
);

test.each([
  ['ALTER TABLE a ADD COLUMN c date', 'needs-order'],
  [`ALTER TABLE a ADD COLUMN c date NOT NULL DEFAULT '2026-01-01', ADD COLUMN d jsonb DEFAULT '{}'`, 'needs-order'],
  ['ALTER TABLE a ADD COLUMN c int DEFAULT honest() + 1, ADD COLUMN d small', 'needs-order'],
  [
    `ALTER TABLE a ADD COLUMN c pair DEFAULT ROW(1, 2), ADD COLUMN d xml DEFAULT '<a/>', ADD COLUMN e int[] DEFAULT '{1}'`,
    'needs-order',
  ],
  [`ALTER TABLE a ADD COLUMN c char(4) DEFAULT 'ab', ADD COLUMN d numeric(6, 2) DEFAULT 0.5`, 'needs-order'],
  [`ALTER TABLE a ADD COLUMN c text DEFAULT 'today'`, 'needs-order'],
  ['ALTER TABLE a ADD COLUMN c date; ALTER TABLE a ALTER COLUMN c SET DEFAULT current_date', 'needs-order'],
  ['ALTER TABLE a ALTER COLUMN n SET DEFAULT its_year()', 'safe'],
  ['ALTER TABLE p ADD COLUMN c int NOT NULL DEFAULT 1', 'needs-order'],
  ['ALTER TABLE loose ADD COLUMN c date DEFAULT current_date', 'safe'],
])(
  '%s: what a default says by itself, or no row gets, is %s',
  async (sql, said) => {
    expect((await judged(sql)).verdict).toMatchObject({ class: said });
  },
  60_000,
);
