import type { Connections } from '../../../sql-runner/connections/connections';
import { waitInSync, type WaitOptions } from '../../../sql-runner/execute/in-sync';
import { streamsOf } from '../../../sql-runner/model/streams';
import { waitFor } from '../../../sql-runner/execute/wait';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { following, slot } from '../support/observations';
import { workerAtWork } from '../support/surveyed-streams';

async function connected<T>(world: World, body: (connections: Connections) => Promise<T>): Promise<T> {
  return inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    try {
      return await body(connections);
    } finally {
      await connections.close();
    }
  });
}

describe('being in sync', () => {
  const waiting = (world: World, timeoutMs: number, more: Partial<WaitOptions> = {}) => {
    const options = { beats: [], interrupted: () => false, refuseLeft: () => Promise.resolve(), ...more };
    return connected(world, (connections) =>
      waitInSync(connections, streamsOf(world.contract), timeoutMs, (event) => world.events.push(event), options),
    );
  };
  const at = (world: World, ...positions: (string | null)[]) =>
    positions.forEach((position, index) => (world.observation.source.slots[index]!.confirmedFlushLsn = position));

  test.each([
    ['at', '0/4000000'],
    ['beyond', '0/5000000'],
  ])('means that every slot is %s the position of the beginning', async (_, position) => {
    const world = newWorld(following);
    at(world, position, position);
    expect(await waiting(world, 0)).toBeLessThan(60);
    const unlooked = [
      'whether somebody else was at the slot before its reader came, of databases shop, ledger: instance writer-1 has no log file of the last hours; sql-runner resume demo compares every row, which tells',
    ];
    const seconds = expect.any(Number) as number;
    expect(world.events).toEqual([{ type: 'in-sync', seconds, unproven: ['shop', 'ledger'], unlooked }]);
  });

  test.each([
    ['the first is behind', ['0/3000000', '0/4000000'], 'shop: confirmed 0/3000000'],
    ['the last is behind', ['0/4000000', '0/3FFFFFF'], 'ledger: confirmed 0/3FFFFFF'],
    ['one has no position', ['0/4000000', null], 'ledger: confirmed nothing'],
    ['both are behind', ['0/3000000', '0/2000000'], 'shop: confirmed 0/3000000; ledger: confirmed 0/2000000'],
  ])('is not reached while %s, and those that have are not named', async (_, positions, seen) => {
    const world = newWorld(following);
    at(world, ...positions);
    await expect(waiting(world, 1)).rejects.toMatchObject({
      code: 'NOT_IN_SYNC',
      seen: `not every stream has reached 0/4000000 after 0 s: ${seen}`,
    });
  });

  test('is not reached while nobody reads one of the slots, wherever it stands', async () => {
    const world = newWorld(following);
    at(world, '0/4000000', '0/4000000');
    world.observation.source.slots[1]!.active = false;
    await expect(waiting(world, 0)).rejects.toMatchObject({ code: 'NOT_IN_SYNC' });
    expect(world.events).toEqual([]);
  });

  test('is no question of what others read', async () => {
    const world = newWorld(following);
    at(world, '0/4000000', '0/4000000');
    world.observation.source.slots.unshift(slot('theirs', 'shop', { confirmedFlushLsn: '0/1' }));
    expect(await waiting(world, 0)).toBeLessThan(60);
  });

  test('that is not reached tells how far each stream is, and what keeps it', async () => {
    const world = newWorld(following);
    at(world, '0/1', '0/2');
    world.observation.source.slots[1]!.active = false;
    world.onSql = (sql) =>
      sql.includes('AS "waitsForRelation"')
        ? [
            { ...workerAtWork('acas_demo_shop', 'shop'), lastMessage: String(world.log.length) },
            { ...workerAtWork('theirs', 'ledger') },
            { ...workerAtWork('acas_demo_ledger', 'ledger'), pid: null, startedAt: null, applyErrors: 7 },
          ]
        : undefined;
    await expect(waiting(world, 0)).rejects.toMatchObject({
      seen: expect.stringMatching(
        /after 0 s: shop: confirmed 0\/1; ledger: APPLY_WORKER_STOPPED: subscription acas_demo_ledger .* 7 errors by now; the clone's log was not read: instance clone-1 has no log file of the last hours$/,
      ),
    });
  });

  /** As workers of both streams are seen, one look after the other; what is asked for later is as the last one. */
  const workers = (world: World, ...states: readonly object[]) => {
    let looks = 0;
    world.onSql = (sql) => {
      if (!sql.includes('AS "waitsForRelation"')) return undefined;
      const state = states[Math.min(looks, states.length - 1)]!;
      looks += 1;
      return ['shop', 'ledger'].map((name) => ({
        ...workerAtWork(`acas_demo_${name}`, name),
        ...(name === 'shop' ? state : {}),
      }));
    };
  };
  const errors = (count: number) => ({ applyErrors: count, pid: null, startedAt: null });

  test.each([
    ['is disabled', [{ enabled: false, pid: null, startedAt: null }], 'SUBSCRIPTION_DISABLED', 20],
    ['has no worker', [{ pid: null, startedAt: null, applyErrors: 0 }], 'APPLY_WORKER_STOPPED', 60],
    ['fails again and again', Array.from({ length: 400 }, (_, n) => errors(n)), 'APPLY_WORKER_FAILING', 60],
  ])('is not waited for to the end where a stream %s, and the cause is named', async (_, states, code, seconds) => {
    const world = newWorld(following);
    at(world, '0/1', '0/4000000');
    world.observation.source.slots[0]!.active = false;
    workers(world, ...states);
    const error = (await waiting(world, 600_000).catch((cause: unknown) => cause)) as { code: string; seen: string };
    expect(error).toMatchObject({ code: 'NOT_IN_SYNC', seen: expect.stringContaining(`shop: ${code}: `) });
    expect(error.seen).not.toContain('ledger: ');
    expect(Number(/and (\d+) s after/.exec(error.seen)![1])).toBeLessThanOrEqual(seconds);
  });

  test('is waited for while a worker is started anew', async () => {
    const world = newWorld(following);
    at(world, '0/1', '0/4000000');
    const gone = { pid: null, startedAt: null, applyErrors: 0 };
    const [slot] = world.observation.source.slots;
    slot!.active = false;
    let asked = 0;
    world.onSql = (sql) => {
      if (!sql.includes('AS "waitsForRelation"')) return undefined;
      asked += 1;
      const back = asked > 3;
      if (back) Object.assign(slot!, { active: true, confirmedFlushLsn: '0/4000000' });
      return ['shop', 'ledger'].map((name) => ({ ...workerAtWork(`acas_demo_${name}`, name), ...(back ? {} : gone) }));
    };
    await expect(waiting(world, 600_000)).resolves.toBeLessThan(60);
    expect(world.events.filter(({ type }) => type === 'waiting').length).toBeLessThan(2);
  });

  test('is given up at once when it is asked for while a server does not answer', async () => {
    const world = newWorld(following);
    at(world, '0/1', '0/2');
    let asked = false;
    world.onSql = (sql) => {
      if (!sql.includes('to_jsonb(s) AS slot')) return undefined;
      asked = true;
      return new Promise<never>(() => undefined) as never;
    };
    expect(await waiting(world, 600_000, { interrupted: () => asked })).toBeNull();
  });

  test('is not waited for once the operator has asked to stop', async () => {
    const world = newWorld(following);
    at(world, null);
    expect([await waiting(world, 60_000, { interrupted: () => true }), world.events]).toEqual([null, []]);
  });

  test('is not said while something is left that speaks against it', async () => {
    const world = newWorld(following);
    const waited = waiting(world, 0, { refuseLeft: () => Promise.reject(new Error('left')) });
    await expect(waited).rejects.toThrow('left');
    expect(world.events).toEqual([]);
  });

  /** As somebody leaves it after the plan. */
  const AFTER: [string, (world: World) => void, string][] = [
    ['broken', ({ observation }) => (observation.source.server.flushLsn = '0/2FFFFFF'), 'SOURCE_PUT_BACK'],
    [
      'disabled',
      ({ observation }) => {
        observation.target!.subscriptions[0]!.enabled = false;
        Object.assign(observation.target!.databases.shop!.streams.acas_demo_shop!.subscription!, { enabled: false });
      },
      'CONTINUITY_NOT_PROVEN',
    ],
    [
      'altered so that it leaves changes out',
      ({ survey }) => Object.assign(survey.target.databases.shop!.subscriptionOptions[0]!.values, { origin: 'none' }),
      'SUBSCRIPTION_ALTERED',
    ],
    [
      'no longer ours',
      ({ observation }) => {
        observation.target!.subscriptions[0]!.comment = null;
        Object.assign(observation.target!.databases.shop!.streams.acas_demo_shop!.subscription!, { comment: null });
      },
      'NOT_IN_SYNC',
    ],
  ];
  test.each(AFTER)('is not said of a stream that is %s by then', async (_, alter, code) => {
    const world = newWorld(following);
    alter(world);
    await expect(waiting(world, 0)).rejects.toMatchObject({ code });
    expect(world.events).toEqual([]);
  });

  test('is reported as the largest distance every two seconds', async () => {
    const world = newWorld(following);
    at(world, '0/3FFFFFF', '0/3FFFFF0');
    let now = 0;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => (now += 1_000));
    try {
      world.onSql = () => {
        if (now > 9_000) at(world, '0/4000000', '0/4000000');
        return undefined;
      };
      await waiting(world, 60_000);
    } finally {
      clock.mockRestore();
    }
    const reported = world.events.filter(({ type }) => type === 'catching-up');
    expect(reported[0]).toMatchObject({ type: 'catching-up', lagBytes: 16, bytesPerSecond: null, etaSeconds: null });
    expect(reported.length).toBeLessThan(6);
  });
});

test('waiting asks at least once, again until there is an answer, and gives up in the end', async () => {
  const answers = [null, null, 'yes'];
  expect(await waitFor(async () => answers.shift() ?? null, 10_000, 1)).toBe('yes');
  expect(await waitFor(async () => 'at once', 0)).toBe('at once');
  let asked = 0;
  expect(await waitFor(async () => ((asked += 1), null), 0, 1)).toBeNull();
  expect(asked).toBe(1);
  const started = performance.now();
  expect(await waitFor(async () => ((asked += 1), null), 60, 20)).toBeNull();
  expect(performance.now() - started).toBeGreaterThanOrEqual(50);
  // It sleeps between the questions, instead of asking all the time.
  expect(asked).toBeLessThan(10);
});
