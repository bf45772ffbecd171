import type { Finding } from '../../../sql-runner/model/change';
import type { Plan, PlanMode } from '../../../sql-runner/model/plan';
import { withNextClone } from '../../../sql-runner/plan/plan-preflight';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { makePlan } from '../../../sql-runner/actions/run';
import { formatMark } from '../../../sql-runner/model/mark';
import { FIRES_ON_ROLE } from '../checks/fires-on-role';
import { FIRES_ON_SOURCE } from '../checks/fires-on-source';
import { after, contract, type Edit } from '../checks/provocations';
import { inWorld, newWorld, sqlError, type World } from '../support/fake-world';
import { edit, following } from '../support/observations';
import { codes } from '../support/plans';
import { healthy } from '../support/surveys';

/** The plan of a reset, while a clone follows, of a source that was changed so. */
function planned(change: Edit): Plan {
  const world = edit(healthy(contract), change);
  const observation = following(contract);
  return withNextClone(planReset(world.contract, observation), world.contract, world.source);
}

/** Of each check whose finding stops a step that every reset makes: what makes it block. */
const STOPPING = [...FIRES_ON_SOURCE, ...FIRES_ON_ROLE].filter(([, severity, change]) => {
  const [{ stops = [], standing }] = after(change) as [Finding];
  return severity === 'block' && standing !== true && stops.some((step) => step === 'slot' || step === 'ticket');
});

test('there are such checks', () => {
  expect(new Set(STOPPING.map(([code]) => code)).size).toBeGreaterThan(6);
});

test.each(STOPPING)('%s (%s) stops a reset before anything is retired, whatever follows now', (code, _, change) => {
  const plan = planned(change);
  expect(codes(plan, 'block')).toEqual([code]);
  expect([plan.changes, plan.nextStep]).toEqual([[], null]);
  expect(plan.findings.filter(({ stops }) => stops !== undefined)).toEqual([]);
});

const newcomer = { schema: 'public', name: 'documents', rootSchema: 'public', rootName: 'documents' };
test.each<[string, Edit]>([
  ['a lost slot', ({ source }) => source.slots.forEach((slot) => (slot.walStatus = 'lost'))],
  ['a role that apply mends', ({ source }) => (source.role!.canLogin = false)],
  ['a role that is gone', ({ source }) => (source.role = null)],
  [
    'a table that is sent, and selected no more',
    (world) => {
      const tables = [{ schema: 'public', name: 'orders' }];
      world.contract.links[0]!.streams[0]!.selection = { kind: 'tables', tables };
      const { sent, unmatchable: found } = world.source.databases.shop!;
      sent.push({ publication: 'acas_demo_shop', schema: 'public', name: 'documents', partition: null });
      found.push({ ...newcomer, column: 'j', type: 'json' });
    },
  ],
  ['room for the locks of a publication that stays', ({ source }) => (source.server.maxLocksPerTransaction = 0)],
])('%s stops none: it is the way out, or mends it', (_, change) => {
  const plan = planned(change);
  expect(codes(plan, 'block')).toEqual([]);
  expect(plan.changes).not.toEqual([]);
});

test('a publication that we may not alter any more stops it too: the first step would be refused', () => {
  const observation = edit(following(contract), ({ source }) => {
    const foreignOwner = { owner: 'somebody', login: 'master', mayAlter: false };
    Object.assign(source.databases.shop!.publications[0]!, { foreignOwner });
  });
  const plan = planReset(contract, observation);
  expect([codes(plan, 'block'), plan.changes]).toEqual([['PUBLICATION_NOT_OWNED'], []]);
});

const inMode = (mode: PlanMode, world: World) => inWorld(world, () => makePlan(world.opening, world.contracts, mode));

test.each(['reset', 'apply'] as const)('%s that carries a reset on is stopped as well', async (mode) => {
  const world = newWorld(following);
  for (const { publications } of Object.values(world.observation.source.databases))
    for (const one of publications)
      one.comment = formatMark({ kind: 'publication', environment: 'demo', slot: one.name, resetting: true });
  const onward = await inMode(mode, world);
  expect(codes(onward, 'block')).toEqual([]);
  expect(onward.changes.map(({ id }) => id)).toContain('source/shop/retired-slot/acas_demo_shop');
  // The clone that follows does not take it.
  world.survey.source.databases.shop!.unmatchable.push({ ...newcomer, column: 'j', type: 'json' });
  expect(codes(await inMode(mode, world), 'block')).toEqual(['FULL_IDENTITY_UNMATCHABLE']);
});

test.each([
  ['42501', ['REPLICATION_NOT_ALLOWED']],
  ['42704', []],
  ['55000', []],
])('what a member of rds_superuser may do is what the server says: %s', async (code, expected) => {
  for (const mode of ['reset', 'teardown'] as const) {
    const world = newWorld(following);
    world.survey.source.privileges.replicate = false;
    world.onSql = (sql) => (sql === `SELECT pg_drop_replication_slot('')` ? sqlError(code) : undefined);
    const plan = await inMode(mode, world);
    expect(codes(plan, 'block')).toEqual(expected);
    expect(plan.changes.length > 0).toBe(expected.length === 0);
  }
});
