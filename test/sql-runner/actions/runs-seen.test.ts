import type { Contracts } from '../../../contract/contract';
import { OperatorError } from '../../../errors/operator-error';
import { RunsSeen } from '../../../sql-runner/actions/runs-seen';
import type { Open } from '../../../sql-runner/connections/open';
import { haveHistory, keepRun } from '../../../sql-runner/execute/trail-table';
import type { Compared } from '../../../sql-runner/model/comparison';
import { applicationName } from '../../../sql-runner/model/run-id';
import type { RunRecord } from '../../../sql-runner/model/run-record';
import type { Session } from '../../../sql-runner/postgres/session';
import { startTestCluster, type TestCluster } from '../../support/postgres';
import { openSession, targetOf } from '../postgres/sessions';
import { sourceContract } from '../support/contract';
import { runOf } from '../support/runs';

let cluster: TestCluster;
let own: Session;
beforeAll(async () => {
  cluster = await startTestCluster({ databases: ['shop'] });
  own = await openSession(targetOf(cluster, 'shop'), { readOnly: false });
});
afterEach(async () => void (await own.query('DROP SCHEMA IF EXISTS acas_history_demo CASCADE')));
afterAll(async () => {
  await own.close();
  await cluster.stop();
});

const source = sourceContract(['shop']);
const clone = (nonce = 'n') => ({ source, target: { ticketNonce: nonce } }) as unknown as Contracts;

/** Sessions of the cluster as the clone's; of the other side none. */
function opening(failure: { now: Error | null } = { now: null }) {
  const opened: string[] = [];
  let left = 0;
  const open = ((contracts: Contracts) => {
    const session = openSession(targetOf(cluster, 'shop'), { readOnly: true });
    left += 1;
    return {
      contracts,
      first: (side: string) => {
        opened.push(side);
        return failure.now === null ? Promise.resolve({ side, database: 'shop' }) : Promise.reject(failure.now);
      },
      reader: () => session,
      close: async () => {
        await (await session).close();
        left -= 1;
      },
    };
  }) as unknown as Open;
  return { open, opened, left: () => left };
}

const BEGAN = Date.parse('2026-05-01T12:00:00Z');
const at = (minutes: number) => new Date(BEGAN + minutes * 60_000).toISOString();
const verify = (minutes: number, outcome: Compared = 'equal', database = 'shop'): RunRecord =>
  runOf({
    mode: 'verify',
    began: at(minutes - 1),
    ended: at(minutes),
    outcome,
    exitCode: 0,
    comparison: {
      whole: true,
      databases: [{ database, outcome, tables: 1, equal: 1, rows: 1 }],
      against: [],
      notCompared: [],
    },
  });
const keepAll = async (...records: RunRecord[]) => {
  await haveHistory(own, 'demo', true);
  for (const record of records) await keepRun(own, record);
};

/** Minutes after it began. @returns which verifies were told of */
function watching(of: RunsSeen) {
  return async (minutes: number, reached = true) => {
    const told: string[] = [];
    await of.keep(reached, ({ ended }) => void told.push(ended!), BEGAN + minutes * 60_000);
    return told;
  };
}

test('it is read once a minute at most, on the clone alone, and no session stays', async () => {
  const { open, opened, left } = opening();
  const runs = new RunsSeen(open, () => clone(), BEGAN);
  expect(runs.view()).toEqual({ kept: null, at: null, failure: null });
  const look = watching(runs);
  for (const minutes of [0, 0.2, 0.9, 1, 1.5]) await look(minutes);
  expect([opened, left()]).toEqual([['target', 'target'], 0]);
  expect(runs.view()).toMatchObject({ kept: { since: null, closed: false, runs: [] }, failure: null });
});

test('while the clone is not reached it is not asked, and what was read before stays with its age', async () => {
  const { open, opened } = opening();
  const runs = new RunsSeen(open, () => clone(), BEGAN);
  const look = watching(runs);
  await look(0, false);
  expect(opened).toEqual([]);
  await keepAll(runOf({ mode: 'apply', ended: at(0), outcome: 'applied', exitCode: 0 }));
  await look(1);
  const seen = runs.view();
  expect(seen.kept!.runs).toMatchObject([{ mode: 'apply', atWork: false }]);
  await look(9, false);
  expect([runs.view(), opened.length]).toEqual([seen, 1]);
});

test('what fails is told beside what was read before, and tried again a minute later', async () => {
  const failure = { now: null as Error | null };
  const { open, left } = opening(failure);
  const runs = new RunsSeen(open, () => clone(), BEGAN);
  const look = watching(runs);
  await look(0);
  failure.now = new OperatorError({ code: 'CONNECT_REFUSED', seen: 's', why: 'w', next: 'n' });
  await look(1);
  expect(runs.view()).toMatchObject({ kept: { since: null }, failure: { code: 'CONNECT_REFUSED' } });
  failure.now = null;
  await look(2);
  expect([runs.view().failure, left()]).toEqual([null, 0]);
});

test('of another clone nothing is known before it is read', async () => {
  await keepAll(verify(-5));
  let now = clone();
  const runs = new RunsSeen(opening().open, () => now, BEGAN);
  const look = watching(runs);
  await look(0);
  expect(runs.view().kept!.comparisons).toHaveLength(1);
  now = clone('of the next ticket');
  await look(0.1, false);
  expect(runs.view()).toEqual({ kept: null, at: null, failure: null });
});

test('each verify that has ended is told once; those from before it began are not, whatever clocks say later', async () => {
  const [before, first, second] = [verify(-5), verify(0.5), verify(1.5, 'not equal')];
  await keepAll(before, first);
  const look = watching(new RunsSeen(opening().open, () => clone(), BEGAN));
  expect(await look(1)).toEqual([first.ended]);
  const open = runOf({ mode: 'verify', began: at(1) });
  const byASlowClock = { ...verify(-30, 'not settled'), began: at(-31) };
  await keepAll(second, open, byASlowClock, runOf({ ended: at(2), outcome: 'applied', exitCode: 0 }));
  expect(await look(2)).toEqual([byASlowClock.ended, second.ended]);
  expect(await look(3)).toEqual([]);
  await keepAll({ ...open, ended: at(3.5), outcome: 'refused', code: 'NOT_STREAMING', exitCode: 13 });
  expect(await look(4)).toEqual([at(3.5)]);
});

test('among many runs the last twenty are known, and each last comparison; one at work is seen to be', async () => {
  const old = verify(-900, 'not equal', 'ledger');
  const busy = runOf({ began: at(0) });
  const others = Array.from({ length: 25 }, (_, index) => runOf({ began: at(-100 + index), ended: at(-99 + index) }));
  await keepAll(old, ...others, busy);
  const session = await openSession(targetOf(cluster, 'shop'), {
    readOnly: true,
    applicationName: applicationName('demo', busy.run),
  });
  const runs = new RunsSeen(opening().open, () => clone(), BEGAN);
  await watching(runs)(0);
  await session.close();
  const { kept } = runs.view();
  expect([kept!.runs.length, kept!.runs[0]]).toEqual([20, { ...busy, atWork: true }]);
  expect(kept!.comparisons).toEqual([old]);
});

test('what has its name and is not ours is not read', async () => {
  await own.query('CREATE SCHEMA acas_history_demo');
  const runs = new RunsSeen(opening().open, () => clone(), BEGAN);
  await watching(runs)(0);
  expect(runs.view().kept).toEqual({ since: null, closed: true, runs: [], comparisons: [] });
});
