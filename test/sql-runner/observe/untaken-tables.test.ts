import { Connections } from '../../../sql-runner/connections/connections';
import { untakenTables } from '../../../sql-runner/observe/untaken-tables';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { cloned, following } from '../support/observations';

const untaken = (world: World): Promise<Record<string, string[]>> =>
  inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    try {
      return Object.fromEntries(await untakenTables(connections, world.observation));
    } finally {
      await connections.close();
    }
  });
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
  world.onSql = (sql, { database }, [oid]) => {
    if (database !== 'shop' || !sql.includes('r.srsubstate::text AS state')) return undefined;
    const taken = oid === own!.oid ? states : { orders: 'r', lines: 'r' };
    return Object.entries(taken).map(([name, state]) => ({ schema: 'public', name, state, lsn: null }));
  };
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
