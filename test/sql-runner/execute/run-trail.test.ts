import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connections } from '../../../sql-runner/connections/connections';
import { RunTrail, type TrailOptions } from '../../../sql-runner/execute/run-trail';
import { runsInFile } from '../../../sql-runner/execute/trail-file';
import { keptRuns } from '../../../sql-runner/execute/trail-table';
import { changeOf } from '../../../sql-runner/model/change';
import type { Plan } from '../../../sql-runner/model/plan';
import { latestRuns } from '../../../sql-runner/model/run-record';
import type { Session } from '../../../sql-runner/postgres/session';
import { HISTORY_KIND } from '../../../sql-runner/resources/run-history';
import { eventually } from '../../support/eventually';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';
import { runOf } from '../support/runs';

let cluster: TestCluster;
let own: Session;
let folder: string;
const said: string[] = [];
beforeAll(async () => {
  // Nobody to ask who it is, and nothing to wait for.
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
  cluster = await startTestCluster({ databases: ['shop'] });
  own = await openSession(targetOf(cluster, 'shop'), { readOnly: false });
  folder = await mkdtemp(join(tmpdir(), 'run-trail-'));
});
beforeEach(() => void said.splice(0));
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  await rm(folder, { recursive: true });
  await own.close();
  await cluster.stop();
});

const place = { side: 'target', database: 'shop' } as const;
const open = (name: string) => () => openSession(targetOf(cluster, 'shop'), { readOnly: false, applicationName: name });
const connections = (opening: () => Promise<Session>) =>
  ({ first: async () => place, open: opening }) as unknown as Connections;

function trail(opening: () => Promise<Session>, more: Partial<TrailOptions> = {}): RunTrail {
  const { run, part, environment, mode, version } = runOf();
  const options = { run, part, environment, mode, version, region: 'eu-central-1', file: null, clone: 'demo-clone' };
  const made = new RunTrail({ ...options, say: (line) => said.push(line), ...more });
  made.opened(connections(opening));
  return made;
}

const change = (kind: string) =>
  changeOf({
    address: { ...place, kind, name: 'one' },
    action: 'delete',
    reason: 'r',
    preview: [],
    operation: { kind: 'delete-ticket', parameter: 'p' },
  });

function play(to: RunTrail, ...kinds: string[]): void {
  const changes = kinds.map(change);
  const plan = { changes, fingerprint: 'f'.repeat(64) } as unknown as Plan;
  to.event({ type: 'planned', plan });
  const total = changes.length;
  changes.forEach((one, index) => {
    to.event({ type: 'change-started', change: one, index, total });
    to.event({ type: 'change-finished', change: one, index, total, seconds: 1 });
  });
}

const kept = async () => latestRuns((await keptRuns(own, 'demo')) as ReturnType<typeof runOf>[]);

test('while it is at work it is kept as begun, with what it has made by then', async () => {
  const working = trail(open('at work'));
  play(working, 'slot');
  const [seen] = await eventually(async () => {
    const runs = await kept().catch(() => []);
    return runs[0]?.changes[0]?.outcome === 'made' && runs;
  });
  expect(seen).toMatchObject({ ended: null, outcome: null, who: { login: 'master', arn: null } });
  await working.ended({ outcome: 'applied', code: null, exitCode: 0 });
  expect((await kept())[0]).toMatchObject({ outcome: 'applied', exitCode: 0, ended: expect.any(String) });
  // It leaves no session behind.
  await eventually(
    async () => (await own.query(`SELECT FROM pg_stat_activity WHERE application_name = 'at work'`)).length === 0,
  );
  expect(said).toEqual([]);
});

test.each([
  ['cannot be reached', () => Promise.reject(new Error('no route\nto it'))],
  [
    'is lost on the way',
    async () => {
      const session = await open('lost')();
      await own.query('SELECT pg_terminate_backend($1)', [session.backendPid]);
      return session;
    },
  ],
])('a clone that %s is said in one line, and the run goes on; a file keeps it', async (_, opening) => {
  const file = join(folder, `${said.length}-${Math.random()}.jsonl`);
  const working = trail(opening, { file });
  await working.closing();
  play(working, 'slot');
  await working.ended({ outcome: null, code: 'LOCK_HELD', exitCode: 14 });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^The history of this run is not kept on the clone: [^\n]+$/);
  const [run] = latestRuns((await runsInFile(file))!.records);
  expect(run).toMatchObject({ outcome: 'failed', code: 'LOCK_HELD', exitCode: 14 });
});

test('a table that somebody has locked holds up the end of a run for a moment only', async () => {
  const other = await open('somebody')();
  await other.query('BEGIN; LOCK TABLE acas_history_demo.runs IN ACCESS EXCLUSIVE MODE');
  const working = trail(open('held up'));
  const began = Date.now();
  await working.ended({ outcome: null, code: 'SLOT_LOST', exitCode: 10 });
  expect(Date.now() - began).toBeLessThan(6_000);
  expect(said).toEqual(['The end of this run could not be kept in its history in time.']);
  await other.close();
});

const FOUND = {
  whole: true,
  databases: [{ database: 'shop', outcome: 'equal' as const, tables: 2, equal: 2, rows: 7 }],
  against: [],
  notCompared: [],
};
const EQUAL = { outcome: 'equal', code: null, exitCode: 0, comparison: FOUND };

test('a comparison is kept with what it found, where others are', async () => {
  const working = trail(open('comparing'), { mode: 'verify' });
  await working.closing();
  await working.ended(EQUAL);
  expect((await kept()).find(({ mode }) => mode === 'verify')).toMatchObject({
    outcome: 'equal',
    exitCode: 0,
    changes: [],
    comparison: FOUND,
  });
  expect(said).toEqual([]);
});

const reader = async () => {
  await own.query('CREATE ROLE reader');
  await own.query('GRANT reader TO master');
  await own.query(`GRANT USAGE ON SCHEMA acas_history_demo TO reader`);
  await own.query(`GRANT SELECT ON acas_history_demo.runs TO reader`);
  const session = await open('may only read')();
  await session.query('SET ROLE reader');
  return session;
};

test.each([
  ['the login may only read', reader, 'permission denied for table runs'],
  [
    'the clone takes no writes',
    () => openSession(targetOf(cluster, 'shop'), { readOnly: true, applicationName: 'read-only' }),
    'cannot execute INSERT in a read-only transaction',
  ],
])('where %s a comparison says once that it is not kept', async (_, opening, because) => {
  const before = await kept();
  const working = trail(opening, { mode: 'verify' });
  await working.closing();
  await working.ended(EQUAL);
  expect(said).toEqual([expect.stringContaining(because)]);
  expect(said[0]).toMatch(/^The history of this run is not kept on the clone: [^\n]+$/);
  expect(await kept()).toEqual(before);
});

test('the teardown that drops the table says where its history went, and makes it no more', async () => {
  const working = trail(open('teardown'), { mode: 'teardown' });
  await working.closing();
  const [slot, drop] = [change('slot'), change(HISTORY_KIND)];
  play(working, 'slot');
  const plan = { changes: [slot, drop], fingerprint: 'f' } as unknown as Plan;
  working.event({ type: 'planned', plan });
  working.event({ type: 'change-started', change: drop, index: 1, total: 2 });
  await own.query('DROP TABLE acas_history_demo.runs');
  await own.query('DROP SCHEMA acas_history_demo');
  working.event({ type: 'change-finished', change: drop, index: 1, total: 2, seconds: 1 });
  await working.ended({ outcome: 'applied', code: null, exitCode: 0 });
  const again = trail(open('teardown'), { mode: 'teardown' });
  await again.ended({ outcome: 'nothing-to-do', code: null, exitCode: 0 });
  expect(await own.query(`SELECT FROM pg_namespace WHERE nspname LIKE 'acas%'`)).toEqual([]);
  expect(said).toEqual([expect.stringContaining('is gone with it; --history-file FILE keeps it elsewhere')]);
});

test('a comparison makes no table, and says who does; a file keeps it all the same', async () => {
  const file = join(folder, 'compared.jsonl');
  const working = trail(open('comparing'), { mode: 'verify', file });
  await working.closing();
  await working.ended(EQUAL);
  expect(await own.query(`SELECT FROM pg_namespace WHERE nspname LIKE 'acas%'`)).toEqual([]);
  expect(said).toEqual([expect.stringMatching(/^This run is not kept on the clone: .* sql-runner apply makes it\.$/)]);
  expect(latestRuns((await runsInFile(file))!.records)).toMatchObject([{ mode: 'verify', comparison: FOUND }]);
});

test('without a clone and a file it is said once that nothing is kept, when something is changed', async () => {
  const idle = trail(open('none'), { clone: null });
  play(idle);
  expect(said).toEqual([]);
  const busy = trail(open('none'), { clone: null });
  play(busy, 'slot', 'ticket');
  await busy.ended({ outcome: 'applied', code: null, exitCode: 0 });
  expect(said).toEqual([expect.stringMatching(/kept nowhere.*--history-file FILE/)]);
});
