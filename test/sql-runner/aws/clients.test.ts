import type { Lab } from '../../../lab/lab';
import { accountClients } from '../../../sql-runner/aws/clients';
import { describeCluster } from '../../../sql-runner/aws/cluster';
import { readTicket } from '../../../sql-runner/aws/ticket-parameter';
import { type AwsRecorder, startRecorder } from '../../e2e/support/aws-recorder';
import { demoLab, REGION, removeHome, SOURCE, temporaryHome } from '../../lab/aws/support';

const home = temporaryHome();
let lab: Lab;
let recorder: AwsRecorder;

beforeAll(async () => {
  lab = await demoLab(home);
  for (const [key, value] of Object.entries(lab.env)) {
    if (value === '') delete process.env[key];
    else process.env[key] = value;
  }
  recorder = await startRecorder(lab.env.AWS_ENDPOINT_URL!);
  process.env.AWS_ENDPOINT_URL = recorder.url;
});
afterAll(async () => {
  await recorder?.close();
  await lab?.down();
  removeHome(home);
});

test('whatever services of an account are called, its role is assumed once', async () => {
  const clients = accountClients({ accountId: SOURCE, roleArn: `arn:aws:iam::${SOURCE}:role/aurora-sync` }, REGION);
  await describeCluster(clients, 'demo-production');
  const first = recorder.take();
  await readTicket(clients, '/none');
  await describeCluster(clients, 'demo-production');
  const others = recorder.take();
  clients.destroy();
  expect(first.map(callOf).sort()).toEqual(['rds:DescribeDBClusters', 'sts:AssumeRole']);
  expect(others).toEqual([`${SOURCE} rds:DescribeDBClusters`, `${SOURCE} ssm:GetParameter`]);
});

const callOf = (recorded: string): string => recorded.split(' ')[1]!;

test('an account of which nothing was called has nothing to end', () => {
  accountClients({ accountId: SOURCE, roleArn: null }, REGION).destroy();
  expect(recorder.take()).toEqual([]);
});
