import { EC2Client } from '@aws-sdk/client-ec2';
import { KMSClient } from '@aws-sdk/client-kms';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import type { Side } from '../../contract/contract';
import { RUNNER_CALLS } from '../../iam/policy/runner/calls';
import { taskStatements } from '../../stacks/constructs/runner/policies';
import { productionContract } from '../../stacks/production-contract';
import type { AccountClients } from '../../sql-runner/aws/clients';
import type { AwsReader, Reading } from '../../sql-runner/connections/reading';
import { surveySurroundings } from '../../sql-runner/observe/survey-surroundings';
import { allows } from './allows';
import { documentsOf, made } from './environments';

/** What is looked at around production depends on the way, and the policies have to follow. */

const MODES = join(__dirname, '../stacks/modes');
const ROUTES = 'ec2:DescribeRouteTables';
const WAYS = [
  ['peering', environmentFile('demo'), false],
  ['a known peering', join(MODES, 'known-peering.yaml'), false],
  ['transit-gateway', join(MODES, 'transit-gateway.yaml'), false],
  ['existing', join(MODES, 'existing-network.yaml'), true],
  ['existing, with subnets of others', join(MODES, 'shared-vpc.yaml'), true],
] as const;

/** Each call that the real readers make, as `side service:Action`. */
async function seen(environment: Environment): Promise<string[]> {
  const calls: string[] = [];
  const client = <C extends EC2Client | KMSClient>(side: Side, service: string, real: C): C =>
    Object.assign(real, {
      send: ({ constructor: { name } }: object) => {
        calls.push(`${side} ${service}:${name.replace(/Command$/, '')}`);
        return Promise.resolve({});
      },
    });
  const { region } = environment;
  const clients = (side: Side) =>
    ({
      accountId: environment[side].accountId,
      network: () => Promise.resolve(client(side, 'ec2', new EC2Client({ region }))),
      keys: () => Promise.resolve(client(side, 'kms', new KMSClient({ region }))),
    }) as unknown as AccountClients;
  const aws = <A extends readonly unknown[], T>(side: Side, reader: AwsReader<A, T>, ...args: A) =>
    reader(clients(side), ...args);
  const contracts = { source: { production: productionContract(environment, null) } };
  await surveySurroundings({ aws, contracts } as unknown as Reading);
  return calls;
}

/** Commands that look around production. */
const LOOKING = RUNNER_CALLS.filter(({ source }) => source.includes(ROUTES)).map(({ commands }) => commands.join('-'));

test.each(WAYS)('with %s each policy of who looks has the calls of the look, and no more', async (_, file, back) => {
  const environment = loadEnvironment(file);
  const calls = await seen(environment);
  expect(calls.filter((call) => call.endsWith(ROUTES)).sort()).toEqual([
    `source ${ROUTES}`,
    ...(back ? [`target ${ROUTES}`] : []),
  ]);
  const { policies } = made(environment);
  expect(LOOKING).toEqual(['doctor-plan-serve', 'apply', 'resume', 'reset']);
  for (const name of ['all', 'read', ...LOOKING]) {
    for (const call of calls.filter((one) => one.includes(' ec2:'))) {
      const [side = '', action = ''] = call.split(' ');
      const documents = documentsOf(policies, `sql-runner-${name}-${side}`);
      expect([call, name, allows(documents, { action, resource: '*' })]).toEqual([call, name, true]);
    }
    const target = documentsOf(policies, `sql-runner-${name}-target`);
    expect([name, allows(target, { action: ROUTES, resource: '*' })]).toEqual([name, back]);
  }
  for (const name of ['status-watch', 'verify', 'history', 'hold', 'rotate', 'teardown'])
    expect(allows(documentsOf(policies, `sql-runner-${name}-target`), { action: ROUTES, resource: '*' })).toBe(false);
});

test('so does the role of the tasks, where they serve', () => {
  const { network, ...runner } = loadEnvironment(join(MODES, 'runner.yaml'));
  const actions = (environment: Environment) =>
    taskStatements(environment, { clusterArn: 'cluster', adminSecretArn: 'secret' }).flatMap(({ Action }) => Action);
  expect(actions({ ...runner, network })).not.toContain(ROUTES);
  const existing: Environment = { ...runner, network: { ...network, mode: 'existing' } };
  expect(actions(existing)).toContain(ROUTES);
  const { target } = existing;
  const unserved = { ...existing, target: { ...target, runner: { ...target.runner!, serve: false } } };
  expect(actions(unserved)).not.toContain(ROUTES);
});
