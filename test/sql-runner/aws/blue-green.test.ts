import { blueGreenDeployments } from '../../../sql-runner/aws/blue-green';
import type { AccountClients } from '../../../sql-runner/aws/clients';
import { blueGreenFindings } from '../../../sql-runner/resources/hold-costs';
import { makePlan } from '../../../sql-runner/actions/run';
import { sourceContract } from '../support/contract';
import { inWorld, newWorld } from '../support/fake-world';

const contract = sourceContract();
const ARN = contract.cluster.arn;

function accountOf(...pages: readonly object[]): { account: AccountClients; markers: unknown[] } {
  const left = [...pages];
  const markers: unknown[] = [];
  const send = (command: { input: { Marker?: string } }) => {
    markers.push(command.input.Marker);
    return Promise.resolve(left.shift());
  };
  return { account: { accountId: '111111111111', rds: { send } } as unknown as AccountClients, markers };
}

test('the deployments of the cluster, blue or green, of every page', async () => {
  const of = (BlueGreenDeploymentIdentifier: string, ends: object) => ({ BlueGreenDeploymentIdentifier, ...ends });
  const { account, markers } = accountOf(
    {
      BlueGreenDeployments: [of('a', { Source: ARN, Status: 'AVAILABLE' }), of('b', { Source: 'other' })],
      Marker: 'm',
    },
    { BlueGreenDeployments: [of('c', { Target: ARN, BlueGreenDeploymentName: 'upgrade' })], Marker: 'n' },
    { Marker: '' },
  );
  expect(await blueGreenDeployments(account, ARN)).toEqual([
    { identifier: 'a', name: 'a', status: 'AVAILABLE' },
    { identifier: 'c', name: 'upgrade', status: 'unknown' },
  ]);
  expect(markers).toEqual([undefined, 'm', 'n']);
  expect(blueGreenFindings(contract, await blueGreenDeployments(accountOf({}).account, ARN))).toEqual([]);
});

test('where it may not be asked, a hold goes on and says so', async () => {
  const world = newWorld();
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
  world.onAwsRefused = (call) => (call === 'DescribeBlueGreenDeployments' ? denied : undefined);
  const plan = await inWorld(world, () => makePlan(world.opening, world.contracts, 'hold'));
  const said = plan.findings.find(({ code }) => code === 'BLUE_GREEN_DEPLOYMENT');
  expect(said).toMatchObject({ severity: 'info', seen: expect.stringContaining('rds:DescribeBlueGreenDeployments') });
  expect(plan.changes.map(({ operation }) => operation.kind)).toEqual(['drain', 'hold-stream', 'hold-stream']);
});
