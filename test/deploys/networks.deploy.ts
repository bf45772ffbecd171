import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parameterGroupName } from '../../contract/naming';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import type { SecurityGroup } from '../../lab/aws/world';
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

  const stageOfGateway = name === 'transit-gateway' ? stage : () => undefined;
  const manage = { ...environment.source.manage, routes: 'owner' as const, securityGroupRules: 'owner' as const };
  const owned: Environment = { ...environment, source: { ...environment.source, manage } };
  const before = {
    group: `"${parameterGroupName(environment.name, 'source', environment.source.cluster.majorVersion)}"`,
  };
  const codes = async () => (await way.plan()).findings.map(({ code }) => code);
  const printed = (syntax: string) => deploys.terraform(owned, 'source', 'output', '-raw', `owner_${syntax}`).output;
  let owner: OwnerTerraform;

  stageOfGateway('what the stack made becomes an owner’s: it stays, and the printed file takes it over', async () => {
    deploys.deploy(owned, 'source');
    expect([held('source', /^aws_route|ingress_rule/), await codes()]).toEqual([[], []]);
    owner = new OwnerTerraform(lab, binary, owned);
    const { securityGroups } = lab.state.world.accounts[owned.source.accountId]!;
    const imports = importsOf(printed('json'), securityGroups);
    owner.write(before, { 'owner.tf.json': printed('json'), 'imports.tf': imports });
    owner.validate();
    const asJson = owner.left();
    expect(asJson).toMatch(/Plan: 8 to import, 0 to add, \d to change, 0 to destroy/);
    owner.write(before, { 'owner.tf': printed('hcl'), 'imports.tf': imports });
    expect(owner.left()).toBe(asJson);
    owner.apply(before, { 'owner.tf': printed('hcl'), 'imports.tf': imports });
    expect([owner.left(), await codes(), deploys.left(owned, 'source')]).toEqual(['', [], '']);
  });

  stageOfGateway('taken away by the owner it is told, and the printed file alone makes it', async () => {
    owner.apply(before);
    expect(await codes()).toEqual(['CLONE_NOT_LET_IN', 'CLONE_NOT_ROUTED']);
    owner.apply(before, { 'owner.tf': printed('hcl') });
    expect([owner.left(), await codes(), deploys.left(owned, 'source')]).toEqual(['', [], '']);
  });
});

interface OwnersFile {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
}

/** As docs/owner-terraform.md has it, for each resource of the printed file. */
function importsOf(printed: string, groups: Readonly<Record<string, SecurityGroup>>): string {
  const { resource } = JSON.parse(printed) as OwnersFile;
  const idOf = (block: Readonly<Record<string, string>>) =>
    'route_table_id' in block
      ? `${block['route_table_id']}_${block['destination_cidr_block']}`
      : Object.values(groups[block['security_group_id']!]!.rules).find(
          ({ settings }) => settings['cidr_ipv4'] === block['cidr_ipv4'],
        )!.id;
  const blocks = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => `import {\n  to = ${type}.${name}\n  id = "${idOf(block)}"\n}\n`),
  );
  return blocks.join('\n');
}
