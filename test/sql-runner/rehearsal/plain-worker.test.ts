import { stepsOfUnit } from '../../../sql-runner/migration/steps';
import { unitsOf } from '../../../sql-runner/migration/split';
import type { JudgedUnit } from '../../../sql-runner/migration/verdict';
import { furnish } from '../../../sql-runner/rehearsal/furnish';
import { judgeUnits } from '../../../sql-runner/rehearsal/judge';
import { givePlainOwner } from '../../../sql-runner/rehearsal/plain-worker';
import { ScratchPair } from '../../../sql-runner/rehearsal/scratch-pair';
import type { Writer } from '../../../sql-runner/rehearsal/writer';
import { postgresMajor } from '../../support/postgres-major';

const SCHEMA = `
CREATE TABLE a (id int PRIMARY KEY, n int);
CREATE TABLE b (id int PRIMARY KEY, n int);
ALTER TABLE b OWNER TO app;
CREATE SCHEMA s;
CREATE TABLE s.c (id int PRIMARY KEY, n int);
CREATE SEQUENCE numbers;
CREATE TABLE p (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
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
  ['ALTER TABLE b OWNER TO other; ALTER TABLE b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', 'row-level'],
  ['REVOKE INSERT ON b FROM app', 'permission denied'],
  ['ALTER TABLE b OWNER TO other; REVOKE UPDATE ON b FROM other', 'permission denied'],
])(
  '%s: the stream stops once the clone has it',
  async (sql, words) => {
    const { verdict } = await judged(sql);
    if (!asks) return expect(verdict.class).toBe('safe');
    expect(verdict).toMatchObject({ class: 'breaks', order: null, grants: [] });
    expect(verdict.breaks).toEqual([expect.objectContaining({ how: 'stops', words: expect.stringContaining(words) })]);
  },
  60_000,
);

test.each([
  ['ALTER TABLE b OWNER TO other', { role: 'other', made: false }, 'safe'],
  ['CREATE ROLE fresh; ALTER TABLE b OWNER TO fresh', { role: 'fresh', made: true }, 'safe'],
  [
    'ALTER TABLE b RENAME COLUMN n TO m; ALTER TABLE b OWNER TO other',
    { role: 'other', made: false },
    'source-stops-clone',
  ],
  [
    `CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2); ALTER TABLE p2 OWNER TO other`,
    { role: 'other', made: false },
    'clone-source',
  ],
])(
  '%s: the stream goes on once the owner of the subscription may act as the new owner',
  async (sql, grant, without) => {
    const { verdict } = await judged(sql);
    if (!asks) return expect([verdict.class, verdict.order]).toContain(without);
    expect(verdict).toMatchObject({ class: 'needs-order', grants: [grant] });
    expect(without === 'safe' ? 'source-clone' : without).toBe(verdict.order);
    expect(verdict.why).toContain(`able to act as ${grant.role}`);
    expect(verdict.breaks.at(-1)!.words).toMatch(/^without that the stream stops: /);
    expect(JSON.stringify(verdict)).not.toContain('sql_runner');
  },
  120_000,
);

test.each([
  'ALTER TABLE b ENABLE ROW LEVEL SECURITY',
  'ALTER TABLE b OWNER TO postgres',
  'ALTER TABLE a OWNER TO app',
  'GRANT SELECT ON a TO reader',
  'REVOKE ALL ON a FROM reader',
  'ALTER SEQUENCE numbers OWNER TO other',
])(
  '%s: the worker may still write',
  async (sql) => {
    expect((await judged(sql)).verdict).toMatchObject({ class: 'safe', grants: [] });
  },
  60_000,
);

test('as the worker runs whoever owns the subscription, and nobody who owned it before', async () => {
  const stages = [];
  try {
    for (let n = 0; n < 5; n += 1) {
      const stage = await pair.stage();
      stages.push(stage);
      await givePlainOwner(stage.clone, stage.name, pair.major);
      const [{ users }] = (await stage.clone.query<{ users: string[] }>(
        `SELECT array_agg(usename::text) AS users FROM pg_stat_activity
          WHERE datname = current_database() AND backend_type LIKE 'logical replication%'`,
      )) as [{ users: string[] }];
      expect(users).toEqual(['sql_runner_ddl_check_worker']);
      await pair.drop(stages.pop()!);
      await pair.tidy();
    }
  } finally {
    for (const stage of stages) await pair.drop(stage);
  }
}, 120_000);

test.each([
  ['', false],
  [`CREATE ROLE "o'wn$$er"; `, true],
])(
  'what is printed for the owner of the subscription is run as it is printed: %sALTER TABLE … OWNER TO',
  async (before, made) => {
    const owner = made ? `"o'wn$$er"` : 'other';
    const unit = await judged(`${before}ALTER TABLE b OWNER TO ${owner};`);
    const stage = await pair.stage();
    try {
      await givePlainOwner(stage.clone, stage.name, pair.major);
      for (const { side, sql } of stepsOfUnit(unit, {
        subscription: `"${stage.name}"`,
        environment: null,
        carried: false,
      }))
        for (const statement of sql) await stage.sessionOf(side).query(statement);
      await stage.source.query('INSERT INTO b VALUES (4711, 1)');
      expect(await stage.settle()).toBeNull();
      expect(await stage.clone.query('SELECT 1 AS one FROM b WHERE id = 4711')).toHaveLength(1);
    } finally {
      await pair.drop(stage);
      await pair.tidy();
    }
  },
  120_000,
);

async function judgedOn(schema: string, ...files: string[]): Promise<JudgedUnit['verdict'][]> {
  const lacking = await ScratchPair.start(postgresMajor(), undefined);
  try {
    const both = { name: 'schema.sql', sql: schema };
    const { writer: its } = await furnish(lacking, {
      schemas: { source: both, clone: both },
      tables: null,
      roles: ['app', 'other'],
    });
    const units = await Promise.all(files.map((sql) => unitsOf('V1.sql', sql, sql.includes(';'))));
    const found = await judgeUnits(lacking, units.flat(), { onEachOther: false }, its);
    return found.map(({ verdict }) => verdict);
  } finally {
    await lacking.close();
  }
}

test('where such a worker does not go on before it either, what takes rights is not judged', async () => {
  const [owner, grant, index, heals] = await judgedOn(
    `CREATE TABLE a (id int PRIMARY KEY, n int);
     CREATE TABLE b (id int PRIMARY KEY, n int);
     ALTER TABLE b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;`,
    'ALTER TABLE a OWNER TO app',
    'GRANT SELECT ON b TO other',
    'CREATE INDEX ON b (n)',
    'ALTER TABLE b NO FORCE ROW LEVEL SECURITY; ALTER TABLE a OWNER TO postgres',
  );
  if (asks) {
    expect(owner).toMatchObject({ class: 'not-judged', breaks: [], grants: [] });
    expect(owner!.why).toMatch(
      /could not be tried: before it a worker that is no superuser stops: .*row-level security/,
    );
  } else expect(owner!.class).toBe('safe');
  // What takes nothing is judged as ever, and what mends that is seen to.
  for (const one of [grant, index, heals]) expect(one).toMatchObject({ class: 'safe' });
}, 240_000);

test('where no worker goes on without it, nothing is said of it', async () => {
  const [index, rows, heals] = await judgedOn(
    `CREATE TABLE b (id int PRIMARY KEY, n int);
     ALTER TABLE b OWNER TO app;
     REVOKE INSERT ON b FROM app;`,
    'CREATE INDEX ON b (n)',
    'UPDATE b SET n = 1',
    'GRANT INSERT ON b TO app',
  );
  // From 16 on it writes as the owner of the table, a superuser's worker as well.
  if (postgresMajor() < 16) return expect([index!.class, rows!.class, heals!.class]).toEqual(['safe', 'safe', 'safe']);
  for (const one of [index, rows]) {
    expect(one).toMatchObject({ class: 'not-judged', order: null, breaks: [] });
    expect(one!.why).toContain('without it too the stream stops: permission denied for table b');
  }
  expect(heals).toMatchObject({ class: 'needs-order', order: 'clone-source' });
}, 240_000);
