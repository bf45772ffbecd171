import { newWorld, sqlError, type World } from '../support/fake-world';
import { following, publication, slot } from '../support/observations';
import { fences, fencing, runIn, types } from '../support/run-in';
import { table } from '../support/tables';

/** A trigger that may change what arrives: it stands, and stops no change. */
function firing(world: World): World {
  const place = { rootSchema: 'public', rootName: 'orders', schema: 'public', table: 'orders' };
  world.survey.target.databases.shop!.triggers.push({ ...place, name: 'mask', mode: 'always', beforeRow: true });
  // A warning beside it.
  world.observation.source.databases.shop!.tables.push(table('new'));
  return world;
}

const surveys = (world: World) => world.log.filter((line) => line.includes('backend_xid IS NOT NULL')).length;

test('in sync is not said while something stands that blocks, although the changes were made', async () => {
  const world = firing(fencing());
  await expect(runIn(world, { syncTimeoutMs: 1 })).rejects.toMatchObject({ code: 'TRIGGERS_FIRE_ON_APPLY' });
  expect([fences(world).length, types(world).at(-1)]).toEqual([2, 'applied']);
});

test('in sync is said once what stood is gone, which is looked at again', async () => {
  const world = firing(fencing());
  const { triggers } = world.survey.target.databases.shop!;
  world.onSql = (sql) => void (sql.includes('SET default_transaction_read_only') && (triggers.length = 0));
  await expect(runIn(world, { syncTimeoutMs: 1 })).resolves.toBe('applied');
  expect([types(world).at(-1), surveys(world)]).toEqual(['in-sync', 2]);
});

test('where nothing stood, production is not surveyed again', async () => {
  const world = firing(fencing());
  world.survey.target.databases.shop!.triggers.length = 0;
  await expect(runIn(world, { syncTimeoutMs: 1 })).resolves.toBe('applied');
  expect([types(world).at(-1), surveys(world)]).toEqual(['in-sync', 1]);
});

test('what blocks other steps lets these be carried out, and is the error in the end', async () => {
  const world = fencing();
  const leaf = { rootSchema: 'public', rootName: 'orders', schema: 'public', name: 'orders', owner: 'app' };
  world.survey.target.databases.shop!.rowSecurity.push(leaf);
  await expect(runIn(world, { syncTimeoutMs: 1 })).rejects.toMatchObject({ code: 'ROW_SECURITY_STOPS_APPLY' });
  expect([fences(world).length, types(world).at(-1)]).toEqual([2, 'applied']);
});

test.each([
  ['with changes', fencing, 2],
  ['without', () => newWorld(following), 0],
])('no beat is written while it would stop what others replicate: %s', async (_, make, changed) => {
  const world = make();
  world.observation.source.databases.shop!.publications.push(
    publication('all', null, { allTables: true, comment: null }),
  );
  world.observation.source.slots.push(slot('theirs', 'shop'));
  const beats = () => world.log.filter((line) => /INSERT INTO .*acas_heartbeat/.test(line)).length;
  await expect(runIn(world, { syncTimeoutMs: 1 })).rejects.toMatchObject({ code: 'HEARTBEAT_SENT_TO_OTHERS' });
  expect([fences(world).length, beats()]).toEqual([changed, 0]);
  world.observation.source.slots.pop();
  await runIn(world, { syncTimeoutMs: 1 });
  expect(beats()).toBeGreaterThan(0);
});

test('who asks to stop while streams are waited for is told that nothing is left to do', async () => {
  const world = newWorld(following);
  await expect(runIn(world, { syncTimeoutMs: 1, interrupted: () => true })).resolves.toBe('stopped-waiting');
  expect(world.events.slice(1)).toEqual([{ type: 'interrupted', remaining: 0, made: 0 }]);
});

test('a stream without a heartbeat on both sides is in sync by its slot alone, and called unproven', async () => {
  const world = newWorld(following);
  world.observation.target!.databases.ledger!.heartbeats = [];
  await runIn(world, { syncTimeoutMs: 1 });
  expect(world.events.at(-1)).toMatchObject({ type: 'in-sync', unproven: ['ledger'] });
});

test('what a run has done to subscriptions is remembered in their marks, once', async () => {
  const world = fencing();
  world.observation.target!.subscriptionUpdates = 5;
  await runIn(world);
  const marks = world.log.filter((line) => line.includes('COMMENT ON SUBSCRIPTION'));
  // Behind those of the fence, by which the count has changed.
  expect(marks.slice(2)).toEqual([
    expect.stringMatching(/^target shop: .*acas_demo_shop.*"updates":5/),
    expect.stringMatching(/^target ledger: .*acas_demo_ledger.*"updates":5/),
  ]);
});

test('what the server refuses to drop, with nothing found that holds it, is told as the server says it', async () => {
  const world = newWorld(following);
  world.observation.source.slots.forEach((slot) => (slot.active = false));
  world.onSql = (sql) => (sql.startsWith('DROP PUBLICATION') ? sqlError('42501', 'must be owner') : undefined);
  await expect(runIn(world, { mode: 'teardown' })).rejects.toMatchObject({
    code: 'PRIVILEGE_MISSING',
    seen: expect.stringContaining('must be owner'),
  });
});
