import { unitsOf } from '../../../sql-runner/migration/split';
import type { JudgedUnit } from '../../../sql-runner/migration/verdict';
import { furnish } from '../../../sql-runner/rehearsal/furnish';
import { judgeUnits } from '../../../sql-runner/rehearsal/judge';
import { ScratchPair } from '../../../sql-runner/rehearsal/scratch-pair';
import type { Writer } from '../../../sql-runner/rehearsal/writer';
import { postgresMajor } from '../../support/postgres-major';

const SCHEMA = `
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
ALTER TABLE b OWNER TO app;
CREATE SCHEMA s;
CREATE TABLE s.c (id int PRIMARY KEY, n int);
GRANT USAGE ON SCHEMA s TO app;
ALTER TABLE s.c OWNER TO app;
`;

let pair: ScratchPair;
let writer: Writer;
beforeAll(async () => {
  pair = await ScratchPair.start(postgresMajor(), undefined);
  const schema = { name: 'schema.sql', sql: SCHEMA };
  const roles = ['other', 'reader'];
  ({ writer } = await furnish(pair, { schemas: { source: schema, clone: schema }, tables: null, roles }));
}, 120_000);
afterAll(() => pair.close());

async function judged(sql: string): Promise<JudgedUnit> {
  const [one] = await judgeUnits(pair, await unitsOf('V1.sql', sql, sql.includes(';')), { onEachOther: false }, writer);
  return one!;
}

/** Before 15 the worker asks for no rights (TargetPrivilegesCheck in logical/worker.c came with it). */
const asks = postgresMajor() >= 15;

test.each([
  ['ALTER TABLE b ENABLE ROW LEVEL SECURITY; ALTER TABLE b FORCE ROW LEVEL SECURITY', 'row-level security'],
  [
    'ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY everybody ON a USING (true)',
    'row-level security',
  ],
  ['ALTER TABLE b OWNER TO other', ''],
  ['CREATE ROLE fresh; ALTER TABLE b OWNER TO fresh', ''],
  ['REVOKE INSERT ON b FROM app', 'permission denied'],
])(
  '%s: the stream stops once the clone has it',
  async (sql, words) => {
    const { verdict } = await judged(sql);
    if (!asks) return expect(verdict.class).toBe('safe');
    expect(verdict).toMatchObject({ class: 'breaks', order: null });
    expect(verdict.breaks).toEqual([expect.objectContaining({ how: 'stops', words: expect.stringContaining(words) })]);
  },
  60_000,
);

test.each([
  'ALTER TABLE b ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE b OWNER TO postgres',
  'ALTER TABLE a OWNER TO app',
  'GRANT SELECT ON a TO reader',
  'REVOKE ALL ON a FROM reader',
])(
  '%s: the worker may still write',
  async (sql) => {
    expect((await judged(sql)).verdict).toMatchObject({ class: 'safe' });
  },
  60_000,
);
