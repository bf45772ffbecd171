import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { seedWorkload } from '../../lab/workload/seed';
import type { Finding } from '../../sql-runner/model/change';
import { errorOf } from './support/error-of';
import { terraformAs } from '../lab/aws/support';
import { stagesInOrder } from './support/in-order';
import { diagnosisOf } from './support/looks';
import { OwnerTerraform } from './support/owner-terraform';
import { StackDeploys } from './support/stack-deploys';
import { useLab } from './support/use-lab';
import { WholeWay } from './support/whole-way';

/** A network that others have made: nothing of it is in a stack, and plan and doctor tell what it lacks, there and back. */

const stage = stagesInOrder();
const FILE = join(__dirname, '../stacks/modes/existing-network.yaml');
const ENVIRONMENT = loadEnvironment(FILE);
const { source, target } = ENVIRONMENT;
/** Of the lab's, which both VPCs are attached to. */
const GATEWAY = 'tgw-0c33333333333333e';
let lab: Lab;
let deploys: StackDeploys;
let way: WholeWay;
let owner: OwnerTerraform;

beforeAll(async () => {
  const { binary } = await ensureTerraform();
  lab = await startLab({ environmentFile: FILE, name: 'network', home: join(tmpdir(), `aurora net ${process.pid}`) });
  useLab(lab);
  deploys = new StackDeploys(lab, binary);
  way = new WholeWay(lab, deploys, ENVIRONMENT);
  owner = new OwnerTerraform(lab, binary, ENVIRONMENT);
  await seedWorkload(way.source, { rows: 5000 });
});
afterAll(() => lab?.down());

/** Plan and doctor say it alike; of the way, and of what stands around production. */
async function told(): Promise<Finding[]> {
  const { findings } = await way.plan();
  const { results } = await diagnosisOf({ contracts: deploys.contracts(ENVIRONMENT) });
  const ofNetwork = (all: readonly Finding[]) => all.filter(({ code }) => /NOT_LET_IN|NOT_ROUTED|LOOKED_AT/.test(code));
  const doctor = ofNetwork(results.flatMap((result) => result.findings));
  expect(ofNetwork(findings).map(({ code, seen }) => [code, seen])).toEqual(
    doctor.map(({ code, seen }) => [code, seen]),
  );
  return doctor;
}

type Side = 'source' | 'target';
const near = (side: Side) => (side === 'source' ? source : target);
const far = (side: Side) => (side === 'source' ? target : source);
const route = (side: Side) => ({
  route_table_id: near(side).network.routeTableIds.at(-1),
  destination_cidr_block: far(side).network.vpcCidr,
});
const network = (side: Side, operation: 'create' | 'delete', hop: object) => {
  const config = { ...route(side), ...hop };
  const terraform = terraformAs(lab, near(side).accountId);
  return operation === 'create'
    ? terraform('create', 'aws_route', config)
    : terraform('delete', 'aws_route', null, config);
};

stage('neither stack makes anything of it, and their JSON is valid', () => {
  deploys.write(ENVIRONMENT);
  for (const side of ['source', 'target'] as const)
    expect(deploys.terraform(ENVIRONMENT, side, 'validate').status).toBe(0);
  const made = way.planned('source').map(({ address }) => address);
  expect(made.filter((address) => /route|peering|transit|ingress/.test(address))).toEqual([]);
});

stage('what is missing stops the slots: the rules that are printed, which the owner applies', async () => {
  way.deploy('source');
  const [shut, ...more] = await told();
  expect(more).toEqual([]);
  expect(shut).toMatchObject({
    code: 'CLONE_NOT_LET_IN',
    severity: 'block',
    seen: expect.stringMatching(/has no rule for 10\.20\.1\.0\/24, 10\.20\.2\.0\/24 on port/),
    next: expect.stringMatching(/terraform -chdir=cdktf\.out\/stacks\/existing-network-source output -raw owner_hcl$/),
  });
  expect((await errorOf(way.sqlRunner('apply'))).code).toBe('CLONE_NOT_LET_IN');
  const { output } = deploys.terraform(ENVIRONMENT, 'source', 'output', '-raw', 'owner_hcl');
  expect(output).not.toContain('aws_route');
  owner.apply({ group: '"default.aurora-postgresql17"' }, { 'owner.tf': output });
  expect(owner.left()).toBe('');
  expect(await told()).toEqual([]);
});

stage('so do routes, there and back, and they are told before anything waits for them', async () => {
  await network('source', 'delete', {});
  await network('target', 'delete', {});
  expect(await told()).toMatchObject([
    {
      code: 'CLONE_NOT_ROUTED',
      severity: 'block',
      seen: 'route table rtb-0a1111111111111b2 has no route to 10.20.1.0/24; route table rtb-0a1111111111111b2 has no route to 10.20.2.0/24',
      next: expect.stringMatching(/^whoever has the network adds the route/),
    },
    {
      code: 'PRODUCTION_NOT_ROUTED',
      severity: 'block',
      seen: 'route table rtb-0b2222222222222b2 has no route to 10.10.0.0/16',
      next: expect.stringMatching(/^whoever has the network adds the route, or target\.network/),
    },
  ]);
  expect((await errorOf(way.sqlRunner('apply'))).code).toMatch(/NOT_ROUTED$/);
  for (const side of ['source', 'target'] as const) await network(side, 'create', { transit_gateway_id: GATEWAY });
  expect(await told()).toEqual([]);
});

stage('a clone follows, with nothing left to do on either side', async () => {
  await way.follow();
  expect(deploys.held(ENVIRONMENT, 'target').filter((address) => /route|peering/.test(address))).toEqual([]);
  expect((await way.plan()).findings).toEqual([]);
});

stage('a route back that goes while the clone follows is told as well', async () => {
  await network('target', 'delete', {});
  const [gone] = await told();
  expect([gone?.code, gone?.severity]).toEqual(['PRODUCTION_NOT_ROUTED', 'block']);
  await network('target', 'create', { transit_gateway_id: GATEWAY });
  expect(await told()).toEqual([]);
});
