import { untakenTables } from '../../../sql-runner/observe/untaken-tables';
import { newWorld, type World } from '../support/fake-world';
import { cloned, following } from '../support/observations';
import { readingIn } from '../support/reading-in';

const untaken = (world: World): Promise<Record<string, string[]>> =>
  readingIn(world, async (reading) => Object.fromEntries(await untakenTables(reading, world.observation)));
const sent = (name: string, publication = 'acas_demo_shop') => ({
  publication,
  schema: 'public',
  name,
  partition: null,
});

/** What of it the subscription of shop takes, in the given states; another one there takes all. */
function taking(states: Record<string, string>): World {
  const world = newWorld(following);
  world.survey.source.databases.shop!.sent = [sent('orders'), sent('lines'), sent('others', 'of_others')];
  const own = world.observation.target!.subscriptions.find(({ database }) => database === 'shop');
  world.observation.target!.subscriptions.push({ ...own!, name: 'other', oid: 99_999 });
  const { shop } = world.observation.target!.databases;
  const taken = { [own!.name]: states, other: { orders: 'r', lines: 'r' } };
  shop!.taken = Object.entries(taken).flatMap(([subscription, tables]) =>
    Object.entries(tables).map(([name, state]) => ({ subscription, schema: 'public', name, table: 700, state })),
  );
  return world;
}

test.each<[string, World, string[]]>([
  ['takes all, and those of other publications are not its own', taking({ orders: 'r', lines: 's' }), []],
  ['does not know one', taking({ orders: 'r' }), ['public.lines']],
  ['has not copied one', taking({ orders: 'd', lines: 'r' }), ['public.orders']],
  ['takes none, and another one does', taking({}), ['public.orders', 'public.lines']],
])('of a subscription that %s', async (_, world, expected) => {
  expect(await untaken(world)).toEqual({ acas_demo_shop: expected, acas_demo_ledger: [] });
});

test('nobody is asked where there is no subscription, or no database', async () => {
  const none = newWorld(cloned);
  expect(await untaken(none)).toEqual({});
  const gone = taking({});
  gone.observation.source.databases.shop!.exists = false;
  expect(await untaken(gone)).toEqual({ acas_demo_ledger: [] });
  const undeployed = taking({});
  undeployed.observation.target = null;
  expect(await untaken(undeployed)).toEqual({});
});
