import { stillHold } from '../../../sql-runner/observe/look-again';
import { streamsOf } from '../../../sql-runner/model/streams';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { following } from '../support/observations';

/** Whether "in sync" may be said of streams that have followed so far. */
const holds = (world: World) =>
  inWorld(world, async () => {
    const connections = world.opening(world.contracts);
    try {
      return await stillHold(connections, streamsOf(world.contract));
    } finally {
      await connections.close();
    }
  });
const valuesOf = ({ survey }: World) => survey.target.databases.shop!.subscriptionOptions[0]!.values;

/** With what nobody could look at. */
const SAID = {
  unlooked: [
    'whether somebody else was at the slot before its reader came, of databases shop, ledger: instance writer-1 has no log file of the last hours; sql-runner resume demo compares every row, which tells',
  ],
};

test.each<[string, (world: World) => unknown, object | null]>([
  ['are there', () => undefined, SAID],
  ['had an option altered that loses nothing', (world) => (valuesOf(world).binary = 'true'), SAID],
  ['lost a subscription', ({ observation }) => observation.target!.subscriptions.pop(), null],
  ["are somebody else's", ({ observation }) => (observation.target!.subscriptions[0]!.comment = null), null],
  ['lost their clone', (world) => Object.assign(world.contracts, { target: null }), null],
])('it may be said of streams that %s: %s', async (_, change, expected) => {
  const world = newWorld(following);
  change(world);
  expect(await holds(world)).toEqual(expected);
});

test('an option that leaves changes out speaks against it, beside one that does not', async () => {
  const world = newWorld(following);
  Object.assign(valuesOf(world), { origin: 'none', binary: 'true' });
  await expect(holds(world)).rejects.toMatchObject({ code: 'SUBSCRIPTION_ALTERED', next: expect.any(String) });
});

test('what speaks against each stream is told', async () => {
  const world = newWorld(following);
  world.observation.source.server.flushLsn = '0/2FFFFFF';
  await expect(holds(world)).rejects.toMatchObject({
    code: 'SOURCE_PUT_BACK',
    seen: expect.stringMatching(/^database shop: .*\n {2}and database ledger: .*/),
  });
});
