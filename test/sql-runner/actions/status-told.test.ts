import { aProblem, doubtIn, troubleIn } from '../support/trouble';
import { isFollowing, readStatus, type StreamStatus } from '../../../sql-runner/actions/status';
import { formatMark } from '../../../sql-runner/model/mark';
import { answering, type Answers } from '../support/answering';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { cloned, CONFIRMED, following, SEED, subscription } from '../support/observations';
import { readerAtWork, workerAtWork } from '../support/surveyed-streams';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

/** What status says of a stream beside its figures: how it stands, and what is the trouble with it. */
const shopOf = async (world: World): Promise<StreamStatus> =>
  (await inWorld(world, () => readStatus(world.opening, world.contracts))).streams[0]!;
const toldOf = async (world: World) => {
  const shop = await shopOf(world);
  return { state: shop.state, trouble: troubleIn(shop) };
};

test('of a stream that follows, or is not connected yet, there is no trouble', async () => {
  expect(await toldOf(newWorld(following))).toEqual({ state: 'streaming', trouble: null });
  expect(await toldOf(newWorld(cloned))).toEqual({ state: 'not connected yet', trouble: null });
});

describe('a stream that is ours is told', () => {
  test.each<[string, (world: World) => unknown, string]>([
    [
      'to be kept out by its role',
      ({ observation }) => (observation.source.role!.canLogin = false),
      'ROLE_CANNOT_REPLICATE: role acas_demo lacks LOGIN; sql-runner doctor demo says what to do',
    ],
    [
      'to have another subscription of ours beside it',
      ({ observation }) => {
        for (const database of ['shop', 'ledger'])
          observation.target!.subscriptions.push(
            subscription(`${database}_more`, database, {
              oid: 16600,
              slotName: null,
              comment: formatMark(SUBSCRIPTION_MARK),
            }),
          );
      },
      'SUBSCRIPTION_RENAMED: subscription shop_more in database shop on the clone carries our mark, and is not named acas_demo_shop any more; it has no slot; the stream has another',
    ],
    [
      'to have options that somebody altered',
      ({ survey }) => (survey.target.databases.shop!.subscriptionOptions[0]!.values.binary = 'true'),
      'SUBSCRIPTION_ALTERED: subscription acas_demo_shop in database shop was altered: binary',
    ],
    [
      'to have a publication that somebody altered',
      ({ observation }) => observation.source.databases.shop!.publications[0]!.tables.shift(),
      'PUBLICATION_ALTERED: publication acas_demo_shop in database shop is not as the clone inherited it: public.customers left',
    ],
  ])('%s, and its state stays as it is', async (_, change, expected) => {
    const world = newWorld(following);
    change(world);
    const { state, trouble } = await toldOf(world);
    expect(state).toBe('streaming');
    expect(trouble!.slice(0, expected.length)).toBe(expected);
    expect(trouble).not.toContain('ledger');
  });

  test('what only warns of the publication is no trouble of the stream', async () => {
    const world = newWorld(following);
    const { tables } = world.observation.source.databases.shop!;
    tables.push({ ...tables[0]!, name: 'made_later' });
    expect((await toldOf(world)).trouble).toBeNull();
  });

  test('to have a worker that waits for a lock', async () => {
    const world = answering({
      'WHERE c.oid = $1::oid': () => [{ name: 'public.orders' }],
      'AS "waitsForRelation"': () => [
        {
          ...workerAtWork('acas_demo_shop', 'shop'),
          waitEvent: 'relation',
          waitsForRelation: 7,
          holders: [
            {
              pid: 12,
              user: 'app',
              application: 'psql',
              state: 'active',
              since: null,
              ageSeconds: null,
              statement: null,
            },
          ],
        },
      ],
    });
    expect(await toldOf(world)).toEqual({ state: 'blocked', trouble: expect.stringMatching(/^APPLY_\w+: /) });
  });
});

describe('tables that the clone does not take', () => {
  const lacking = (...missing: string[]): World => {
    const world = newWorld(following);
    const { databases } = world.survey.source;
    const sent = ['orders', ...missing].map((name) => ({ publication: 'acas_demo_shop', schema: 'public', name }));
    Object.assign(databases.shop!, { sent });
    return world;
  };

  test.each([
    [['unknown'], 'it does not take public.unknown'],
    [['unknown', 'other'], 'it does not take 2 tables (public.unknown, …)'],
  ])('%j are named', async (missing, expected) => {
    expect((await toldOf(lacking(...missing))).trouble).toMatch(expected);
    expect((await toldOf(lacking())).trouble).toBeNull();
  });

  test("are none of our business where the subscription is somebody else's", async () => {
    const world = lacking('unknown');
    for (const one of world.observation.target!.subscriptions) one.comment = null;
    expect((await toldOf(world)).trouble ?? '').not.toContain('does not take');
  });
});

describe('a stream that is not connected', () => {
  test.each<[string, (world: World) => unknown, object]>([
    [
      'cannot be where the clone is production by another address',
      ({ observation }) => (observation.target!.isSourceServer = true),
      { state: 'blocked', trouble: expect.stringMatching(/^SAME_CLUSTER: /) },
    ],
    [
      'can be where rows of the clone may have been written, which is told',
      ({ observation }) => {
        const { shop } = observation.target!.databases;
        shop!.writtenTables.push({ schema: 'public', name: 'orders' });
      },
      { state: 'not connected yet', trouble: expect.stringMatching(/^CLONE_MAYBE_WRITTEN: /) },
    ],
    [
      'cannot be while it has a subscription of another name',
      ({ observation }) =>
        observation.target!.subscriptions.push(
          subscription('renamed', 'shop', { comment: formatMark(SUBSCRIPTION_MARK) }),
        ),
      {
        state: 'blocked',
        trouble: expect.stringMatching(/^SUBSCRIPTION_RENAMED: .* RENAME TO "acas_demo_shop";$/),
      },
    ],
    [
      'waits for the next clone, whatever became of this one',
      ({ contracts, observation }) => {
        Object.assign(contracts.target!, { ticketNonce: 'older' });
        observation.target!.isSourceServer = true;
      },
      { state: 'waiting for the clone', trouble: null },
    ],
  ])('%s', async (_, change, expected) => {
    const world = newWorld(cloned);
    change(world);
    expect(await toldOf(world)).toEqual(expected);
  });
});

test('the position of a stream that is not connected is that of its slot, and nothing is behind', async () => {
  expect(await shopOf(newWorld(cloned))).toMatchObject({ confirmedLsn: CONFIRMED, lagBytes: null });
});

test('options that went away meanwhile are not called altered', async () => {
  const world = newWorld(following);
  world.survey.target.databases.shop!.subscriptionOptions = [];
  expect((await toldOf(world)).trouble).toBeNull();
});

test('the position is that of its reader when the worker was looked at', async () => {
  const world = answering({
    'AS "replySeconds"': () => [{ ...readerAtWork('acas_demo_shop'), confirmedLsn: '0/3FFFFF0' }],
  });
  expect(await shopOf(world)).toMatchObject({ confirmedLsn: '0/3FFFFF0', lagBytes: 16 });
});

describe('continuity', () => {
  const doubted = (answers: Answers = {}): World => {
    const world = answering(answers);
    for (const one of world.observation.target!.subscriptions)
      one.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: ['slot_name'] } });
    return world;
  };

  test.each([
    ['catching up', '0/3FFFFF0'],
    ['streaming', '0/4000000'],
  ])('that is not proven, of a stream that is %s, takes the place of that', async (_, confirmedLsn) => {
    const world = doubted({ 'AS "replySeconds"': () => [{ ...readerAtWork('acas_demo_shop'), confirmedLsn }] });
    const shop = await shopOf(world);
    expect([shop.state, doubtIn(shop)]).toEqual(['not proven', expect.stringMatching(/have not been compared/)]);
  });

  test('that is not proven is beside the point of a stream that is disabled', async () => {
    const world = doubted();
    for (const one of world.observation.target!.subscriptions) one.enabled = false;
    const shop = await shopOf(world);
    expect([shop.state, doubtIn(shop)]).toEqual(['disabled', expect.any(String)]);
  });

  test('that is broken is the state of whatever streams', async () => {
    const world = newWorld(following);
    world.observation.source.server.flushLsn = SEED.replace('3', '2');
    const shop = await shopOf(world);
    expect([shop.state, doubtIn(shop)]).toEqual(['diverged', expect.stringMatching(/has applied/)]);
  });
});

describe('all streams follow', () => {
  const one = { state: 'streaming', problems: [] } as unknown as StreamStatus;
  test.each<[string, Partial<StreamStatus>, boolean]>([
    ['where each streams', {}, true],
    ['where one catches up', { state: 'catching up' }, true],
    ['not where one is silent', { state: 'cut off' }, false],
    ['not where one has trouble', { problems: [aProblem('SUBSCRIPTION_ALTERED')] }, false],
  ])('%s', (_, other, expected) => {
    const streams = [one, { ...one, ...other }];
    expect(isFollowing({ streams })).toBe(expected);
  });
});
