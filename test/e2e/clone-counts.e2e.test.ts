import { renameSync, truncateSync } from 'node:fs';
import { serverOf } from '../../lab/servers';
import { readStatus, type StreamStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { diagnose } from '../../sql-runner/actions/doctor';
import { diagnosisText } from '../../sql-runner/render/doctor-text';
import { planText } from '../../sql-runner/render/plan-text';
import { runText } from '../../sql-runner/render/run-text';
import { statusText } from '../../sql-runner/render/status-text';
import { styleFor } from '../../sql-runner/render/style';
import { isHealthy } from '../../sql-runner/model/health';
import { BrokenWorld, SUBSCRIPTION } from '../breakages/broken-world';
import { eventually } from '../support/eventually';
import { applyOf, IN_SYNC } from './support/continuity-said';
import { stagesInOrder } from './support/in-order';
import { lookAndBeatOn } from './support/look-and-beat';
import { moveOrigin } from './support/slot-moves';

/** What a crash of the clone takes along of what is known of its subscriptions, on a real server. */

const stage = stagesInOrder();
let world: BrokenWorld;

beforeAll(async () => {
  world = await BrokenWorld.start('clone-counts');
  await world.served.stop();
});
afterAll(() => world?.down());

const seen = (is: (status: StreamStatus) => boolean): Promise<StreamStatus> =>
  eventually(async () => {
    const { streams } = await readStatus(openConnections, world.lab.contracts);
    return is(streams[0]!) ? streams[0]! : null;
  }, 20_000);

async function crash(): Promise<void> {
  await world.stop('clone');
  await world.startAll();
}

/** As many times as more are counted than what comes later: apply compares the rows, and remembers the count. */
async function countMuch(): Promise<void> {
  for (let time = 0; time < 4; time += 1) await world.disabled();
  await world.arrives();
  expect(await applyOf(world.lab)).toEqual(IN_SYNC);
}

/** Rows that no beat is among are written while it is disabled, and its origin is moved over them. */
async function skipRows(): Promise<void> {
  await world.write();
  await world.arrives();
  await world.confirmed();
  await world.onClone(`ALTER SUBSCRIPTION ${SUBSCRIPTION} DISABLE`);
  await world.slotIsFree();
  await world.write();
  const [row] = await world.onSource('SELECT pg_current_wal_flush_lsn()::text AS lsn');
  await world.onClone(moveOrigin(String(row!.lsn)), `ALTER SUBSCRIPTION ${SUBSCRIPTION} ENABLE`);
}

/** The texts of a command, on one line. */
async function saidBy(verb: 'status' | 'plan' | 'doctor' | 'apply'): Promise<string> {
  const { contracts } = world.lab;
  const style = styleFor(process.stdout, true);
  const lines: string[] = [];
  if (verb === 'status') lines.push(statusText(await readStatus(openConnections, contracts), style));
  if (verb === 'plan') lines.push(planText(await world.lab.plan('apply'), style));
  if (verb === 'doctor') lines.push(diagnosisText(await diagnose(openConnections, contracts), style));
  if (verb === 'apply') await world.lab.run('apply', { listener: runText((line) => lines.push(line), style) });
  return lines.join(' ').replace(/\s+/g, ' ');
}

const provenUntil = async (): Promise<number> => Date.parse((await seen(isHealthy)).provenUntil ?? '2000-01-01');

const lookAndBeat = (): Promise<void> => lookAndBeatOn(world);

/** The rows are compared, and found different, until the one that was skipped is there. */
async function heal(): Promise<void> {
  expect(await applyOf(world.lab)).toEqual({ code: 'STREAM_BROKEN', inSync: false });
  await world.onClone(`INSERT INTO orders VALUES (${world.id}, 'written', NULL)`);
  expect(await applyOf(world.lab)).toEqual(IN_SYNC);
  await seen(isHealthy);
}

stage('what somebody does to a subscription after a crash is told, whatever was counted before it', async () => {
  await world.write();
  await countMuch();
  await crash();
  await skipRows();
  const status = await seen(({ state }) => state === 'not proven');
  expect(status.problems[0]).toMatchObject({ code: 'CONTINUITY_NOT_PROVEN', seen: expect.stringContaining('2 times') });
  await heal();
});

stage(
  'after a crash alone the stream is well and in sync, and the log of the clone tells that nobody was there',
  async () => {
    await crash();
    await world.write();
    await world.arrives();
    const status = await seen(isHealthy);
    expect([status.problems, status.evidence.filter((line) => line.includes('altered'))]).toEqual([[], []]);
    expect((await world.lab.plan('apply')).changes).toEqual([]);
    expect(await saidBy('apply')).toMatch(
      /In sync: the clone has applied all that the source had written \(\S+ s\)\.$/,
    );
  },
);

stage('a stream that was held when the clone crashed goes on, and is in sync', async () => {
  await world.lab.run('hold');
  await crash();
  expect((await world.lab.plan('resume')).findings).toEqual([]);
  expect(await readStatus(openConnections, world.lab.contracts)).toMatchObject({ unlooked: [] });
  await world.lab.run('resume');
  const status = await seen(isHealthy);
  expect([status.problems, status.evidence.filter((line) => line.includes('altered'))]).toEqual([[], []]);
});

stage('what somebody did right before a crash, the log of the clone tells', async () => {
  await skipRows();
  await crash();
  await seen(({ state }) => state === 'not proven');
  // Written down, it outlives the log, and another crash.
  await lookAndBeat();
  await crash();
  truncateSync(serverOf(world.lab.lab, 'clone').logFile, 0);
  const status = await seen(({ state }) => state === 'not proven');
  expect(status.problems[0]).toMatchObject({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: expect.stringMatching(
      /^subscription acas_demo_shop in database shop, as process \d+ logged on the clone at \S+: its worker ended because the subscription was disabled/,
    ),
  });
  await heal();
});

stage('where the log of the clone does not reach back, that is said wherever all is called well', async () => {
  await world.beat();
  const { provenUntil: known } = await seen((now) => isHealthy(now) && now.provenUntil !== null);
  const { logFile } = serverOf(world.lab.lab, 'clone');
  renameSync(logFile, `${logFile}.away`);
  await crash();
  await world.write();
  await world.arrives();
  const status = await seen(isHealthy);
  const unlooked =
    /whether somebody altered a subscription and put it back before the clone's server began to count that anew, of database shop: read from \S+ on, it does not reach back to \S+, when the count was last known/;
  // Of what came later it is not said that nothing was skipped.
  await world.beat();
  expect(await provenUntil()).toBeLessThan(Date.parse(known!));
  expect(status.evidence.at(-1)).toMatch(
    /^whether somebody altered a subscription .* was not looked at: read from \S+ on, it does/,
  );
  for (const verb of ['status', 'plan', 'doctor', 'apply'] as const) expect(await saidBy(verb)).toMatch(unlooked);
  // As it was not told, it stays so.
  expect(await saidBy('apply')).toMatch(unlooked);
});
