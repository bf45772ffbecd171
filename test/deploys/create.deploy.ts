import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { freePort } from '../../lab/postgres/free-port';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { seedWorkload } from '../../lab/workload/seed';
import { OF_PRODUCTION } from '../../stacks/constructs/cluster/forgotten-resources';
import { stagesInOrder } from '../e2e/support/in-order';
import { execute } from '../e2e/support/provocations';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { WholeWay } from '../e2e/support/whole-way';

/** A production cluster that the source stack makes: deployed, used, followed, and hard to lose. */

const stage = stagesInOrder();
const FILE = join(__dirname, '../stacks/modes/create.yaml');
let environment: Environment;
let lab: Lab;
let deploys: StackDeploys;
let way: WholeWay;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  // All clusters of this machine have one address.
  environment = withCreate(loadEnvironment(FILE), { port: await freePort() });
  lab = await startLab({ environmentFile: FILE, name: 'create', home: join(tmpdir(), `aurora create ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
  way = new WholeWay(lab, deploys, environment);
});
afterAll(() => lab?.down());

function withCreate(
  of: Environment,
  change: Partial<NonNullable<Environment['source']['cluster']['create']>>,
): Environment {
  const cluster = { ...of.source.cluster, create: { ...of.source.cluster.create!, ...change } };
  return { ...of, source: { ...of.source, cluster } };
}

const destroy = (of = environment) => {
  deploys.write(of);
  return deploys.terraform(of, 'source', 'destroy', '-auto-approve', '-input=false');
};

stage('there is no cluster before the deploy, and the plan makes everything', () => {
  expect(() => lab.cluster('source')).toThrow(/source account of the lab has no cluster new-production/);
  deploys.write(environment);
  expect(deploys.terraform(environment, 'source', 'validate')).toMatchObject({ status: 0 });
  expect(new Set(way.planned('source').flatMap(({ actions }) => actions))).toEqual(new Set(['create']));
});

stage('one deploy makes a cluster to log in to, and leaves nothing to do', async () => {
  way.deploy('source');
  const { instances, clusters } = lab.state.world.accounts['111111111111']!;
  // Terraform makes the readers side by side, in either order.
  expect(
    Object.values(instances)
      .map(({ identifier, writer, instanceClass, availabilityZone }) => [
        identifier,
        writer,
        instanceClass,
        availabilityZone,
      ])
      .sort(),
  ).toEqual([
    ['new-production-1', true, 'db.r6g.xlarge', 'eu-west-1a'],
    ['new-production-2', false, 'db.r6g.xlarge', 'eu-west-1b'],
    ['new-production-3', false, 'db.r6g.large', 'eu-west-1a'],
  ]);
  expect(clusters['new-production']).toMatchObject({
    deletionProtection: true,
    databases: ['shop'],
    masterUsername: 'app_owner',
  });
  await execute(await way.source('shop'), ['CREATE DATABASE ledger']);
  await seedWorkload(way.source, { rows: 5000 });
});

stage('logical replication is on from the first start: no restart is planned', async () => {
  const { changes, findings } = await way.plan();
  expect(changes.map(({ id }) => id).filter((id) => /reboot|parameter-group/.test(id))).toEqual([]);
  expect(findings.filter(({ severity }) => severity === 'block')).toEqual([]);
});

stage('a clone follows it, under writers', () => way.follow());

stage('a teardown leaves the parameter group where it is', async () => {
  await way.sqlRunner('teardown');
  expect(deploys.left(environment, 'source')).toBe('');
});

stage('a destroy is refused before anything is gone', () => {
  const before = deploys.held(environment, 'source');
  expect(destroy()).toMatchObject({ status: 1, output: expect.stringMatching(/prevent_destroy/) });
  expect(deploys.held(environment, 'source')).toEqual(before);
  expect(OF_PRODUCTION.filter((address) => !before.some((held) => held.startsWith(address)))).toEqual([]);
});

stage('with mode existing Terraform forgets all of it, and destroys nothing', () => {
  const { create: _create, ...cluster } = environment.source.cluster;
  const parameterGroup = 'default.aurora-postgresql17';
  const source = { ...environment.source, cluster: { ...cluster, mode: 'existing' as const, parameterGroup } };
  const planned = way.planned('source', { ...environment, source });
  const actions = (of: (address: string) => boolean) =>
    new Set(planned.filter(({ address }) => of(address)).flatMap((one) => one.actions));
  const ofProduction = (address: string) => OF_PRODUCTION.some((one) => address.startsWith(one));
  expect(actions(ofProduction)).toEqual(new Set(['forget']));
  expect(actions(() => true)).not.toContain('delete');
});

stage('once its protection is switched off and deployed, it can be destroyed', () => {
  const unprotected = withCreate(environment, { deletionProtection: false });
  deploys.deploy(unprotected, 'source');
  deploys.write(unprotected);
  expect(deploys.terraform(unprotected, 'target', 'destroy', '-auto-approve', '-input=false').status).toBe(0);
  const { status, output } = destroy(unprotected);
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  expect(lab.state.world.accounts['111111111111']!.clusters).toEqual({});
});
