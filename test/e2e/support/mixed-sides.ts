import { openConnections } from '../../../sql-runner/connections/open';
import type { Contracts } from '../../../contract/contract';
import { makePlan } from '../../../sql-runner/actions/run';
import { printedDeploy } from '../../sql-runner/checks/printed-fix';
import type { DirectLab } from './direct-lab';
import { errorOf } from './error-of';
import { secretInTarget } from './provocations';

/** Each way in which the outputs of the stacks can name one cluster for both sides, or the wrong one. */
export async function mixUpSides(world: DirectLab): Promise<void> {
  const { source, target } = world.contracts;
  const swapped = { ...world.contracts, source: { ...source, cluster: target!.cluster } };
  const plan = (contracts: Contracts) => makePlan(openConnections, contracts, 'apply');
  // The deploys write the outputs anew: those of before, which are not blocked.
  const mixed = await errorOf(plan({ ...swapped, target: { ...target!, cluster: source.cluster } }));
  expect(printedDeploy(mixed, 'SIDES_SWAPPED')).toBe(world.contract.stacks.source);
  const one = await errorOf(plan({ source, target: { ...target!, cluster: source.cluster } }));
  expect(printedDeploy(one, 'SAME_CLUSTER')).toBe(world.contract.stacks.target);
  // Another address and another name, yet the same server.
  const alias = { ...target!.cluster, endpoint: '127.0.0.1', port: source.cluster.port };
  alias.adminSecretArn = await secretInTarget(
    world,
    JSON.stringify({ username: 'app_owner', password: world.lab.sourceConnection('shop').password }),
  );
  const same = await plan({ source, target: { ...target!, cluster: alias } });
  const sameCluster = same.findings.find(({ code }) => code === 'SAME_CLUSTER')!;
  expect(printedDeploy(sameCluster, 'SAME_CLUSTER')).toBe(world.contract.stacks.target);
  expect(same.changes).toEqual([]);
}
