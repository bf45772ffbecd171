import { openConnections } from '../../../sql-runner/connections/open';
import { makePlan } from '../../../sql-runner/actions/run';
import type { DirectLab } from './direct-lab';

/** The group that the environment names as the former one was deleted by somebody: teardown does all else. */
export async function formerGroup(world: DirectLab): Promise<void> {
  const { source, target } = world.contracts;
  const deleted = { ...source, parameterGroup: { ...source.parameterGroup, previous: 'deleted-by-somebody' } };
  const [usual, plan] = [
    await world.plan('teardown'),
    await makePlan(openConnections, { source: deleted, target }, 'teardown'),
  ];
  expect(plan.findings).toMatchObject([{ code: 'PREVIOUS_GROUP_GONE', severity: 'warn' }]);
  const group = `source/parameter-group/${source.parameterGroup.previous}`;
  expect(plan.changes.map(({ id }) => id)).toEqual(usual.changes.map(({ id }) => id).filter((id) => id !== group));
}
