import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { putTicket } from '../e2e/support/ticket';
import { useLab } from '../e2e/support/use-lab';

/** What AWS would refuse in the middle of the target's deploy, with the slots made, is told by its plan. */

const stage = stagesInOrder();
const FILE = environmentFile('example');
const environment = loadEnvironment(FILE);
const key = environment.kms.sourceKeyArn!;
let binary: string;
let folder: string | undefined;
let lab: Lab;
let deploys: StackDeploys;

beforeAll(async () => {
  ({ binary } = await ensureTerraform());
  lab = await startLab({ environmentFile: FILE, name: 'plans', home: join(tmpdir(), `aurora plans ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
});
afterAll(async () => {
  await lab?.down();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const planned = (changed: Environment = environment) => {
  deploys.write(changed);
  const { status, output } = deploys.terraform(changed, 'target', 'plan', '-input=false');
  return { status, output };
};

const keyPolicy = async (operation: string, policy: string): Promise<void> => {
  const body = JSON.stringify({
    operation,
    type: 'aws_kms_key_policy',
    account: environment.source.accountId,
    region: environment.region,
    config: { key_id: key, policy },
  });
  const answer = await fetch(`${lab.env.AWS_ENDPOINT_URL}/_lab/terraform`, { method: 'POST', body });
  expect(answer.status).toBe(200);
};

stage('a key whose policy does not know the target account', async () => {
  deploys.deploy(environment, 'source');
  await putTicket(lab, environment);
  await keyPolicy('create', JSON.stringify({ Statement: [] }));
  expect(planned()).toEqual({
    status: 1,
    output: expect.stringContaining('not authorized to perform: kms:DescribeKey'),
  });
});

stage('the statements that the source stack prints let it in, and RDS with them', async () => {
  const printed = deploys.terraform(environment, 'source', 'output', '-raw', 'kms_key_policy_statement').output;
  await keyPolicy('update', JSON.stringify({ Statement: JSON.parse(printed) }));
  expect(planned().status).toBe(0);
  deploys.deploy(environment, 'target');
  expect(deploys.left(environment, 'target')).toBe('');
});

stage('subnets in zones in one of which the storage is', async () => {
  // A subnet of the lab is in the zone that the last digit of its id says: the last of these where there is no storage.
  const text = readFileSync(FILE, 'utf8').replace('subnet-0fedcba9876543211', 'subnet-0fedcba9876543214');
  await lab.down();
  const file = join((folder = mkdtempSync(join(tmpdir(), 'zones '))), 'example.yaml');
  writeFileSync(file, text);
  lab = await startLab({ environmentFile: file, name: 'zones', home: join(tmpdir(), `aurora zones ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
  const other = loadEnvironment(file);
  deploys.deploy(other, 'source');
  await putTicket(lab, other);
  const { status, output } = planned(other);
  expect(status).toBe(1);
  expect(output).toContain('zones euc1-az1, euc1-az2, euc1-az3; of those, the subnets of the clone are in euc1-az3.');
  expect(output).toContain('one of euc1-az1, euc1-az2 and run');
});
