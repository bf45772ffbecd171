import { readStatus } from '../../../sql-runner/actions/status';
import { formatMark } from '../../../sql-runner/model/mark';
import { currentFlushLsn } from '../../../sql-runner/postgres/catalog/server';
import { tell } from '../support/facts';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';
import { cloned, following, prepared, untouched } from '../support/observations';
import { workerAtWork } from '../support/surveyed-streams';

describe('the status', () => {
  const status = (world: World) => inWorld(world, () => readStatus(world.opening, world.contracts));
  const shop = async (world: World) => (await status(world)).streams[0]!;

  test('a server of the clone that has counted anew tells nothing of alterations by hand, and that is said', async () => {
    const evidence = async (updates: number) => {
      const world = newWorld(following);
      Object.assign(world.observation.target!, { subscriptionUpdates: 0 });
      for (const one of world.observation.target!.subscriptions)
        one.comment = formatMark({ ...SUBSCRIPTION_MARK, updates });
      return (await shop(world)).evidence.filter((line) =>
        line.includes('before its server began to count anew was not looked at'),
      );
    };
    expect(await evidence(0)).toEqual([]);
    expect(await evidence(3)).toHaveLength(1);
  });

  test('of streams that follow', async () => {
    const world = newWorld(following);
    world.observation.source.slots[0]!.confirmedFlushLsn = '0/3FFFFF0';
    world.observation.source.slots[1]!.confirmedFlushLsn = '0/4000001';
    expect(await status(world)).toMatchObject({
      environment: 'demo',
      ticket: 'issued',
      clone: 'deployed',
      seedLsn: '0/3000000',
      streams: [
        {
          database: 'shop',
          state: 'catching up',
          problems: [],
          tables: 2,
          slot: 'acas_demo_shop',
          walStatus: 'reserved',
          confirmedLsn: '0/3FFFFF0',
          lagBytes: 16,
          lastMessage: expect.any(String),
          applyErrors: 0,
        },
        { database: 'ledger', state: 'streaming', lagBytes: 0 },
      ],
    });
    expect(world.open.size).toBe(0);
  });

  test.each<[string, typeof untouched, (world: World) => unknown]>([
    ['not prepared', untouched, () => undefined],
    ['not prepared', prepared, ({ observation }) => (observation.source.slots = [])],
    ['blocked', prepared, ({ observation }) => (observation.source.databases.shop!.publications[0]!.comment = null)],
    [
      'not prepared',
      prepared,
      ({ observation }) =>
        (observation.source.databases.shop!.publications[0]!.comment = formatMark({
          kind: 'publication',
          environment: 'demo',
          slot: 'acas_demo_shop',
        })),
    ],
    ['waiting for the clone', prepared, () => undefined],
    ['waiting for the clone', cloned, ({ contracts }) => Object.assign(contracts.target!, { ticketNonce: 'older' })],
    ['not connected yet', cloned, () => undefined],
    ['blocked', cloned, ({ observation }) => (observation.source.slots[0]!.confirmedFlushLsn = '0/2000001')],
    [
      'blocked',
      cloned,
      ({ observation }) => {
        const { shop } = observation.target!.databases;
        Object.assign(shop!, { writtenTables: [{ schema: 'public', name: 'orders' }], writesAreCertain: true });
      },
    ],
    ['blocked', cloned, ({ observation }) => (observation.target!.server.versionNum = 180_001)],
    ['lost', following, ({ observation }) => (observation.source.slots[0]!.walStatus = 'lost')],
    ['disabled', following, ({ observation }) => (observation.target!.subscriptions[1]!.enabled = false)],
    [
      'stopped',
      following,
      (world) =>
        (world.onSql = (sql) =>
          sql.includes('AS "waitsForRelation"')
            ? [{ ...workerAtWork('acas_demo_shop', 'shop'), pid: null, startedAt: null }]
            : undefined),
    ],
  ])('%s', async (expected, state, change) => {
    const world = newWorld(state);
    change(world);
    expect((await shop(world)).state).toBe(expected);
  });

  test('tells how far the source had written when its streams were looked at', async () => {
    const world = newWorld(following);
    tell(world.facts, currentFlushLsn, () => '0/7000000');
    expect((await shop(world)).writtenLsn).toBe('0/7000000');
    const before = newWorld(untouched);
    expect((await shop(before)).writtenLsn).toBe(before.observation.source.server.flushLsn);
  });

  test('of a stream without anything has nothing to show', async () => {
    const world = newWorld(untouched);
    expect(await status(world)).toMatchObject({ ticket: 'none', clone: 'not deployed', seedLsn: null });
    expect(await shop(world)).toMatchObject({
      tables: 0,
      walStatus: null,
      confirmedLsn: null,
      lagBytes: null,
      lastMessage: null,
      applyErrors: null,
    });
  });

  test('of a stream whose slot has no position, or is gone, has no lag', async () => {
    const world = newWorld(following);
    world.observation.source.slots[0]!.confirmedFlushLsn = null;
    expect(await shop(world)).toMatchObject({ state: 'catching up', confirmedLsn: null, lagBytes: null });
    world.observation.source.slots.shift();
    expect(await shop(world)).toMatchObject({
      state: 'lost',
      walStatus: null,
      lagBytes: null,
      problems: [{ code: 'SLOT_LOST', next: expect.stringMatching(/^make a new clone: [^;]*$/) }],
    });
  });

  test("of a subscription that is somebody else's is not shown as ours", async () => {
    const world = newWorld(following);
    for (const subscription of world.observation.target!.subscriptions) subscription.comment = null;
    expect(await shop(world)).toMatchObject({ state: 'blocked', lagBytes: null, lastMessage: null });
  });
});
