import { troubleIn } from '../support/trouble';
import { isFollowing, readStatus } from '../../../sql-runner/actions/status';
import { inWorld, newWorld } from '../support/fake-world';
import { following } from '../support/observations';

test.each([
  [
    true,
    'TRIGGERS_FIRE_ON_APPLY: trigger Mask on public.orders fires on apply; sql-runner doctor demo says what to do',
  ],
  [false, null],
])('status tells of a trigger that fires before each row: %s', async (beforeRow, trouble) => {
  const world = newWorld(following);
  const place = { rootSchema: 'public', rootName: 'orders', schema: 'public', table: 'orders' };
  world.survey.target.databases.shop!.triggers.push({ ...place, name: 'Mask', mode: 'always', beforeRow });
  const status = await inWorld(world, () => readStatus(world.opening, world.contracts));
  expect([troubleIn(status.streams[0]!), isFollowing(status)]).toEqual([trouble, trouble === null]);
});

test('each of several triggers is told', async () => {
  const world = newWorld(following);
  const place = { rootSchema: 'public', rootName: 'orders', schema: 'public', table: 'orders' };
  for (const name of ['Mask', 'Drop'])
    world.survey.target.databases.shop!.triggers.push({ ...place, name, mode: 'always', beforeRow: true });
  const status = await inWorld(world, () => readStatus(world.opening, world.contracts));
  expect(troubleIn(status.streams[0]!)).toMatch(
    /^TRIGGERS_FIRE_ON_APPLY: trigger Mask on public\.orders, Drop on public\.orders fires/,
  );
});
