import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { seedWorkload } from '../../lab/workload/seed';
import { printedDeploy } from '../sql-runner/checks/printed-fix';
import { stagesInOrder } from '../e2e/support/in-order';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { WholeWay } from '../e2e/support/whole-way';

/** Production in the state of the source stack: taken in as it is, followed, and let go again, unhurt at each step. */

const stage = stagesInOrder();
const FILE = join(__dirname, '../stacks/modes/adopt.yaml');
const ENVIRONMENT = loadEnvironment(FILE);
const CLUSTER = 'aws_rds_cluster.production_cluster';
let lab: Lab;
let deploys: StackDeploys;
let way: WholeWay;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'adopt', home: join(tmpdir(), `aurora adopt ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
  way = new WholeWay(lab, deploys, ENVIRONMENT);
  await seedWorkload(way.source, { rows: 5000 });
});
afterAll(() => lab?.down());

const ofCluster = (environment?: Environment) =>
  way.planned('source', environment).find(({ address }) => address === CLUSTER);
/** As AWS has it, but for what a reboot changes. */
const production = () => lab.cluster('source');
const existing = (): Environment => {
  const cluster = { ...ENVIRONMENT.source.cluster, mode: 'existing' as const };
  return { ...ENVIRONMENT, source: { ...ENVIRONMENT.source, cluster } };
};

stage('the plan takes the cluster in, changes its parameter group, and nothing else that is there', () => {
  deploys.write(ENVIRONMENT);
  expect(deploys.terraform(ENVIRONMENT, 'source', 'validate').status).toBe(0);
  expect(ofCluster()).toEqual({
    address: CLUSTER,
    actions: ['update'],
    imported: 'shop-production',
    changed: { db_cluster_parameter_group_name: ['shop-production-pg17', 'acas-adopt-source-pg17'] },
  });
  const others = way.planned('source').filter(({ address }) => address !== CLUSTER);
  expect(new Set(others.flatMap(({ actions }) => actions))).toEqual(new Set(['create']));
});

stage('once deployed nothing is left to do, and production is what it was but for the group', () => {
  const before = production();
  way.deploy('source');
  expect(production()).toEqual({
    ...before,
    parameterGroup: 'acas-adopt-source-pg17',
    groupAttachedSince: true,
  });
});

stage('what today’s group sets and the new one does not is not lost with the restart', async () => {
  const { mode, identifier, majorVersion, parameterGroup } = ENVIRONMENT.source.cluster;
  const cluster = { mode, identifier, majorVersion, parameterGroup, extraParameters: { work_mem: 8192 } };
  deploys.deploy({ ...ENVIRONMENT, source: { ...ENVIRONMENT.source, cluster } }, 'source');
  const plan = await way.plan();
  expect([plan.changes, plan.findings.map(({ code }) => code)]).toEqual([[], ['PARAMETERS_LOST']]);
  const [lost] = plan.findings;
  expect(lost!.seen).toContain('shop-production-pg17 sets statement_timeout=90000');
  expect(printedDeploy(lost!, 'PARAMETERS_LOST')).toBe('adopt-source');
  way.deploy('source');
  expect((await way.plan()).findings.map(({ code }) => code)).not.toContain('PARAMETERS_LOST');
});

stage('a clone follows it, under writers', async () => {
  await way.follow();
});

stage('a destroy is refused before anything is gone', () => {
  const before = deploys.held(ENVIRONMENT, 'source');
  const { status, output } = deploys.terraform(ENVIRONMENT, 'source', 'destroy', '-auto-approve', '-input=false');
  expect({ status, output }).toEqual({ status: 1, output: expect.stringMatching(/prevent_destroy/) });
  expect(deploys.held(ENVIRONMENT, 'source')).toEqual(before);
});

stage('with mode existing Terraform forgets the cluster, which goes on, and the clone with it', async () => {
  const before = production();
  expect(ofCluster(existing())).toMatchObject({ actions: ['forget'] });
  deploys.deploy(existing(), 'source');
  expect([production(), deploys.left(existing(), 'source')]).toEqual([before, '']);
  expect(deploys.held(ENVIRONMENT, 'source')).not.toContain(CLUSTER);
  await way.streams();
});

stage('after a teardown the stacks are destroyed as ever, and production stays with its former group', async () => {
  await way.sqlRunner('teardown');
  for (const side of ['target', 'source'] as const) {
    deploys.write(existing());
    const { status, output } = deploys.terraform(existing(), side, 'destroy', '-auto-approve', '-input=false');
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  }
  expect(production()).toMatchObject({ parameterGroup: 'shop-production-pg17', deletionProtection: true });
});
