import type { Plan } from '../../../sql-runner/model/plan';
import { makePlan, type RunOptions } from '../../../sql-runner/actions/run';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { following, prepared, ticketed, untouched } from '../support/observations';
import { fences, fencing, runIn, types } from '../support/run-in';
import { table } from '../support/tables';

const planIn = async (world: World, mode: RunOptions['mode'] = 'apply') => {
  const plan = await inWorld(world, () => makePlan(world.opening, world.contracts, mode));
  expect(world.open.size).toBe(0);
  return plan;
};
/** A writer that has to be restarted before the slots can be made. */
function rebooting(state = prepared): World {
  const world = newWorld(state);
  world.contract.parameterGroup.parameters.max_locks_per_transaction = '128';
  world.observation.source.cluster.parameterGroupStatus = 'pending-reboot';
  world.onAws = (call) => {
    if (call === 'RebootDBInstance') world.observation.source.cluster.parameterGroupStatus = 'in-sync';
  };
  return world;
}

test('the lock of every database is taken before anything is planned, and all sessions are closed', async () => {
  const world = fencing();
  await expect(runIn(world)).resolves.toBe('applied');
  const locks = world.log.filter((line) => line.includes('pg_try_advisory_lock')).map((line) => line.split(':')[0]);
  expect(locks).toEqual(['source shop', 'source ledger', 'target shop', 'target ledger']);
  const lastLock = world.log.findLastIndex((line) => line.includes('pg_try_advisory_lock'));
  expect(world.log.findIndex((line) => line.includes('to_jsonb(s) AS slot'))).toBeGreaterThan(lastLock);
  expect(world.open.size).toBe(0);
});

test('every change is announced, and carried out only while the lock of the environment is held', async () => {
  const world = fencing();
  let now = 1_000_000;
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);
  world.onSql = (sql) => void (now += sql.includes('SET default_transaction_read_only') ? 2_500 : 0);
  await runIn(world).finally(() => clock.mockRestore());
  expect(types(world)).toEqual([
    'planned',
    'change-started',
    'change-finished',
    'change-started',
    'change-finished',
    'applied',
  ]);
  expect(world.events.at(-1)).toEqual({ type: 'applied', created: 2, updated: 0, deleted: 0 });
  expect(world.events[1]).toMatchObject({ index: 0, total: 2 });
  expect(world.events[2]).toMatchObject({ seconds: 2.5 });
  const steps = world.log
    .filter((line) => / SELECT 1$|SET default_transaction/.test(line))
    .map((line) => line.slice(0, 22));
  expect(steps).toEqual([
    'source shop: SELECT 1',
    'target shop: ALTER DAT',
    'source shop: SELECT 1',
    'target ledger: ALTER D',
  ]);
});

test('a lost lock stops the run before the next change', async () => {
  const world = fencing();
  world.onSql = (sql) => (sql === 'SELECT 1' ? sqlError('57P01') : undefined);
  await expect(runIn(world)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    seen: expect.stringMatching(
      /\n {2}0 of 2 changes are made and stay; target\/\S+ was in hand, and may be made or not$/,
    ),
  });
  expect(fences(world)).toEqual([]);
  expect(world.open.size).toBe(0);
});

test('a lock that is held refuses the run before anything is read', async () => {
  const world = fencing();
  world.onSql = (sql, { side, database }) =>
    sql.includes('pg_try_advisory_lock') && side === 'target' && database === 'ledger' ? [{ taken: false }] : undefined;
  await expect(runIn(world)).rejects.toMatchObject({ code: 'LOCK_HELD' });
  expect(world.log.filter((line) => line.includes('to_jsonb(s) AS slot'))).toEqual([]);
  expect(world.open.size).toBe(0);
});

test('a database that is gone has no lock; when none is there, that is the error', async () => {
  const last = newWorld(untouched);
  last.observation.source.databases.ledger!.exists = false;
  await expect(runIn(last)).rejects.toMatchObject({ code: 'DATABASE_MISSING' });
  const gone = newWorld(untouched);
  gone.observation.source.databases.shop!.exists = false;
  await expect(runIn(gone)).rejects.toMatchObject({ code: 'DATABASE_MISSING' });
  gone.observation.source.databases.ledger!.exists = false;
  await expect(runIn(gone)).rejects.toMatchObject({ code: 'CONNECT_DATABASE_MISSING' });
  const forbidden = newWorld(untouched);
  forbidden.onConnect = ({ database }) => (database === 'shop' ? sqlError('42501') : undefined);
  await expect(runIn(forbidden)).rejects.toMatchObject({ code: 'CONNECT_FORBIDDEN' });
});

test('with nothing to do nothing is asked; with changes a no changes nothing', async () => {
  const idle = newWorld(following);
  const confirm = jest.fn(async () => false);
  await expect(runIn(idle, { confirm })).resolves.toBe('nothing-to-do');
  expect(confirm).not.toHaveBeenCalled();
  expect(types(idle)).toEqual(['planned']);
  const world = fencing();
  await expect(runIn(world, { confirm })).resolves.toBe('declined');
  expect(confirm).toHaveBeenCalledTimes(1);
  expect(fences(world)).toEqual([]);
});

test('whoever asks to stop is heard between changes', async () => {
  const world = fencing();
  await expect(runIn(world, { interrupted: () => types(world).includes('change-finished') })).resolves.toBe(
    'interrupted',
  );
  expect(fences(world)).toHaveLength(1);
  expect(world.events.at(-1)).toEqual({
    type: 'interrupted',
    remaining: 1,
    made: 1,
    next: expect.stringContaining('read-only-fence'),
  });
});

test('a plan that is blocked is refused with everything that blocks it', async () => {
  const world = newWorld(following);
  for (const slot of world.observation.source.slots) slot.walStatus = 'lost';
  // Warnings are not among what refuses.
  world.observation.target!.databases.shop!.writtenTables.push({ schema: 'public', name: 'orders' });
  world.observation.source.databases.shop!.tables.push(table('new'));
  await expect(runIn(world)).rejects.toMatchObject({
    code: 'SLOT_LOST',
    seen: expect.stringMatching(/shop[^\n]*\n {2}and SLOT_LOST: [^\n]*ledger[^\n]*$/),
    next: expect.stringContaining('sql-runner reset demo'),
  });
  expect(types(world)).toEqual([]);
});

test.each<[string, (world: World) => void]>([
  ['is lost', ({ observation }) => (observation.source.slots.find(isOfLedger)!.walStatus = 'lost')],
  ['is gone', ({ observation: { source } }) => (source.slots = source.slots.filter((slot) => !isOfLedger(slot)))],
])(
  'a stream whose slot %s is left alone, also disabled, and the others are put right before that is told',
  async (_, lose) => {
    const world = newWorld(following);
    lose(world);
    for (const subscription of world.observation.target!.subscriptions) subscription.enabled = false;
    const planned = await planIn(world);
    expect(planned.changes.map(({ id }) => id).filter((id) => id.includes('ledger'))).toEqual([]);
    expect(planned.changes.map(({ id }) => id)).toContain('target/shop/subscription-enabled/acas_demo_shop');
    expect(planned.findings.map(({ code }) => code)).toContain('SLOT_LOST');
    const unfenced = fencing();
    lose(unfenced);
    await expect(runIn(unfenced)).rejects.toMatchObject({ code: 'SLOT_LOST' });
    expect(types(unfenced)).toContain('change-finished');
  },
);
const isOfLedger = ({ name }: { readonly name: string }): boolean => name.includes('ledger');

test('a warning refuses nothing', async () => {
  const world = fencing();
  world.observation.source.databases.shop!.tables.push(table('new'));
  await expect(runIn(world)).resolves.toBe('applied');
});

test('what blocks in the preflight refuses an apply with changes, and not a teardown', async () => {
  const world = fencing();
  world.observation.source.role!.memberOfRdsIam = true;
  await expect(runIn(world)).rejects.toMatchObject({ code: 'ROLE_NEEDS_IAM' });
  expect((await planIn(world, 'teardown')).changes.length).toBeGreaterThan(0);
});

test('a saved plan is applied without asking when nothing has changed, and refused when something has', async () => {
  const saved = await planIn(fencing());
  const confirm = jest.fn(async () => false);
  await expect(runIn(fencing(), { saved, confirm })).resolves.toBe('applied');
  expect(confirm).not.toHaveBeenCalled();
  const moved = { ...saved, fingerprint: 'other' };
  const edited = { ...saved, changes: saved.changes.slice(1) };
  for (const stale of [moved, edited]) {
    const world = fencing();
    await expect(runIn(world, { saved: stale, confirm })).rejects.toMatchObject({ code: 'PLAN_STALE' });
    expect([types(world), fences(world)]).toEqual([[], []]);
  }
});

test('a restart of production needs a consent of its own', async () => {
  const world = rebooting();
  await expect(runIn(world)).rejects.toMatchObject({
    code: 'CONSENT_MISSING',
    seen: expect.stringContaining('reboot'),
  });
  expect(world.log.filter((line) => line.startsWith('aws Reboot'))).toEqual([]);
  await expect(runIn(rebooting(), { allowReboot: true })).resolves.toBe('applied');
  await expect(runIn(fencing(), { allowReboot: false })).resolves.toBe('applied');
});

test('after the restart the locks are taken again, and what others did meanwhile ends the run', async () => {
  const quiet = rebooting();
  await runIn(quiet, { allowReboot: true });
  expect(quiet.log.filter((line) => line.includes('pg_try_advisory_lock'))).toHaveLength(4);
  await expect(runIn(rebooting(ticketed), { allowReboot: true })).resolves.toBe('applied');
  const busy = rebooting();
  const { onAws } = busy;
  busy.onAws = (call) => {
    onAws(call);
    if (call === 'RebootDBInstance') busy.observation.source.databases.shop!.connectGrant.mayConnect = false;
  };
  await expect(runIn(busy, { allowReboot: true })).rejects.toMatchObject({
    code: 'RUN_OVERTAKEN',
    seen: expect.stringMatching(/; to be done as well: source\/\S+/),
  });
});

test('an apply is over when the streams are in sync; a teardown, and one with a next step, do not wait', async () => {
  const behind = () => {
    const world = newWorld(following);
    for (const slot of world.observation.source.slots) slot.confirmedFlushLsn = '0/3000001';
    return world;
  };
  await expect(runIn(behind(), { syncTimeoutMs: 1 })).rejects.toMatchObject({ code: 'NOT_IN_SYNC' });
  await expect(runIn(behind(), { syncTimeoutMs: 0 })).resolves.toBe('nothing-to-do');
  const there = newWorld(following);
  await expect(runIn(there, { syncTimeoutMs: 1 })).resolves.toBe('nothing-to-do');
  expect(types(there)).toEqual(['planned', 'in-sync']);
  const down = behind();
  down.observation.source.slots.forEach((slot) => (slot.active = false));
  await expect(runIn(down, { mode: 'teardown', syncTimeoutMs: 1 })).resolves.toBe('applied');
  const uncloned = newWorld((contract) => prepared(contract));
  await expect(runIn(uncloned, { syncTimeoutMs: 1 })).resolves.toBe('applied');
});

test('the counts tell what was made, changed and taken away', async () => {
  const world = newWorld(following);
  world.observation.source.slots.forEach((slot) => (slot.active = false));
  await runIn(world, { mode: 'teardown' });
  const { changes } = (world.events[0] as { plan: Plan }).plan;
  const count = (...actions: string[]) => changes.filter(({ action }) => actions.includes(action)).length;
  expect(world.events.at(-1)).toEqual({
    type: 'applied',
    created: 0,
    updated: count('update', 'replace'),
    deleted: count('delete'),
  });
  expect([count('update', 'replace') > 0, count('delete') > 0]).toEqual([true, true]);
});
