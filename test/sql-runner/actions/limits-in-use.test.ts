import type { Plan, PlanMode } from '../../../sql-runner/model/plan';
import { makePlan } from '../../../sql-runner/actions/run';
import { inWorld, newWorld } from '../support/fake-world';
import { following, untouched } from '../support/observations';

/** The plan while production has a prepared transaction, for which the environment's groups have no room. */
async function planned(mode: PlanMode, observation: typeof following): Promise<Plan> {
  const world = newWorld(observation);
  world.observation.source.server.maxPreparedTransactions = 5;
  world.survey.source.prepared.push({ gid: 'held', owner: 'batch', database: 'other', ageSeconds: 1 });
  return inWorld(world, () => makePlan(world.opening, world.contracts, mode));
}

const found = ({ findings }: Plan) => findings.filter(({ code }) => code === 'LIMIT_BELOW_USE');

test.each([
  ['a reset, after which a clone is taken', 'reset', following],
  ['the first apply, which restarts production', 'apply', untouched],
] as const)('%s is refused, said once, and plans nothing', async (_, mode, observation) => {
  const plan = await planned(mode, observation);
  expect(found(plan)).toMatchObject([{ severity: 'block' }]);
  expect([plan.changes, plan.nextStep]).toEqual([[], null]);
});

test.each([
  ['an apply that takes no clone', 'apply', following],
  ['a teardown', 'teardown', following],
] as const)('%s is not', async (_, mode, observation) => {
  expect(found(await planned(mode, observation))).toEqual([]);
});
