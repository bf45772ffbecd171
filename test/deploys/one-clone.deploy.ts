import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Side } from '../../contract/contract';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { PRODUCTION_SUBNETS } from '../../lab/aws/accounts';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makePlan, run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import type { PlanMode } from '../../sql-runner/model/plan';
import { stagesInOrder } from '../e2e/support/in-order';
import { makeDemoTables } from '../e2e/support/demo-tables';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { terraformAs } from '../lab/aws/support';
import { approved } from '../support/approved';

/** A clone that follows has used its ticket: what would replace it is refused, and the printed commands make a new one. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const environment = loadEnvironment(FILE);
const { clone } = environment.target;
const renamed: Environment = {
  ...environment,
  target: { ...environment.target, clone: { ...clone, identifier: `${clone.identifier}2` } },
};
const keyed: Environment = {
  ...environment,
  kms: { targetKeyArn: `arn:aws:kms:${environment.region}:${environment.target.accountId}:key/of-its-own` },
};
let lab: Lab;
let deploys: StackDeploys;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'one', home: join(tmpdir(), `aurora one ${process.pid}`) });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
});
afterAll(() => lab?.down());

const sqlRunner = (mode: PlanMode) => run(openConnections, deploys.contracts(environment), approved(mode));
const target = (...args: string[]) => deploys.terraform(environment, 'target', ...args, '-input=false');
const clones = () => Object.keys(lab.state.world.accounts[environment.target.accountId]!.clusters);
const CHANGED = 'target.clone.identifier';

stage('a clone that follows is not replaced under the ticket that it used', async () => {
  deploys.deploy(environment, 'source');
  await sqlRunner('apply');
  deploys.deploy(environment, 'target');
  expect(deploys.left(environment, 'target')).toBe('');
  await sqlRunner('apply');
  for (const [changed, what] of [
    [renamed, CHANGED],
    [keyed, 'its key, in kms'],
  ] as const) {
    deploys.write(changed);
    const { status, output } = target('apply', '-auto-approve');
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringContaining(`used by clone ${clone.identifier}. A change of ${what} Terraform can only do`),
    });
  }
  expect(clones()).toEqual([clone.identifier]);
  deploys.write(environment);
  expect(deploys.left(environment, 'target')).toBe('');
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
});

stage('nor by one of another cluster, which the source stack names by now', async () => {
  const { source, region } = environment;
  const identifier = `${source.cluster.identifier}-2`;
  await terraformAs(lab, source.accountId, region)('create', 'aws_rds_cluster', {
    cluster_identifier: identifier,
    engine: 'aurora-postgresql',
    master_username: 'app_owner',
    manage_master_user_password: true,
    db_subnet_group_name: PRODUCTION_SUBNETS,
    vpc_security_group_ids: source.network.securityGroupIds,
    port: lab.cluster('source').port,
  });
  deploys.deploy({ ...environment, source: { ...source, cluster: { ...source.cluster, identifier } } }, 'source');
  expect(target('apply', '-auto-approve')).toEqual({
    status: 1,
    output: expect.stringContaining(
      `used by clone ${clone.identifier}. A change of the cluster that it is a clone of Terraform can only do`,
    ),
  });
  expect(clones()).toEqual([clone.identifier]);
  deploys.deploy(environment, 'source');
  expect(deploys.left(environment, 'target')).toBe('');
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
});

stage(
  'what is printed makes the new one, which follows, and whose identifier is the known one from then on',
  async () => {
    deploys.write(renamed);
    const words =
      /run: sql-runner (\w+) demo, which issues another ticket, then cdktf deploy demo-(\w+), then sql-runner (\w+) demo/;
    const [, first, side, then] = words.exec(target('plan').output)!;
    await sqlRunner(first as PlanMode);
    deploys.deploy(renamed, side as Side);
    await sqlRunner(then as PlanMode);
    expect(clones()).toEqual([renamed.target.clone.identifier]);
    expect(deploys.left(renamed, 'target')).toBe('');
    expect(await sqlRunner('apply')).toBe('nothing-to-do');
  },
);

stage('a clone that was replaced past the file: it is not said that somebody took what it lacks', async () => {
  expect(target('apply', '-auto-approve', '-replace=aws_rds_cluster.clone_cluster[0]')).toMatchObject({ status: 0 });
  const { findings } = await makePlan(openConnections, deploys.contracts(environment), 'apply');
  const consumed = findings.filter(({ code }) => code === 'SLOT_CONSUMED');
  expect(consumed.length).toBeGreaterThan(0);
  for (const { seen, why, next } of consumed) {
    expect(`${seen}; ${why}`).toMatch(
      /it was read before this clone was taken; an earlier clone under the same ticket/,
    );
    expect(next).toMatch(/^make a new clone: sql-runner reset demo, then cdktf deploy demo-target,/);
  }
});

stage('where the whole stack was destroyed a reset comes first, as step 4 of the README has it', async () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  // What a share that is lost asks for, sharing.deploy.ts carries out.
  const step = readme.slice(readme.indexOf('## 4. Take the clone'), readme.indexOf('Where a clone is to give way'));
  const printed = [...step.matchAll(/npx (sql-runner|cdktf) (\w+) dev(?:-(\w+))?/g)].map(([line]) => line);
  expect(printed).toEqual(['npx cdktf deploy dev-target', 'npx cdktf deploy dev-source', 'npx sql-runner reset dev']);
  expect(target('destroy', '-auto-approve')).toMatchObject({ status: 0 });
  await sqlRunner('reset');
  deploys.deploy(environment, 'source');
  deploys.deploy(environment, 'target');
  await sqlRunner('apply');
  expect(clones()).toEqual([clone.identifier]);
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
});
