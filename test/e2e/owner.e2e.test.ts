import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import { connectBy } from '../../lab/connections';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { makePlan, run } from '../../sql-runner/actions/run';
import { isEqual, verifyEnvironment } from '../../sql-runner/actions/verify';
import { openConnections } from '../../sql-runner/connections/open';
import type { Finding } from '../../sql-runner/model/change';
import type { PlanMode } from '../../sql-runner/model/plan';
import { printedRun } from '../sql-runner/checks/printed-fix';
import { approved } from '../support/approved';
import { PATIENCE_MS } from '../support/patience';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf } from './support/looks';
import { OwnerTerraform, type Owned } from './support/owner-terraform';
import { execute } from './support/provocations';
import { RewritingProxy } from './support/rewriting-proxy';
import { StackDeploys } from './support/stack-deploys';
import { useLab } from './support/use-lab';

/** Production that belongs to somebody else, who adds what the source stack prints, and takes it out again. */

const stage = stagesInOrder();
const FILE = join(__dirname, 'environments', 'owned.yaml');
const environment = loadEnvironment(FILE);
const ALL = ['CLONE_NOT_LET_IN', 'CLONE_NOT_ROUTED', 'KEY_POLICY_LACKS'];
let lab: Lab;
let deploys: StackDeploys;
let owner: OwnerTerraform;

/** Their group, without what is printed for it. */
const BEFORE: Owned = { group: 'aws_rds_cluster_parameter_group.production.name', keyStatements: '[]' };

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'owned', home: join(tmpdir(), `aurora owned ${process.pid}`) });
  useLab(lab);
  await execute(await source(), ['CREATE TABLE orders (id bigint PRIMARY KEY)', 'INSERT INTO orders VALUES (1)']);
  deploys = new StackDeploys(lab, binary);
  owner = new OwnerTerraform(lab, binary, environment);
});
afterAll(() => lab?.down());

const source = () => connectBy((database) => lab.sourceConnection(database))('shop');
const sqlRunner = (mode: PlanMode) => run(openConnections, deploys.contracts(environment), approved(mode));
const plan = () => makePlan(openConnections, deploys.contracts(environment), 'apply');

/** When production's server was started. */
async function started(): Promise<unknown> {
  const [row] = await execute(await source(), ['SELECT pg_postmaster_start_time()::text AS at']);
  return row!.at;
}

/** Doctor and plan say it alike. */
async function told(...codes: string[]): Promise<Finding[]> {
  const { findings } = await plan();
  const diagnosis = await diagnosisOf({ contracts: deploys.contracts(environment) });
  const ofDoctor = diagnosis.results.flatMap((result) => result.findings);
  return codes.map((code) => {
    const [here, there] = [findings, ofDoctor].map((all) => all.find((finding) => finding.code === code));
    expect([code, here?.seen]).toEqual([code, there?.seen]);
    return here!;
  });
}

const silent = async () => {
  const { results } = await diagnosisOf({ contracts: deploys.contracts(environment) });
  const codes = results.filter(({ findings }) => findings.length > 0).map(({ code }) => code);
  expect(codes.filter((code) => /GROUP|CLONE_NOT|KEY_POLICY|NOT_LOOKED/.test(code))).toEqual([]);
};

/** Waits for what the source has written, and compares every row. */
async function expectEqual(): Promise<void> {
  const verified = await verifyEnvironment(openConnections, deploys.contracts(environment), {
    databases: [],
    concurrency: 1,
    settleTimeoutMs: PATIENCE_MS,
    statementTimeoutMs: 0,
    onVerdict: () => undefined,
  });
  expect(isEqual(verified)).toBe(true);
}

/** What the printed command prints. */
function printed({ next }: Finding, name = 'owner_hcl'): string {
  expect(next).toMatch(/: terraform -chdir=cdktf.out\/stacks\/owned-source output -raw owner_hcl$/);
  const { status, output } = deploys.terraform(environment, 'source', 'output', '-raw', name);
  expect(status).toBe(0);
  return output;
}

/** The lines for a block of theirs that the printed comments hold, as they stand there. */
const commented = (hcl: string, begin: RegExp, end: string): string => {
  const lines = hcl.split('\n').map((line) => line.replace(/^# {0,3}/, ''));
  const first = lines.findIndex((line) => begin.test(line));
  return lines.slice(first, lines.indexOf(end, first) + 1).join('\n');
};

function withAdditions(hcl: string): Owned {
  const [, statements] = /concat\(\[ \.\.\. \], (local\.\w+)\)/.exec(hcl)!;
  return { ...BEFORE, parameters: commented(hcl, /^dynamic/, '}'), keyStatements: statements! };
}

stage('the source is deployed, and plan and doctor tell what its owner has not added yet', async () => {
  owner.apply(BEFORE);
  expect(owner.left()).toBe('');
  deploys.deploy(environment, 'source');
  expect(deploys.left(environment, 'source')).toBe('');
  expect(deploys.held(environment, 'source').filter((address) => /route|rule|parameter_group/.test(address))).toEqual(
    [],
  );
  const [lacks, ...around] = await told('PARAMETER_GROUP_LACKS', ...ALL);
  expect(around.map(({ severity, seen }) => [severity, seen])).toEqual([
    ['block', expect.stringMatching(/^security group sg-\w+ has no rule for 10\.20\.0\.0\/16 on port \d+$/)],
    ['block', 'route table rtb-0a1111111111111b1 has no route to 10.20.0.0/16'],
    [
      'block',
      expect.stringMatching(/^the policy of arn:aws:kms.* does not let account 222222222222 do kms:DescribeKey,/),
    ],
  ]);
  expect(lacks!.seen).toMatch(/which lacks max_wal_senders=25, rds\.logical_replication=1;/);
  expect((await plan()).changes).toEqual([]);
});

stage('what is printed as JSON is valid, and makes the same', async () => {
  const [lacks] = await told('PARAMETER_GROUP_LACKS');
  const hcl = withAdditions(printed(lacks!));
  owner.write(hcl, { 'owner.tf.json': printed(lacks!, 'owner_json') });
  owner.validate();
  const asJson = owner.left();
  owner.write(hcl, { 'owner.tf': printed(lacks!) });
  owner.validate();
  expect(asJson).toMatch(/Plan: 2 to add, 2 to change, 0 to destroy/);
  expect(owner.left()).toBe(asJson);
});

stage('the owner applies it, and the bootstrap comes in sync, with no change left in any of the three', async () => {
  const [lacks] = await told('PARAMETER_GROUP_LACKS');
  owner.apply(withAdditions(printed(lacks!)), { 'owner.tf': printed(lacks!) });
  expect(owner.left()).toBe('');
  await silent();
  expect((await plan()).changes.filter(({ consent }) => consent !== undefined)).toHaveLength(1);
  const restart = (await diagnosisOf({ contracts: deploys.contracts(environment) })).results
    .flatMap(({ findings }) => findings)
    .find(({ code }) => code === 'WAL_LEVEL_NOT_LOGICAL');
  expect(printedRun(restart!, 'WAL_LEVEL_NOT_LOGICAL')).toEqual(['apply', 'owned', '--allow-reboot']);
  expect(await sqlRunner('apply')).toBe('applied');
  deploys.deploy(environment, 'target');
  expect(deploys.left(environment, 'target')).toBe('');
  expect(await sqlRunner('apply')).toBe('applied');
  expect(deploys.left(environment, 'source')).toBe('');
  await execute(await source(), ['INSERT INTO orders VALUES (2)']);
  await expectEqual();
  expect((await plan()).findings).toEqual([]);
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
});

stage('the next apply of the owner without it: told with what it means, and put right without a restart', async () => {
  const before = await started();
  owner.apply(BEFORE);
  const [put, ...around] = await told('PARAMETER_GROUP_PUT_BACK', ...ALL);
  expect(put).toMatchObject({
    severity: 'block',
    why: expect.stringMatching(/next restart, planned or not, wal_level .* acas_owned_shop: .* does not start/),
  });
  expect(around.map(({ why }) => why)).toEqual([
    expect.stringMatching(/^a connection that is open goes on, and the next one of the clone is refused/),
    expect.stringMatching(/^what production answers does not reach the clone/),
    expect.stringMatching(/^the clone that there is goes on by the grants/),
  ]);
  expect((await plan()).changes).toEqual([]);
  owner.apply(withAdditions(printed(put!)), { 'owner.tf': printed(put!) });
  await silent();
  expect(await sqlRunner('apply')).toBe('nothing-to-do');
  expect(await started()).toBe(before);
});

stage('what may not be looked at is said, and nothing of it is called there', async () => {
  const gateway = await RewritingProxy.before(process.env.AWS_ENDPOINT_URL!);
  const direct = process.env.AWS_ENDPOINT_URL;
  try {
    process.env.AWS_ENDPOINT_URL = gateway.url;
    gateway.refused = /Action=DescribeRouteTables/;
    const [unseen] = await told('PRODUCTION_NOT_LOOKED_AT');
    expect(unseen).toMatchObject({
      severity: 'warn',
      seen: expect.stringMatching(/^not looked at: routes \(ec2:DescribeRouteTables in account 111111111111 failed/),
      next: expect.stringContaining('docs/iam.md'),
    });
    const { results } = await diagnosisOf({ contracts: deploys.contracts(environment) });
    expect(results.find(({ code }) => code === 'CLONE_NOT_ROUTED')?.status).toBe('skipped');
    expect(results.find(({ code }) => code === 'CLONE_NOT_LET_IN')?.status).toBe('pass');
  } finally {
    process.env.AWS_ENDPOINT_URL = direct;
    await gateway.close();
  }
});

stage('teardown leaves the owner their group, rules and routes', async () => {
  expect(await sqlRunner('teardown')).toBe('applied');
  expect(owner.left()).toBe('');
  for (const side of ['target', 'source'] as const)
    expect(deploys.terraform(environment, side, 'destroy', '-auto-approve', '-input=false').status).toBe(0);
});
