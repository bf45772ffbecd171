import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../contract/contract';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { PROJECT } from '../../lab/demo/toolchain';
import { endOffers } from '../../lab/expire-command';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import type { PlanMode } from '../../sql-runner/model/plan';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ticketParameter } from '../../contract/naming';
import { clientOf } from '../lab/aws/support';
import { approved } from '../support/approved';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** The target stack is deployed before there is a clone ticket: all is accepted and made, and no clone. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const environment = loadEnvironment(FILE);
const { clone } = environment.target;
let lab: Lab;
let deploys: StackDeploys;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'first', home: join(tmpdir(), `aurora first ${process.pid}`) });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
});
afterAll(() => lab?.down());

const sqlRunner = (mode: PlanMode) => run(openConnections, deploys.contracts(environment), approved(mode));
const apply = () => deploys.terraform(environment, 'target', 'apply', '-auto-approve', '-input=false');
const clones = () => Object.keys(lab.state.world.accounts[environment.target.accountId]!.clusters);
const nextStep = () => deploys.terraform(environment, 'target', 'output', '-raw', 'next_step');

const section = () => readFileSync(join(PROJECT, 'README.md'), 'utf8').split('### Accept what production offers')[1]!;

/** How share and peering stand. Those that have ended are not listed: others were made in their place. */
function accepted(): string[] {
  const { shares, peerings } = lab.state.world;
  const principals = Object.values(shares).flatMap((share) => Object.values(share.principals));
  const all = [...principals, ...Object.values(peerings)].map(({ status }) => status as string);
  return all.filter((status) => !['expired', 'rejected'].includes(status)).sort();
}

stage('share and peering that nobody accepted in seven days: the target says it, and makes nothing', async () => {
  deploys.deploy(environment, 'source');
  expect(await endOffers(lab)).toHaveLength(2);
  const { status, output } = apply();
  expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('not offered to this account any') });
  expect(lab.state.world.accounts[environment.target.accountId]!.subnetGroups).toEqual({});
});

stage('what it prints sends both anew', () => {
  const [, source] = /Run: cdktf deploy demo-(\w+) — it asks/.exec(apply().output)!;
  deploys.deploy(environment, source as Side);
  expect(accepted()).toEqual(['pending', 'pending-acceptance']);
  expect(deploys.left(environment, 'source')).toBe('');
});

stage('declined, they are told and sent anew by the same words', async () => {
  expect(await endOffers(lab, 'decline')).toHaveLength(2);
  const { status, output } = apply();
  expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('unless it was declined or') });
  const [, source] = /Run: cdktf deploy demo-(\w+) — it asks/.exec(output)!;
  deploys.deploy(environment, source as Side);
  expect(accepted()).toEqual(['pending', 'pending-acceptance']);
});

stage('without a ticket all is made but the clone, and the seven days end nothing any more', async () => {
  deploys.deploy(environment, 'target');
  expect(accepted()).toEqual(['accepted', 'active']);
  expect(clones()).toEqual([]);
  expect(deploys.contracts(environment).target).toBeNull();
  const held = deploys.held(environment, 'target');
  for (const made of ['aws_db_subnet_group.clone_subnets', 'aws_rds_cluster_parameter_group.logical_replication'])
    expect(held).toContain(made);
  expect(await endOffers(lab)).toEqual([]);
  for (const side of ['source', 'target'] as const) expect(deploys.left(environment, side)).toBe('');
});

stage('an invitation that alone has ended: what the README prints sends another one', async () => {
  expect(deploys.terraform(environment, 'target', 'destroy', '-auto-approve', '-input=false').status).toBe(0);
  deploys.deploy(environment, 'source');
  expect(await endOffers(lab)).toHaveLength(1);
  // The source finds it as it was made, and so has nothing to send anew.
  deploys.deploy(environment, 'source');
  const [, args] = /^terraform -chdir=cdktf\.out\/stacks\/dev-source (.*)$/m.exec(section())!;
  const { output } = apply();
  expect(output).toMatch(/No pending RAM Resource Share .* invitation found/);
  const sent = deploys.terraform(environment, 'source', ...args!.split(' '), '-auto-approve', '-input=false');
  expect({ ...sent, output: sent.status === 0 ? '' : sent.output }).toEqual({ status: 0, output: '' });
  deploys.deploy(environment, 'target');
  expect(accepted()).toEqual(['accepted', 'active']);
});

stage('the output says what to do until there is a clone, and that gives one which follows', async () => {
  const [, environmentName, side] = /Run: sql-runner apply (\w+), then cdktf deploy demo-(\w+) again\.$/.exec(
    nextStep().output,
  )!;
  expect(environmentName).toBe(environment.name);
  await sqlRunner('apply');
  deploys.deploy(environment, side as Side);
  expect(clones()).toEqual([clone.identifier]);
  await sqlRunner('apply');
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
  const [, command] = /^Run: sql-runner (\w+) demo — it connects/.exec(nextStep().output)!;
  expect(await sqlRunner(command as PlanMode)).toBe('nothing-to-do');
  for (const one of ['source', 'target'] as const) expect(deploys.left(environment, one)).toBe('');
});

stage('a clone whose ticket is gone is neither replaced nor destroyed, under another identifier either', async () => {
  const parameters = new SSMClient(clientOf(lab, environment.target.accountId));
  await parameters.send(new DeleteParameterCommand({ Name: ticketParameter(environment.name) }));
  const renamed = { ...environment, target: { ...environment.target, clone: { ...clone, identifier: 'another' } } };
  for (const one of [environment, renamed]) {
    deploys.write(one);
    const { status, output } = apply();
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('No clone ticket for') });
    expect(clones()).toEqual([clone.identifier]);
  }
});
