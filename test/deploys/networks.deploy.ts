import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { startLab, type Lab } from '../../lab/lab';
import { ensureTerraform } from '../../lab/terraform/ensure';
import { seedWorkload } from '../../lab/workload/seed';
import { stagesInOrder } from '../e2e/support/in-order';
import { OwnerTerraform } from '../e2e/support/owner-terraform';
import { StackDeploys } from '../e2e/support/stack-deploys';
import { useLab } from '../e2e/support/use-lab';
import { WholeWay } from '../e2e/support/whole-way';

/** Both stacks and a clone that follows, over a way that others have made; every second plan is empty. */

interface Case {
  readonly name: string;
  /** What a route leads to, as `terraform state show` says it; null: the stacks make none. */
  readonly hop: RegExp | null;
  readonly routes: { readonly source: number; readonly target: number };
  readonly rules: number;
  /** A way that there is not, and what the plan of the source says of it. */
  readonly other: Partial<Environment['network']>;
  readonly refusal: RegExp;
}

const WAYS: readonly Case[] = [
  {
    name: 'transit-gateway',
    hop: /transit_gateway_id += "tgw-0c3333333333333e1"/,
    routes: { source: 4, target: 2 },
    rules: 2,
    other: { transitGatewayId: 'tgw-0c3333333333333e9' },
    refusal: /vpc-0a1111111111111a1 has no attachment to tgw-0c3333333333333e9 that is available/,
  },
  {
    name: 'known-peering',
    hop: /vpc_peering_connection_id += "pcx-0c3333333333333d1"/,
    routes: { source: 2, target: 1 },
    rules: 1,
    other: { peeringConnectionId: 'pcx-0c3333333333333d9' },
    refusal: /no matching EC2 VPC Peering Connection found/,
  },
  {
    name: 'shared-vpc',
    hop: null,
    routes: { source: 0, target: 0 },
    rules: 2,
    other: { mode: 'transit-gateway', transitGatewayId: 'tgw-0c33333333333333e' },
    refusal: /account 111111111111 cannot see it\..* write network\.mode: existing/,
  },
];

describe.each(WAYS)('$name', ({ name, hop, routes, rules, other, refusal }) => {
  const stage = stagesInOrder();
  const file = join(__dirname, '../stacks/modes', `${name}.yaml`);
  const environment = loadEnvironment(file);
  let lab: Lab;
  let binary: string;
  let deploys: StackDeploys;
  let way: WholeWay;

  beforeAll(async () => {
    ({ binary } = await ensureTerraform());
    lab = await startLab({ environmentFile: file, name, home: join(tmpdir(), `aurora ${name} ${process.pid}`) });
    useLab(lab);
    deploys = new StackDeploys(lab, binary);
    way = new WholeWay(lab, deploys, environment);
    await seedWorkload(way.source, { rows: 5000 });
  });
  afterAll(() => lab?.down());

  const held = (side: 'source' | 'target', type: RegExp) =>
    deploys.held(environment, side).filter((address) => type.test(address));
  const plan = (changed: Environment, side: 'source' | 'target') => {
    deploys.write(changed);
    return deploys.terraform(changed, side, 'plan', '-input=false');
  };

  stage('the JSON is valid, and a way that there is not is refused by the plan', () => {
    deploys.write(environment);
    for (const side of ['source', 'target'] as const)
      expect(deploys.terraform(environment, side, 'validate').status).toBe(0);
    const { status, output } = plan({ ...environment, network: { ...environment.network, ...other } }, 'source');
    expect({ status, output }).toEqual({ status: 1, output: expect.stringMatching(refusal) });
  });

  const stageOfGateway = name === 'transit-gateway' ? stage : () => undefined;
  stageOfGateway('the routes over a peering of the stack change in place, and then it goes', () => {
    const before: Environment = { ...environment, network: { mode: 'peering', remoteDns: false } };
    deploys.deploy(before, 'source');
    const planned = way.planned('source').filter(({ actions }) => actions[0] !== 'no-op');
    const actions = (type: string) =>
      planned.filter(({ address }) => address.startsWith(`${type}.`)).map((one) => one.actions);
    expect(actions('aws_route')).toEqual(Array(4).fill(['update']));
    expect(actions('aws_vpc_peering_connection')).toEqual([['delete']]);
  });

  stage('a clone follows, with nothing left to do on either side', async () => {
    way.deploy('source');
    await way.follow();
    for (const side of ['source', 'target'] as const) {
      expect(held(side, /^aws_route\./)).toHaveLength(routes[side]);
      expect(held(side, /peering|transit_gateway/)).toEqual([]);
    }
    expect(held('source', /ingress_rule/)).toHaveLength(rules);
    expect((await way.plan()).findings).toEqual([]);
    if (hop === null) return;
    const [route] = held('source', /^aws_route\./);
    expect(deploys.terraform(environment, 'source', 'state', 'show', route!).output).toMatch(hop);
  });

  stage('subnets that production would not let in are refused by the plan of the target', () => {
    const subnetCidrs = ['10.20.200.0/24', '10.20.201.0/24'];
    const network = { ...environment.target.network, subnetCidrs };
    const { status, output } = plan({ ...environment, target: { ...environment.target, network } }, 'target');
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringMatching(/and target\.network\.subnetCidrs names 10\.20\.200\.0\/24, 10\.20\.201\.0\/24:/),
    });
  });

  stageOfGateway('what is printed for an owner makes the same rules and routes, in either syntax', async () => {
    const manage = { ...environment.source.manage, routes: 'owner' as const, securityGroupRules: 'owner' as const };
    const owned: Environment = { ...environment, source: { ...environment.source, manage } };
    deploys.deploy(owned, 'source');
    const codes = async () => (await way.plan()).findings.map(({ code }) => code);
    expect(await codes()).toEqual(['CLONE_NOT_LET_IN', 'CLONE_NOT_ROUTED']);
    const printed = (syntax: string) => deploys.terraform(owned, 'source', 'output', '-raw', `owner_${syntax}`).output;
    const owner = new OwnerTerraform(lab, binary, owned);
    const before = { group: `"${lab.cluster('source').parameterGroup}"` };
    owner.write(before, { 'owner.tf.json': printed('json') });
    owner.validate();
    const asJson = owner.left();
    expect(asJson).toMatch(/Plan: 2 to import, 6 to add, \d to change, 0 to destroy/);
    owner.write(before, { 'owner.tf': printed('hcl') });
    expect(owner.left()).toBe(asJson);
    owner.apply(before, { 'owner.tf': printed('hcl') });
    expect([owner.left(), await codes(), deploys.left(owned, 'source')]).toEqual(['', [], '']);
  });
});
