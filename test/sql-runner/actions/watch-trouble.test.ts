import { setTimeout as pause } from 'node:timers/promises';
import type { Watch } from '../../../sql-runner/actions/watch';
import { formatMark } from '../../../sql-runner/model/mark';
import { type ApplyWorker, workerTimeouts } from '../../../sql-runner/postgres/catalog/apply-workers';
import { sqlError } from '../support/fake-world';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';
import { catalogReads, states, toldWorld, watching } from '../support/watched-world';

/** What is said of a stream that is in trouble, until a whole look has seen all of it. */

test('one that is proven again is seen to be so in seconds, although only the catalogs tell', async () => {
  const { world } = toldWorld();
  const subscriptions = world.observation.target!.subscriptions;
  const marks = subscriptions.map(({ comment }) => comment);
  for (const one of subscriptions)
    one.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
  await watching(world, async (watch) => {
    expect((await states(watch))[0]![0]).toBe('not proven');
    subscriptions.forEach((one, index) => (one.comment = marks[index]!));
    const read = catalogReads(world);
    await pause(4_000);
    expect((await states(watch))[0]![0]).toBe('not proven');
    expect(catalogReads(world)).toBe(read);
    await pause(1_500);
    expect((await states(watch))[0]![0]).toBe('streaming');
  });
});

test('reading everything takes no more than a tenth of the time, whatever is the matter', async () => {
  const { world } = toldWorld();
  for (const one of world.observation.target!.subscriptions)
    one.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
  await watching(world, async (watch) => {
    world.facts.set(workerTimeouts, async () => {
      await pause(1_000);
      return { receiverMs: 60_000, statusMs: 10_000, retryMs: 0 };
    });
    await watch.sample();
    const read = catalogReads(world);
    await pause(8_000);
    await watch.sample();
    expect(catalogReads(world)).toBe(read);
    await pause(30_000);
    await watch.sample();
    expect(catalogReads(world)).toBe(2 * read);
  });
});

test('the time of waiting for a worker is none of it', async () => {
  const { world, now } = toldWorld();
  const subscriptions = world.observation.target!.subscriptions;
  const marks = subscriptions.map(({ comment }) => comment);
  for (const one of subscriptions)
    one.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
  const back = Date.now() + 800;
  const holders: ApplyWorker['holders'] = [
    { pid: 9, user: 'ann', application: 'psql', state: 'idle', since: null, ageSeconds: null, statement: null },
  ];
  Object.defineProperty(now, 'worker', { get: () => (Date.now() < back ? { holders } : {}) });
  await watching(world, async (watch) => {
    expect((await states(watch))[0]![0]).toBe('not proven');
    subscriptions.forEach((one, index) => (one.comment = marks[index]!));
    await pause(6_000);
    expect((await states(watch))[0]![0]).toBe('streaming');
  });
});

/** What is told while a whole look goes on. */
async function meanwhileOf(watch: Watch): Promise<string[][]> {
  const told: string[][] = [];
  await watch.sample(false, ({ status }) => void told.push(status.streams.map(({ state }) => state)));
  return told;
}

test('while the whole look waits for what a stopped worker does next, nobody is told that it streams', async () => {
  const { world, now } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    now.worker = { pid: null, startedAt: null };
    const began = Date.now();
    expect(await meanwhileOf(watch)).toEqual([['stopped', 'streaming']]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1_000);
    now.worker = {};
    expect(await meanwhileOf(watch)).toEqual([]);
  });
});

test('so it is where the minute is over, and where the sessions have ended', async () => {
  const { world, now } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    await pause(61_000);
    now.worker = { enabled: false };
    expect(await meanwhileOf(watch)).toEqual([['disabled', 'streaming']]);
    now.worker = {};
    await watch.sample();
    let ended = false;
    world.onSql = () => (ended ? undefined : ((ended = true), sqlError('57P01')));
    now.worker = { enabled: false };
    expect((await meanwhileOf(watch)).at(-1)).toEqual(['disabled', 'streaming']);
    expect(ended).toBe(true);
  });
});

test('a stream that only does not move is called nothing else before the whole look has seen it longer', async () => {
  const { world, now } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    now.flushLsn = '0/5000000';
    await watch.sample();
    expect(await meanwhileOf(watch)).toEqual([]);
  });
});
