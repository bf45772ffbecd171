import { newWorld, sqlError, type World } from '../support/fake-world';
import { following, slot } from '../support/observations';
import { runIn, types } from '../support/run-in';

/** How a teardown ends that cannot be finished. */
function letGo(): World {
  const world = newWorld(following);
  world.observation.source.slots.forEach((one) => (one.active = false));
  return world;
}

/** What was sent to drop subscriptions and slots, in its order. */
const drops = ({ log }: World) =>
  log.flatMap((line) => {
    const [, side, what] = /^(\w+) \w+: .*(DROP SUBSCRIPTION "\w+"|pg_drop_replication_slot)/.exec(line) ?? [];
    return what === undefined ? [] : [`${side} ${what}`];
  });

const failing = (part: string) => {
  const world = letGo();
  world.onSql = (sql) => (sql.includes(part) ? sqlError('42501') : undefined);
  return world;
};

test('a step of a teardown that fails keeps production from being freed of no slot but its own', async () => {
  const world = failing('DROP SUBSCRIPTION "acas_demo_ledger"');
  await expect(runIn(world, { mode: 'teardown' })).rejects.toMatchObject({ code: 'PRIVILEGE_MISSING' });
  const started = world.events.flatMap((event) =>
    event.type === 'change-started' ? [[event.change.id, event.index]] : [],
  );
  expect(started).toEqual([
    ['target/shop/subscription/acas_demo_shop', 0],
    ['target/ledger/subscription/acas_demo_ledger', 1],
    ['source/shop/slot/acas_demo_shop', 3],
  ]);
});

test('a step of a reset that fails ends it there: the slots are still to be followed by the present clone', async () => {
  const world = failing('COMMENT ON PUBLICATION "acas_demo_shop"');
  await expect(runIn(world, { mode: 'reset' })).rejects.toMatchObject({ code: 'PRIVILEGE_MISSING' });
  expect([drops(world), types(world)]).toEqual([[], ['planned', 'change-started']]);
});

test('a teardown that must leave our parameter group attached waits for no stream of what is gone', async () => {
  const world = letGo();
  world.observation.source.slots.push(slot('reports', 'shop'));
  await expect(runIn(world, { mode: 'teardown', syncTimeoutMs: 1 })).resolves.toBe('applied');
  expect(world.events[0]).toMatchObject({ plan: { nextStep: null } });
  expect(types(world).at(-1)).toBe('applied');
});
