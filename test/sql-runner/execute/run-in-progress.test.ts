import { diagnose } from '../../../sql-runner/actions/doctor';
import { type Plan, type PlanMode } from '../../../sql-runner/model/plan';
import { makePlan, refuseBlocked } from '../../../sql-runner/actions/run';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { following } from '../support/observations';
import { table } from '../support/tables';

const HOLDER = { pid: 7, user: 'master', applicationName: 'sql-runner demo', since: '2026-01-02 03:04:05 UTC' };

/** What those who look for the lock find, in their order; then nobody holds it. */
function busyWorld(...seen: (typeof HOLDER | null)[]): World {
  const world = newWorld(following);
  world.onSql = (sql, { database }) => {
    if (!sql.includes(`l.locktype = 'advisory'`)) return undefined;
    expect(database).toBe('shop');
    const holder = seen.shift() ?? null;
    return holder === null ? [] : [holder];
  };
  return world;
}

const running = ({ findings }: Plan) => findings.filter(({ code }) => code === 'RUN_IN_PROGRESS');
const planIn = (world: World, mode: PlanMode = 'apply') =>
  inWorld(world, () => makePlan(world.opening, world.contracts, mode));

test.each([
  ['before and after', [HOLDER, { ...HOLDER, pid: 8 }], 'process 7 of master'],
  ['before', [HOLDER, null], 'process 7 of master'],
  ['after', [null, HOLDER], 'process 7 of master'],
])('a run seen at work %s the reading is told once, first of all', async (_, seen, who) => {
  const planned = busyWorld(...seen);
  planned.observation.source.slots[0]!.walStatus = 'lost';
  const plan = await planIn(planned);
  expect(running(plan)).toMatchObject([{ severity: 'warn', seen: expect.stringContaining(who) }]);
  expect(plan.findings.map(({ code }) => code)).toEqual(['RUN_IN_PROGRESS', 'SLOT_LOST']);
  const diagnosed = busyWorld(...seen);
  const { results } = await inWorld(diagnosed, () => diagnose(diagnosed.opening, diagnosed.contracts));
  expect(results[0]).toMatchObject({ code: 'RUN_IN_PROGRESS', status: 'warn', holds: null });
  expect(results[0]!.findings).toMatchObject([{ seen: expect.stringContaining(who) }]);
  expect(results.filter(({ code }) => code === 'RUN_IN_PROGRESS')).toHaveLength(1);
});

test('with nobody at work nothing is told', async () => {
  for (const mode of ['apply', 'teardown'] as const) expect(running(await planIn(busyWorld(), mode))).toEqual([]);
  const quiet = busyWorld();
  const { results } = await inWorld(quiet, () => diagnose(quiet.opening, quiet.contracts));
  expect(results.filter(({ code }) => code === 'RUN_IN_PROGRESS')).toEqual([]);
});

test('the run at work is seen where its lock stands, when the first database listed is not there', async () => {
  const world = newWorld(following);
  world.observation.source.databases.shop!.exists = false;
  world.onSql = (sql, { database }) => {
    if (!sql.includes(`l.locktype = 'advisory'`)) return undefined;
    return database === 'ledger' ? [HOLDER] : [];
  };
  expect(running(await planIn(world))).toHaveLength(1);
});

test('that the holder cannot be read is told by whoever reads the database for its own sake', async () => {
  const world = newWorld(following);
  world.onSql = (sql) => (sql.includes(`l.locktype = 'advisory'`) ? sqlError('42501') : undefined);
  expect(running(await planIn(world))).toEqual([]);
});

test('a plan that is refused names the run at work with what blocks, and no other warning', async () => {
  const world = busyWorld(HOLDER);
  world.observation.source.slots[0]!.walStatus = 'lost';
  world.observation.source.databases.shop!.tables.push(table('new'));
  const plan = await planIn(world);
  expect(plan.findings.map(({ severity }) => severity).sort()).toEqual(['block', 'warn', 'warn']);
  const refusal = {
    code: 'SLOT_LOST',
    also: [],
    seen: expect.stringMatching(/ and RUN_IN_PROGRESS: [^\n]*process 7[^\n]*$/),
  };
  expect(() => refuseBlocked(plan)).toThrow(expect.objectContaining(refusal));
  expect(() => refuseBlocked(plan)).toThrow(
    expect.objectContaining({ next: expect.stringMatching(/ and wait for it to end, then run this command again$/) }),
  );
});

test('whatever else blocks is named beside the first, for the exit code', async () => {
  const world = newWorld(following);
  for (const slot of world.observation.source.slots.slice(0, 2)) slot.walStatus = 'lost';
  const plan = await planIn(world);
  expect(() => refuseBlocked(plan)).toThrow(expect.objectContaining({ code: 'SLOT_LOST', also: ['SLOT_LOST'] }));
});
