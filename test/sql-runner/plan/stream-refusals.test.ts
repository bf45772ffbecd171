import { troubleIn } from '../support/trouble';
import { readStatus } from '../../../sql-runner/actions/status';
import { formatMark } from '../../../sql-runner/model/mark';
import { stream } from '../support/contract';
import { answering } from '../support/answering';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { cloned, following } from '../support/observations';
import { movedAside } from '../support/moved-aside';
import { unaltered } from '../support/subscription-values';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

/** What status says of the streams: how each stands, and what is the trouble with it. */
const told = async (world: World) => {
  const { streams } = await inWorld(world, () => readStatus(world.opening, world.contracts));
  return streams.map((one) => ({ state: one.state, trouble: troubleIn(one) }));
};

test.each(['source', 'target'] as const)('beats that cannot be read on the %s are told of their stream', async (on) => {
  const world = answering({
    'previous::text, number::float8': ({ side, database }) =>
      side === on && database === 'shop' ? sqlError('42501', 'not allowed') : undefined,
  });
  const place = on === 'source' ? 'source' : 'clone';
  expect(await told(world)).toEqual([
    {
      state: 'not proven',
      trouble: expect.stringMatching(
        `^HEARTBEAT_UNREADABLE: the beats of acas_demo_shop in database shop on the ${place} could not be read: .*; put right`,
      ),
    },
    { state: 'streaming', trouble: null },
  ]);
});

test('a table that is unlogged on one side is told', async () => {
  const orders = {
    publication: 'acas_demo_shop',
    oid: '7',
    name: 'public.orders',
    stored: '7',
    rewritten: [],
    given: [],
  };
  const world = answering({
    'AS joined,': ({ side, database }) =>
      database === 'shop' ? [{ ...orders, unlogged: side === 'target' }] : undefined,
  });
  expect((await told(world)).map(({ trouble }) => trouble)).toEqual([
    'TABLE_UNLOGGED_ON_CLONE: unlogged: public.orders on the clone alone; sql-runner doctor demo says what to do',
    null,
  ]);
});

test('a slot that is not its own is told before a clone that lacks its database', async () => {
  const world = newWorld(cloned);
  const { shop } = world.observation.source.databases;
  shop!.publications = [];
  expect((await told(world))[0]).toMatchObject({ trouble: expect.stringMatching(/^SLOT_NAME_TAKEN: /) });
});

test('the slot of a subscription of ours whose publication was dropped is told as that, with the way to a new clone', async () => {
  const world = newWorld(following);
  world.observation.source.databases.shop!.publications = [];
  const [{ trouble } = { trouble: '' }] = await told(world);
  expect(trouble).toMatch(/our subscription of the clone reads it, and publication acas_demo_shop of ours.* is gone/);
  expect(trouble).toMatch(/make a new clone: .*; in database shop on the source: SELECT pg_drop_replication_slot\(/);
});

test.each<[string, string | null]>([
  ['false', 'SLOT_MISMATCH'],
  // Then it is the option that is told, and planned back.
  ['true', null],
])('a slot that is two-phase, with a subscription whose two_phase is %s', async (option, code) => {
  const options = unaltered('shop', stream('shop'));
  const world = answering({
    'pg_has_role(s.subowner': ({ database }) =>
      database === 'shop' ? [{ ...options, values: { ...options.values, two_phase: option } }] : undefined,
  });
  world.observation.source.slots[0]!.twoPhase = true;
  expect((await told(world))[0]!.trouble?.includes('SLOT_MISMATCH: ') ?? false).toBe(code !== null);
});

test('a stream whose database has another name on the clone cannot be connected, with the way back', async () => {
  expect(await told(movedAside())).toEqual([
    {
      state: 'blocked',
      trouble: expect.stringMatching(/^DATABASE_RENAMED: .* is named shop_old on the clone, .* RENAME TO "shop";$/),
    },
    { state: 'streaming', trouble: null },
  ]);
});

test('a stream whose rows were compared, and were not equal, is broken', async () => {
  const world = newWorld();
  const [ledger] = world.observation.target!.subscriptions;
  ledger!.comment = formatMark({ ...SUBSCRIPTION_MARK, unproven: { altered: [] }, differs: ['public.orders'] });
  expect((await told(world)).map(({ state }) => state)).toEqual(['streaming', 'diverged']);
});

test('a database that is gone from the source has no publication that was altered', async () => {
  const world = newWorld();
  Object.assign(world.observation.source.databases.ledger!, { exists: false });
  expect((await told(world))[1]!.trouble).toBeNull();
});
