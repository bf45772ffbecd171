import { readStatus, type StreamStatus } from '../../sql-runner/actions/status';
import { openConnections } from '../../sql-runner/connections/open';
import type { PlanMode } from '../../sql-runner/model/plan';
import { BrokenWorld, SUBSCRIPTION } from '../breakages/broken-world';
import { eventually } from '../support/eventually';
import { applyOf, IN_SYNC } from './support/continuity-said';
import { refusalOf } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { moveOrigin } from './support/slot-moves';

/** What is altered while no worker is there that would log it, before a crash of the clone takes the count of it along. */

const stage = stagesInOrder();
let world: BrokenWorld;

beforeAll(async () => {
  world = await BrokenWorld.start('clone-gaps');
  await world.served.stop();
});
afterAll(() => world?.down());

/** Once one that has ended may not be started again for long, short of a start of the server. */
async function restartsLate(interval: string): Promise<void> {
  await world.beside('clone', `ALTER SYSTEM SET wal_retrieve_retry_interval = '${interval}'`);
  await world.beside('clone', 'SELECT pg_reload_conf()');
}

const seen = (is: (status: StreamStatus) => boolean): Promise<StreamStatus> =>
  eventually(async () => {
    const { streams } = await readStatus(openConnections, world.lab.contracts);
    return is(streams[0]!) ? streams[0]! : null;
  }, 20_000);

const alter = (clause: string): string => `ALTER SUBSCRIPTION ${SUBSCRIPTION} ${clause}`;

/** A row is skipped while nobody is there, and no beat is among what was skipped. */
async function skipRow(end: () => Promise<unknown>): Promise<void> {
  await world.write();
  await world.arrives();
  await world.confirmed();
  await restartsLate('10min');
  await end();
  await world.onClone(alter('DISABLE'));
  await world.slotIsFree();
  await world.write();
  const [row] = await world.onSource('SELECT pg_current_wal_flush_lsn()::text AS lsn');
  await world.onClone(moveOrigin(String(row!.lsn)), alter('ENABLE'));
}

async function crash(): Promise<void> {
  await world.stop('clone');
  await world.startAll();
  await restartsLate('200ms');
}

const looked = async (): Promise<readonly string[]> =>
  (await readStatus(openConnections, world.lab.contracts)).unlooked;
const ended =
  /somebody altered a subscription and put it back before .* began to count that anew, of database shop: its worker ended at \S+, and no other came, and nobody logs what is altered meanwhile; /;

/** Nothing is called well without it, until what is printed of it was carried out. */
async function comparedAsPrinted(): Promise<void> {
  await seen(({ state }) => state === 'streaming');
  expect(await looked()).toEqual([expect.stringMatching(ended)]);
  expect(await applyOf(world.lab)).toEqual(IN_SYNC);
  const [said] = await looked();
  const [, verb] = /sql-runner (\w+) demo compares every row/.exec(said!)!;
  expect((await world.lab.plan('resume')).changes.map(({ id }) => id)).toEqual([
    `target/shop/continuity/${SUBSCRIPTION}`,
  ]);
  expect(await refusalOf(world.lab.run(verb as PlanMode))).toBe('STREAM_BROKEN');
  await world.onClone(`INSERT INTO orders VALUES (${world.id}, 'written', NULL)`);
  expect(await world.lab.run(verb as PlanMode)).toBe('applied');
  expect(await looked()).toEqual([]);
  await world.beat();
  await seen(({ provenUntil, state }) => state === 'streaming' && provenUntil !== null);
  expect((await world.lab.plan('resume')).changes).toEqual([]);
}

stage('a worker that was ended by hand logs nothing of what is altered after it: that is said', async () => {
  await skipRow(() => world.endWorker());
  await crash();
  await comparedAsPrinted();
});

stage('nor does one that ended as the source crashed', async () => {
  await skipRow(async () => {
    await world.stop('source');
    await world.startAll();
  });
  await crash();
  await comparedAsPrinted();
});
