import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentFile } from '../../environments/files';
import { loadEnvironment } from '../../environments/loader';
import { connectBy } from '../../lab/connections';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makePlan, run } from '../../sql-runner/actions/run';
import { openConnections } from '../../sql-runner/connections/open';
import type { Finding } from '../../sql-runner/model/change';
import type { PlanMode } from '../../sql-runner/model/plan';
import { terraformAs } from '../lab/aws/support';
import { printedDeploy, printedRun } from '../sql-runner/checks/printed-fix';
import { approved } from '../support/approved';
import { refusalOf } from './support/direct-lab';
import { makeDemoTables } from './support/demo-tables';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf } from './support/looks';
import { OwnerTerraform, type Owned } from './support/owner-terraform';
import { execute } from './support/provocations';
import { StackDeploys } from './support/stack-deploys';
import { useLab } from './support/use-lab';

/** What the source stack and sql-runner made is taken away by the Terraform that has production, and comes back. */

const stage = stagesInOrder();
const FILE = environmentFile('demo');
const environment = loadEnvironment(FILE);
const OWN_RULE = `
  ingress {
    description = "application"
    cidr_blocks = ["10.10.0.0/16"]
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
  }`;
/** As it was before there was a clone. */
const BEFORE: Owned = { group: '"default.aurora-postgresql17"', ingress: OWN_RULE };
let lab: Lab;
let deploys: StackDeploys;
let owner: OwnerTerraform;
/** With the line that is printed for it. */
let kept: Owned;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'back', home: join(tmpdir(), `aurora back ${process.pid}`) });
  useLab(lab);
  await makeDemoTables(lab);
  deploys = new StackDeploys(lab, binary);
  owner = new OwnerTerraform(lab, binary, environment);
});
afterAll(() => lab?.down());

const source = (database: string) => connectBy((name) => lab.sourceConnection(name))(database);
const sqlRunner = (mode: PlanMode, allowReboot = false) =>
  run(openConnections, deploys.contracts(environment), approved(mode, { allowReboot }));

/** When production's server was started. */
async function started(): Promise<unknown> {
  const [row] = await execute(await source('shop'), ['SELECT pg_postmaster_start_time()::text AS at']);
  return row!.at;
}

async function found(): Promise<{ readonly plan: readonly Finding[]; readonly doctor: readonly Finding[] }> {
  const contracts = deploys.contracts(environment);
  const { findings } = await makePlan(openConnections, contracts, 'apply');
  const { results } = await diagnosisOf({ contracts });
  return { plan: findings, doctor: results.flatMap((result) => result.findings) };
}

/** Plan and doctor say it alike. */
async function told(code: string): Promise<Finding> {
  const { plan, doctor } = await found();
  const [here, there] = [plan, doctor].map((all) => all.find((finding) => finding.code === code));
  expect([code, here?.seen]).toEqual([code, there?.seen]);
  return here!;
}

const AROUND = /PUT_BACK|CLONE_NOT|PRODUCTION/;
const silent = async () => {
  const { plan, doctor } = await found();
  expect([...plan, ...doctor].map(({ code }) => code).filter((code) => AROUND.test(code))).toEqual([]);
};

stage('a clone follows, on production that is in the Terraform of others', async () => {
  owner.apply(BEFORE);
  deploys.deploy(environment, 'source');
  expect(await sqlRunner('apply', true)).toBe('applied');
  deploys.deploy(environment, 'target');
  expect(await sqlRunner('apply')).toBe('applied');
  await silent();
});

stage('their next apply puts the group back and revokes the rule: plan and doctor tell both', async () => {
  expect(owner.left()).toMatch(/0 to add, 2 to change, 0 to destroy/);
  owner.apply(BEFORE);
  expect(await told('PARAMETER_GROUP_PUT_BACK')).toMatchObject({
    severity: 'warn',
    seen: expect.stringMatching(/^cluster demo-production uses parameter group default\.aurora-postgresql17, which/),
    why: expect.stringMatching(
      /next restart, planned or not, wal_level .*acas_demo_ledger, acas_demo_shop: .*not start/,
    ),
  });
  expect(await told('CLONE_NOT_LET_IN')).toMatchObject({
    severity: 'block',
    why: expect.stringMatching(/^a connection that is open goes on, and the next one of the clone is refused/),
  });
});

stage('PARAMETER_GROUP_PUT_BACK: what is printed attaches the group again, and restarts nothing', async () => {
  const before = await started();
  const put = await told('PARAMETER_GROUP_PUT_BACK');
  const [verb, name, ...flags] = printedRun(put, 'PARAMETER_GROUP_PUT_BACK');
  expect([name, flags]).toEqual(['demo', []]);
  // That done, it says what is left.
  expect(await refusalOf(sqlRunner(verb as PlanMode))).toBe('CLONE_NOT_LET_IN');
  expect(await started()).toBe(before);
  const { plan } = await found();
  expect(plan.map(({ code }) => code)).not.toContain('PARAMETER_GROUP_PUT_BACK');
  const [, group] = /db_cluster_parameter_group_name = ("[\w.-]+") for demo-production/.exec(put.next)!;
  kept = { ...BEFORE, group: group! };
});

stage('CLONE_NOT_LET_IN and CLONE_NOT_ROUTED: the stack that is printed makes rule and route again', async () => {
  const routes = terraformAs(lab, environment.source.accountId);
  const [routeTable] = environment.source.network.routeTableIds;
  const route = { route_table_id: routeTable, destination_cidr_block: environment.target.network.vpcCidr };
  await routes('delete', 'aws_route', null, route);
  const stack = printedDeploy(await told('CLONE_NOT_LET_IN'), 'CLONE_NOT_LET_IN');
  expect(printedDeploy(await told('CLONE_NOT_ROUTED'), 'CLONE_NOT_ROUTED')).toBe(stack);
  expect(stack).toBe('demo-source');
  deploys.deploy(environment, 'source');
  await silent();
  expect(deploys.left(environment, 'source')).toBe('');
});

stage('it stays, once their Terraform names the group, and has the rule or ignores it', async () => {
  owner.apply({ ...kept, ignoreIngress: true });
  await silent();
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
  expect([owner.left(), deploys.left(environment, 'source')]).toEqual(['', '']);
});
