import type { CountWitness } from '../../../sql-runner/model/count-witness';
import { formatMark, type HeartbeatMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import { countWitnessesBy, withCountWitnesses } from '../../../sql-runner/observe/witness-counts';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { heartbeat } from '../support/heartbeats';
import { following } from '../support/observations';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

const [SHOP, LEDGER] = ['acas_demo_shop', 'acas_demo_ledger'];
const HERE = Date.parse('2026-11-29T14:00:10Z');
const [OLD, NEW, NEWER] = ['2026-11-01T00:00:00.000000Z', '2026-11-29T13:50:00.000000Z', '2026-11-29T13:59:00.000000Z'];
const MARKED = { since: OLD, at: '2026-11-29T13:30:00.000Z' };
const WORKERS: Record<string, number> = { [SHOP]: 77, [LEDGER]: 78 };
const at = (clock: string): string => `2026-11-29T${clock}.000Z`;
const line = (clock: string, words: string): string => `2026-11-29 ${clock} UTC::@:[77]:LOG:  ${words}\n`;
const BEGIN = line('13:00:00', 'checkpoint starting: time');
const CRASH = line('13:50:00', 'database system was not properly shut down; automatic recovery in progress');
const DISABLED = line(
  '13:40:00',
  `logical replication worker for subscription "${SHOP}" will stop because the subscription was disabled`,
);
const CLEAN = BEGIN + CRASH;
const ALTERED = BEGIN + DISABLED + CRASH;

interface Clone {
  readonly log?: string | null;
  readonly counts?: SubscriptionMark['counts'];
  readonly since?: string;
  readonly updates?: number;
  readonly note?: HeartbeatMark['counts'];
}

/** On a server that has counted none since it crashed; the marks remember two of before. */
function worldWith({ log = CLEAN, counts = MARKED, since = NEW, updates = 0, note }: Clone = {}): World {
  const world = newWorld(following);
  world.cloneLog = log;
  const { observation } = world;
  for (const { streams } of Object.values(observation.target!.databases))
    for (const { subscription } of Object.values(streams)) {
      const worker = WORKERS[subscription!.name]!;
      const comment = formatMark({ ...SUBSCRIPTION_MARK, updates: 2, counts: { ...counts, worker } });
      Object.assign(subscription!, { comment });
    }
  Object.assign(observation.target!, {
    subscriptionUpdates: updates,
    counting: { since, at: at('14:00:00'), workers: WORKERS },
  });
  if (note !== undefined) {
    const marked = formatMark({ kind: 'heartbeat', environment: 'demo', counts: note });
    observation.source.databases.shop!.heartbeats = [{ ...heartbeat(SHOP), comment: marked }];
  }
  return world;
}

type Witnesses = Readonly<Record<string, CountWitness>> | undefined;

/** Looks by the same connections, each after a change and so many milliseconds. */
async function looks(world: World, ...after: readonly (readonly [ms: number, change?: () => unknown])[]) {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(HERE);
  try {
    return await inWorld(world, async () => {
      const connections = world.opening(world.contracts, true);
      const seen: Witnesses[] = [];
      for (const [ms, change] of [[0] as const, ...after]) {
        clock.mockReturnValue(HERE + ms);
        change?.();
        const { target } = await withCountWitnesses(connections.reading(), world.observation);
        seen.push(target!.countWitnesses);
      }
      expect(Object.fromEntries(countWitnessesBy(connections))).toMatchObject(seen.at(-1) ?? {});
      await connections.close();
      return seen;
    });
  } finally {
    clock.mockRestore();
  }
}
const portions = ({ log }: World) => log.filter((one) => one.startsWith('aws DownloadDBLogFilePortion')).length;
const WELL = { since: NEW, at: at('14:00:00'), unread: null, altered: null, worker: 77 };

test('a log that reaches from the mark to the crash is read once for all streams and looks', async () => {
  const world = worldWith();
  const [seen] = await looks(world, [1_000], [100_000]);
  expect(seen).toEqual({ [SHOP]: WELL, [LEDGER]: { ...WELL, worker: 78 } });
  expect(portions(world)).toBe(1);
});

test('while the count goes on no log is read, and none where there is no count', async () => {
  const goesOn = worldWith({ since: OLD, updates: 2 });
  expect(await looks(goesOn)).toEqual([{}]);
  const without = worldWith();
  Object.assign(without.observation.target!, { subscriptionUpdates: null, counting: null });
  expect(await looks(without)).toEqual([undefined]);
  expect(portions(goesOn) + portions(without)).toBe(0);
});

test('what a worker logged is told of its own subscription', async () => {
  const [seen] = await looks(worldWith({ log: ALTERED }));
  expect(seen![SHOP]!.altered).toMatchObject({ at: at('13:40:00'), pid: 77, subscription: SHOP });
  expect(seen![LEDGER]).toEqual({ ...WELL, worker: 78 });
});

test('a log that cannot be had is asked for again after a minute, and no sooner', async () => {
  const world = worldWith({ log: null });
  const [first, , last] = await looks(world, [59_000], [61_000, () => (world.cloneLog = CLEAN)]);
  expect(first![SHOP]!.unread).toMatch(/has no log file of the last hours/);
  expect(last![SHOP]).toEqual(WELL);
});

test('whoever had looked shortly before the crash needs no more of the log', async () => {
  const world = worldWith({ since: OLD, updates: 2, log: line('13:45:00', 'x') + CRASH });
  Object.assign(world.observation.target!.counting!, { at: at('13:49:00') });
  const crash = () =>
    Object.assign(world.observation.target!, {
      subscriptionUpdates: 0,
      counting: { since: NEW, at: at('14:00:00'), workers: WORKERS },
    });
  expect((await looks(world, [1_000, crash]))[1]![SHOP]).toEqual(WELL);
  expect((await looks(worldWith({ log: world.cloneLog })))[0]![SHOP]!.unread).toMatch(/does not reach back/);
});

test('whoever had looked while no worker was there is no witness of what came then', async () => {
  const world = worldWith({ since: OLD, updates: 2, log: line('13:45:00', 'x') + CRASH });
  Object.assign(world.observation.target!.counting!, { at: at('13:49:00'), workers: {} });
  const crash = () =>
    Object.assign(world.observation.target!, { subscriptionUpdates: 0, counting: { since: NEW, at: at('14:00:00') } });
  expect((await looks(world, [1_000, crash]))[1]![SHOP]!.unread).toMatch(/does not reach back/);
});

test('whoever had seen that something was altered, and not explained, is no witness that nothing was', async () => {
  const world = worldWith({ since: OLD, updates: 4, log: line('13:45:00', 'x') + CRASH });
  const crash = () =>
    Object.assign(world.observation.target!, { subscriptionUpdates: 0, counting: { since: NEW, at: at('14:00:00') } });
  expect((await looks(world, [1_000, crash]))[1]![SHOP]!.unread).toMatch(/does not reach back/);
});

describe('what was written down', () => {
  const altered = { at: at('13:40:00'), pid: 5, subscription: SHOP, what: 'x' };

  test('of this count is known, and nobody asks', async () => {
    const note = { since: NEW, at: at('13:55:00'), altered };
    const world = worldWith({ note, log: null });
    const [seen] = await looks(world);
    expect(seen![SHOP]).toEqual({ ...note, worker: null, unread: null });
    expect(seen![LEDGER]!.unread).toMatch(/has no log file/);
  });

  test('of a count before it tells up to when all was known, and what was done stays told', async () => {
    const log = line('13:52:00', 'x') + CRASH.replace('13:50:00', '13:59:00');
    const note = { since: NEW, at: at('13:55:00'), altered, worker: 77 };
    const [seen] = await looks(worldWith({ note, log, since: NEWER }));
    expect(seen![SHOP]).toMatchObject({ since: NEWER, unread: null, altered });
    expect(seen![LEDGER]!.unread).toMatch(/does not reach back/);
  });

  test('before the mark was, which knows more, tells nothing', async () => {
    const note = { since: NEW, at: at('13:20:00'), altered };
    const [seen] = await looks(worldWith({ note }));
    expect(seen![SHOP]).toEqual(WELL);
  });
});
