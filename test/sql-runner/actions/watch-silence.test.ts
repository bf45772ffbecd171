import { setTimeout as pause } from 'node:timers/promises';
import { Beats } from '../../../sql-runner/actions/beats';
import { Live } from '../../../sql-runner/actions/live';
import { Watch } from '../../../sql-runner/actions/watch';
import { applyWorkers } from '../../../sql-runner/postgres/catalog/apply-workers';
import { slotReaders } from '../../../sql-runner/postgres/catalog/senders';
import { currentFlushLsn } from '../../../sql-runner/postgres/catalog/server';
import type { World } from '../support/fake-world';
import { states, toldWorld, watching } from '../support/watched-world';

/** Servers that answer nothing, and end no connection: one that stands still, a network that loses all that is sent. */

const never = () => new Promise<never>(() => undefined);
/** A word may be wrong for ten seconds; of these two pass until the next look begins. */
const WITHIN_MS = 10_000 - 2_000;

beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['Date', 'nextTick', 'setImmediate', 'setInterval', 'queueMicrotask', 'performance'],
  });
});
afterEach(() => jest.useRealTimers());

/** What came of it in time. */
async function soon<T>(asked: Promise<T>): Promise<T | 'nothing'> {
  const said = Promise.race([
    asked,
    new Promise<'nothing'>((resolve) => setTimeout(() => resolve('nothing'), WITHIN_MS)),
  ]);
  said.catch(() => undefined);
  // The work of a look is done between the steps.
  for (let passed = 0; passed < WITHIN_MS; passed += 500) await jest.advanceTimersByTimeAsync(500);
  return said;
}

test.each([
  ['the position of the source', currentFlushLsn],
  ['who reads the slots', slotReaders],
])('a source that does not tell %s is not seen any more, and is again when it answers', async (_, reader) => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    const told = world.facts.get(reader);
    world.facts.set(reader, never);
    await expect(soon(watch.sample())).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT', side: 'source' });
    world.facts.set(reader, told!);
    expect((await states(watch))[0]![0]).toBe('streaming');
  });
});

test('of a clone that says nothing the source tells, as of one that cannot be reached', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    world.facts.set(applyWorkers, never);
    expect(await soon(watch.sample())).toMatchObject({
      status: {
        streams: [{ state: 'clone not reached' }, { state: 'clone not reached' }],
        unread: { code: 'CONNECT_TIMEOUT', seen: expect.stringMatching(/^the clone has not answered within 4 s/) },
      },
    });
  });
});

test('so it is of a beat that the source does not take', async () => {
  const { world } = toldWorld();
  await watching(world, async () => {
    const write = jest.spyOn(Beats.prototype, 'write').mockImplementation(never);
    const watch = new Watch(world.opening, world.contracts);
    await expect(soon(watch.sample())).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT', side: 'source' });
    write.mockRestore();
  });
});

test('whoever asks serve is told soon that nothing is seen', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    const live = liveOf(world, watch);
    await live.lookOnce();
    expect(live.view().unseen).toBeNull();
    world.facts.set(currentFlushLsn, never);
    await soon(live.lookOnce());
    expect(live.view()).toMatchObject({ sample: null, unseen: { code: 'CONNECT_TIMEOUT' } });
  });
});

test('a whole look that is only due takes nothing away from what the look before it has seen', async () => {
  const { world } = toldWorld();
  await watching(world, async (watch) => {
    await watch.sample();
    await pause(61_000);
    const told: string[][] = [];
    await watch.sample(false, ({ status }) => void told.push(status.streams.map(({ state }) => state)));
    expect(told).toEqual([['streaming', 'streaming']]);
  });
});

const liveOf = ({ contracts }: World, watch: Watch) =>
  new Live(
    { source: contracts.source, outputsAt: new Date(0), sample: (meanwhile) => watch.sample(false, meanwhile) },
    2,
  );
