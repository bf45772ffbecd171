import { Connections } from '../../../sql-runner/engine/connections';
import { observe } from '../../../sql-runner/engine/observe';
import { inWorld, newWorld, type World } from '../support/fake-world';
import { prepared, untouched } from '../support/observations';

/** What is known of the parameter group that the cluster had before. */
const observed = (world: World) =>
  inWorld(world, async () => {
    const connections = new Connections(world.contracts);
    return (await observe(connections).finally(() => connections.close())).source;
  });

test('the group of before is looked at only while ours is attached', async () => {
  const attached = newWorld(prepared);
  attached.observation.source.previousGroupIsLogical = true;
  attached.observation.source.parametersLost = ['work_mem=1'];
  expect(await observed(attached)).toMatchObject({ previousGroupIsLogical: true, parametersLost: [] });
  const before = newWorld(untouched);
  before.observation.source.previousGroupIsLogical = true;
  expect((await observed(before)).previousGroupIsLogical).toBe(false);
});

test('the group of before may have been deleted', async () => {
  const world = newWorld(prepared);
  world.observation.source.previousGroupIsGone = true;
  expect(await observed(world)).toMatchObject({ previousGroupIsLogical: false, previousGroupIsGone: true });
});
