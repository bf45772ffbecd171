import { renameSync, truncateSync } from 'node:fs';
import { RDSClient } from '@aws-sdk/client-rds';
import { serverOf } from '../../lab/servers';
import { readStatus, type StreamStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import { isHealthy } from '../../sql-runner/model/health';
import type { PlanMode } from '../../sql-runner/model/plan';
import { BrokenWorld, SUBSCRIPTION } from '../breakages/broken-world';
import { eventually } from '../support/eventually';
import { refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { lookAndBeatOn } from './support/look-and-beat';
import { advance } from './support/slot-moves';

/** Who was at the slot while its worker was away, on a real server, its log as RDS hands it out. */

const stage = stagesInOrder();
let world: BrokenWorld;
let file: string;
const clean = new RegExp(`nobody else at slot ${SUBSCRIPTION}`);

beforeAll(async () => {
  world = await BrokenWorld.start('witness');
  // It would write down what this test is to find not written down yet.
  await world.served.stop();
  file = serverOf(world.lab.lab, 'source').logFile;
});
afterAll(() => world?.down());

async function stream(): Promise<StreamStatus> {
  const { streams } = await readStatus(openConnections, world.lab.contracts);
  return streams[0]!;
}
/** That of a worker that has come back. */
const seen = (is: (status: StreamStatus) => boolean): Promise<StreamStatus> =>
  eventually(async () => {
    const status = await stream();
    return is(status) ? status : null;
  }, 20_000);
const evidenceOf = ({ evidence }: StreamStatus): string => evidence.at(-1)!;

const lookAndBeat = (): Promise<void> => lookAndBeatOn(world);

async function reads(work: () => Promise<unknown>): Promise<number> {
  const spy = jest.spyOn(RDSClient.prototype, 'send');
  try {
    await work();
    return spy.mock.calls.filter(([{ constructor }]) => constructor.name === 'DownloadDBLogFilePortionCommand').length;
  } finally {
    spy.mockRestore();
  }
}

const PEEK = `SELECT count(*) FROM pg_logical_slot_peek_binary_changes('${SUBSCRIPTION}', NULL, NULL, 'proto_version', '1', 'publication_names', '${SUBSCRIPTION}')`;

for (const [what, work] of [
  ['its worker is ended', () => world.endWorker()],
  ['its sender is ended', () => world.endReplication()],
  ['the source is restarted', () => world.restart('source')],
  ['the clone is restarted', () => world.restart('clone')],
  ['somebody peeks while it is away', () => world.whileAway(() => world.onSource(PEEK))],
] as const)
  stage(`after ${what} the stream is well, and that nobody else was there is said`, async () => {
    const before = await stream();
    await world.beat();
    await work();
    await world.write();
    await world.arrives();
    const status = await seen((now) => isHealthy(now) && now.evidence[0] !== before.evidence[0]);
    expect(status).toMatchObject({ state: 'streaming', problems: [] });
    expect(evidenceOf(status)).toMatch(clean);
    expect((await world.lab.plan('apply')).changes).toEqual([]);
  });

stage('where the log cannot be had, that is said, and nothing is called proven or unwell for it', async () => {
  renameSync(file, `${file}.away`);
  const before = await stream();
  await world.endReplication();
  await world.beat();
  const status = await seen((now) => isHealthy(now) && now.evidence[0] !== before.evidence[0]);
  expect(evidenceOf(status)).toMatch(
    /^whether somebody else was at slot acas_demo_shop before its reader came at \S+ was not looked at: instance \S+ has no log file/,
  );
  expect(status.problems).toEqual([]);
  expect(status.provenUntil === null || Date.parse(status.provenUntil) < Date.parse(status.since!)).toBe(true);
  renameSync(`${file}.away`, file);
  expect((await stream()).provenUntil).not.toBeNull();
});

stage('what was not looked at of the slot is said beside, until what is printed of it was carried out', async () => {
  renameSync(file, `${file}.away`);
  const before = await stream();
  await world.endReplication();
  await world.beat();
  await seen((now) => isHealthy(now) && now.evidence[0] !== before.evidence[0]);
  const unlooked = async () => (await readStatus(openConnections, world.lab.contracts)).unlooked;
  const [said, ...more] = await unlooked();
  expect(said).toMatch(
    /^whether somebody else was at the slot before its reader came, of database shop: instance \S+ has no log file/,
  );
  expect(more).toEqual([]);
  const [, verb] = /; sql-runner (\w+) demo compares every row, which tells$/.exec(said!)!;
  const { changes } = await world.lab.plan(verb as PlanMode);
  expect(changes.map(({ id }) => id)).toEqual([`target/shop/continuity/${SUBSCRIPTION}`]);
  // A row that is missing is found by it.
  await world.onClone(`DELETE FROM orders WHERE id = ${world.id}`);
  expect(await refusalOf(world.lab.run(verb as PlanMode))).toBe('STREAM_BROKEN');
  await world.onClone(`INSERT INTO orders VALUES (${world.id}, 'written', NULL)`);
  expect(await world.lab.run(verb as PlanMode)).toBe('applied');
  expect(await unlooked()).toEqual([]);
  expect(await stream()).toMatchObject({ state: 'streaming', problems: [] });
  expect((await stream()).provenUntil).not.toBeNull();
  renameSync(`${file}.away`, file);
});

stage('of a reader that was written down the log is not read again', async () => {
  expect(await reads(stream)).toBe(1);
  await lookAndBeat();
  const status = { now: await stream() };
  expect(await reads(async () => (status.now = await stream()))).toBe(0);
  expect(evidenceOf(status.now)).toMatch(clean);
  expect(status.now.state).toBe('streaming');
});

stage('a move that was written down outlives the log, until rows are compared', async () => {
  await world.whileAway(async () => {
    await world.write();
    await world.onSource(...advance(SUBSCRIPTION));
  });
  await seen(({ state }) => state === 'not proven');
  await lookAndBeat();
  truncateSync(file, 0);
  await world.endReplication();
  const status = await seen(({ state }) => state === 'not proven');
  expect(status.problems[0]).toMatchObject({
    code: 'CONTINUITY_NOT_PROVEN',
    seen: expect.stringMatching(
      /^slot acas_demo_shop of database shop was moved from \S+ to \S+ by process \d+ at \S+, and not by/,
    ),
    next: expect.stringMatching(/^sql-runner apply demo lets it go on and compares every row/),
  });
  expect(status.provenUntil).toBeNull();
  // The row that was skipped, so that there is something that comparing finds equal.
  await world.onClone(`INSERT INTO orders VALUES (${world.id}, 'written', NULL)`);
  await world.lab.run('apply');
  const after = await seen(isHealthy);
  expect(after.problems).toEqual([]);
  expect(after.provenUntil).not.toBeNull();
  expect((await world.lab.plan('apply')).changes).toEqual([]);
});

stage('a log that was filled between the move and the return proves nothing, whoever reads next', async () => {
  await lookAndBeat();
  const { evidence, provenUntil } = await stream();
  await world.whileAway(async () => {
    await world.write();
    await world.onSource(...advance(SUBSCRIPTION));
    // More lines than are read back.
    await world.onSource(`DO $$ BEGIN FOR n IN 1..12000 LOOP RAISE LOG 'busy %', n; END LOOP; END $$`);
  });
  for (const ended of [false, true]) {
    if (ended) await world.endReplication();
    const gap = await seen((now) => isHealthy(now) && now.evidence[0] !== evidence[0]);
    expect(evidenceOf(gap)).toMatch(/was not looked at: read from \S+ on, it does not reach back to the reader before/);
    await world.beat();
    expect(Date.parse((await stream()).provenUntil!)).toBeLessThanOrEqual(Date.parse(provenUntil!) + 1_000);
  }
});
