import { newWorld, type World } from '../support/fake-world';
import { prepared, untouched } from '../support/observations';
import { observedIn } from '../support/observed-world';

/** What is known of the parameter group that the cluster had before. */
const observed = async (world: World) => (await observedIn(world)).source;

test('the group of before is looked at only while ours is attached', async () => {
  const attached = newWorld(prepared);
  attached.observation.source.previousGroupIsLogical = true;
  expect(await observed(attached)).toMatchObject({ previousGroupIsLogical: true });
  expect(await observed(attached)).not.toHaveProperty('previousGroupSlots');
  Object.assign(attached.observation.source, { previousGroupSlots: 5 });
  expect(await observed(attached)).toMatchObject({ previousGroupIsLogical: true, previousGroupSlots: 5 });
  const before = newWorld(untouched);
  before.observation.source.previousGroupIsLogical = true;
  expect((await observed(before)).previousGroupIsLogical).toBe(false);
});

test('the group of before may have been deleted', async () => {
  const world = newWorld(prepared);
  world.observation.source.previousGroupIsGone = true;
  expect(await observed(world)).toMatchObject({ previousGroupIsLogical: false, previousGroupIsGone: true });
});
