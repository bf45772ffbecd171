import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../contract/contract';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makePlan, run } from '../../sql-runner/actions/run';
import { readStatus } from '../../sql-runner/actions/status';
import type { PlanMode } from '../../sql-runner/model/plan';
import { openConnections } from '../../sql-runner/connections/open';
import { approved } from '../support/approved';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';

/** The two stacks deployed and destroyed in the orders in which people do it, the wrong ones too. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const environment = loadEnvironment(FILE);
let lab: Lab;
let deploys: StackDeploys;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'orders', home: join(tmpdir(), `aurora orders ${process.pid}`) });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
});
afterAll(() => lab?.down());

const sqlRunner = (mode: PlanMode) => run(openConnections, deploys.contracts(environment), approved(mode));

const destroy = (side: 'source' | 'target') =>
  deploys.terraform(environment, side, 'destroy', '-auto-approve', '-input=false');

const DESTROYED_BEFORE =
  /^cdktf deploy demo-(\w+) takes the clone.*; where demo-target was destroyed, first cdktf deploy demo-(\w+), /;
const NOT_YET = 'Stack demo-source lacks outputs';

stage('the target before the source: there is no state, which Terraform says itself', () => {
  deploys.write(environment);
  const { status, output } = deploys.terraform(environment, 'target', 'plan', '-input=false');
  expect({ status, output }).toEqual({
    status: 1,
    output: expect.stringContaining('data.terraform_remote_state.source'),
  });
  expect(output).not.toMatch(/no attributes|unsupported attribute/i);
});

stage('a source whose slots exist is not destroyed, and loses nothing', async () => {
  deploys.deploy(environment, 'source');
  await sqlRunner('apply');
  const before = deploys.held(environment, 'source');
  const { status, output } = destroy('source');
  expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('still members') });
  expect(deploys.held(environment, 'source')).toEqual(before);
});

stage(
  'the same with a clone that follows; Terraform drops the outputs first, and a deploy gives them back',
  async () => {
    deploys.deploy(environment, 'source');
    deploys.deploy(environment, 'target');
    await sqlRunner('apply');
    const before = deploys.held(environment, 'source');
    expect(destroy('source').status).toBe(1);
    expect(() => deploys.contracts(environment)).toThrow('no contract');
    expect(deploys.held(environment, 'source')).toEqual(before);
    deploys.deploy(environment, 'source');
    expect(await sqlRunner('apply')).toBe('nothing-to-do');
  },
);

stage(
  'a target that was destroyed is deployed again as it is printed: only the source can share the cluster anew',
  async () => {
    expect(destroy('target')).toMatchObject({ status: 0 });
    const told = async () => {
      const { nextStep } = await makePlan(openConnections, deploys.contracts(environment), 'apply');
      const { streams } = await readStatus(openConnections, deploys.contracts(environment));
      return [`${nextStep?.command} ${nextStep?.reason}`, ...streams.map(({ next }) => next!)];
    };
    // The clone that is gone has read on: the next one would lack what it took.
    for (const next of (await told()).slice(1)) expect(next).toMatch(/^sql-runner apply demo issues the ticket anew/);
    await sqlRunner('apply');
    const said = await told();
    for (const sentence of said) expect(sentence).toMatch(DESTROYED_BEFORE);
    const { status, output } = deploys.terraform(environment, 'target', 'apply', '-auto-approve', '-input=false');
    expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining('invitation') });
    const [, target, source] = DESTROYED_BEFORE.exec(said[0]!)!;
    for (const side of [source, target] as Side[]) deploys.deploy(environment, side);
    await sqlRunner('apply');
    expect(await sqlRunner('apply')).toBe('nothing-to-do');
  },
);

stage('after teardown, the source first: the target says it, and can be destroyed', async () => {
  await sqlRunner('teardown');
  expect(destroy('source')).toMatchObject({ status: 0 });
  const { status, output } = deploys.terraform(environment, 'target', 'plan', '-input=false');
  expect({ status, output }).toEqual({ status: 1, output: expect.stringContaining(NOT_YET) });
  expect(output).not.toMatch(/no attributes|unsupported attribute/i);
  const destroyed = destroy('target');
  expect({ ...destroyed, output: destroyed.status === 0 ? '' : destroyed.output }).toEqual({ status: 0, output: '' });
  expect(deploys.held(environment, 'target')).toEqual([]);
});
