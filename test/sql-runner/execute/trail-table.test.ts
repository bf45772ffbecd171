import { haveHistory, keepRun, keptRuns, latestComparisons } from '../../../sql-runner/execute/trail-table';
import type { Compared } from '../../../sql-runner/model/comparison';
import { keepSecret } from '../../../sql-runner/explain/redaction';
import { runHistory, sessionsNamed } from '../../../sql-runner/postgres/catalog/run-history';
import { parseMark } from '../../../sql-runner/model/mark';
import { applicationName } from '../../../sql-runner/model/run-id';
import { historyTable } from '../../../sql-runner/resources/run-history';
import type { Session } from '../../../sql-runner/postgres/session';
import { catalogTables } from '../../../sql-runner/postgres/catalog/tables';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';
import { runOf } from '../support/runs';

let cluster: TestCluster;
const sessions: Session[] = [];
beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop'] });
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await cluster.stop();
});

async function session(applicationName_ = 'sql-runner demo'): Promise<Session> {
  const opened = await openSession(targetOf(cluster, 'shop'), { readOnly: false, applicationName: applicationName_ });
  sessions.push(opened);
  return opened;
}

test('nothing is made where nothing is to be made', async () => {
  const own = await session();
  expect([await haveHistory(own, 'demo', false), await runHistory(own, historyTable('demo'))]).toEqual([false, null]);
});

test('of two runs that begin at once one makes the table, and it carries our mark', async () => {
  const both = [await session(), await session()];
  expect(await Promise.all(both.map((one) => haveHistory(one, 'demo', true)))).toEqual([true, true]);
  const found = await runHistory(both[0]!, historyTable('demo'));
  expect(parseMark(found!.comment)).toMatchObject({ kind: 'history', environment: 'demo', since: expect.any(String) });
  // Were its clone the source of another environment, it would be none of its tables.
  expect(await catalogTables(both[0]!)).toEqual([]);
});

test('a run is kept as it is told last, without secrets, and the latest is first', async () => {
  const own = await session();
  keepSecret('correct horse');
  const first = runOf({ began: '2026-01-01T00:00:00.000Z' });
  await keepRun(own, first);
  await keepRun(own, runOf({ began: '2026-01-02T00:00:00.000Z', mode: 'correct horse' }));
  await keepRun(own, { ...first, outcome: 'applied', ended: '2026-01-01T00:00:09.000Z', exitCode: 0 });
  expect(await keptRuns(own, 'demo')).toMatchObject([
    { mode: '(sensitive)', ended: null },
    { run: first.run, outcome: 'applied' },
  ]);
});

test('a thousand runs are kept, and those before them forgotten', async () => {
  const own = await session();
  await own.query(
    `INSERT INTO acas_history_demo.runs SELECT gen_random_uuid(), 1, timestamptz '2026-02-01' + n * interval '1 s', '{}' FROM generate_series(1, 1200) n`,
  );
  await keepRun(own, runOf({ began: '2026-03-01T00:00:00.000Z', ended: '2026-03-01T00:00:01.000Z' }));
  const kept = await keptRuns(own, 'demo');
  expect([kept.length, kept[0]]).toEqual([1_000, expect.objectContaining({ began: '2026-03-01T00:00:00.000Z' })]);
});

test('of each database and outcome the latest comparison is found, whatever others have written there', async () => {
  const own = await session();
  const compared = (began: string, ...databases: [string, Compared][]) =>
    runOf({
      mode: 'verify',
      began,
      ended: began,
      comparison: {
        whole: false,
        databases: databases.map(([database, outcome]) => ({ database, outcome, tables: 1, equal: 1, rows: 1 })),
        against: [],
        notCompared: [],
      },
    });
  for (const run of [
    compared('2026-04-01T00:00:00.000Z', ['shop', 'not equal']),
    compared('2026-04-02T00:00:00.000Z', ['shop', 'equal'], ['ledger', 'equal']),
    compared('2026-04-03T00:00:00.000Z', ['shop', 'equal']),
  ])
    await keepRun(own, run);
  for (const record of [
    '7',
    '{"comparison": 7}',
    '{"comparison": {"databases": {}}}',
    '{"comparison": {"databases": [7]}}',
  ])
    await own.query(`INSERT INTO acas_history_demo.runs VALUES (gen_random_uuid(), 1, '2020-01-01', $1)`, [record]);
  const found = (await latestComparisons(own, 'demo')) as { began?: string }[];
  expect(found.flatMap(({ began }) => began?.slice(0, 10) ?? []).sort()).toEqual([
    '2026-04-01',
    '2026-04-02',
    '2026-04-03',
  ]);
  expect(await keptRuns(own, 'demo', 2)).toMatchObject([
    { began: '2026-04-03T00:00:00.000Z' },
    { began: '2026-04-02T00:00:00.000Z' },
  ]);
});

test('what has the name and is not ours is not written to', async () => {
  const own = await session();
  await own.query('CREATE SCHEMA acas_history_other');
  await expect(haveHistory(own, 'other', true)).rejects.toThrow('does not carry our mark');
});

test('a run that is at work is known by its sessions', async () => {
  const [run, name] = [
    '0b0e8f5e-6c1c-4d7a-9a53-0d6f0f1f2a3b',
    applicationName('demo', '0b0e8f5e-6c1c-4d7a-9a53-0d6f0f1f2a3b'),
  ];
  const own = await session(name);
  expect(name).toBe(`sql-runner demo ${run}`);
  expect(await sessionsNamed(own, [name, 'sql-runner demo other'])).toEqual([name]);
});

test.each([
  ['demo', 52],
  ['a-name-of-sixteen', 37],
  ['a'.repeat(30), 50],
  ['a'.repeat(55), 66],
])('the name of a session in %s is never cut by the server', (environment, length) => {
  const name = applicationName(environment, '0b0e8f5e-6c1c-4d7a-9a53-0d6f0f1f2a3b');
  expect([name.length, name.startsWith(`sql-runner ${environment}`)]).toEqual([length, true]);
});
