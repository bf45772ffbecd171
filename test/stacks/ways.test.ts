import { join } from 'node:path';
import { loadEnvironment } from '../../environments/loader';
import type { Environment } from '../../environments/schema';
import { synthesize, type TerraformJson } from './synthesized';

/** What the stacks make of each way between the VPCs, and what not. */

const fixture = (name: string) => loadEnvironment(join(__dirname, `modes/${name}.yaml`));
const types = ({ resource }: TerraformJson) =>
  Object.keys(resource).filter((type) => /route|peering|transit|ingress|egress/.test(type));
const all = (json: TerraformJson, type: string, ...arguments_: string[]) =>
  Object.entries(json.resource[type] ?? {}).map(([name, block]) => [name, ...arguments_.map((one) => block[one])]);
const ownerText = (json: TerraformJson) => String(json.output['owner_hcl']!.value);

test('a transit gateway: routes to each block of the other VPC, and rules for the subnets alone', () => {
  const { source, target } = synthesize(fixture('transit-gateway'));
  const gateway = 'tgw-0c3333333333333e1';
  const routes = (json: TerraformJson) =>
    all(json, 'aws_route', 'destination_cidr_block', 'transit_gateway_id', 'vpc_peering_connection_id');
  expect(routes(source)).toEqual([
    ['to_target_rtb_0a1111111111111b1', '10.20.0.0/16', gateway, undefined],
    ['to_target_rtb_0a1111111111111b1_10_21_0_0_20', '10.21.0.0/20', gateway, undefined],
    ['to_target_rtb_0a1111111111111b2', '10.20.0.0/16', gateway, undefined],
    ['to_target_rtb_0a1111111111111b2_10_21_0_0_20', '10.21.0.0/20', gateway, undefined],
  ]);
  expect(routes(target)).toEqual([
    ['to_source_rtb_0b2222222222222b2', '10.10.0.0/16', gateway, undefined],
    ['to_source_rtb_0b2222222222222b2_10_11_0_0_20', '10.11.0.0/20', gateway, undefined],
  ]);
  const cidrs = (json: TerraformJson, type: string) =>
    all(json, `aws_vpc_security_group_${type}_rule`, 'cidr_ipv4').map(([, cidr]) => cidr);
  expect(cidrs(source, 'ingress')).toEqual(['10.21.1.0/24', '10.21.2.0/24']);
  expect(cidrs(target, 'egress')).toEqual(['10.10.0.0/16', '10.11.0.0/20']);
  expect(source.output['contract']).toMatchObject({
    value: {
      production: {
        targetCidr: ['10.21.1.0/24', '10.21.2.0/24'],
        peeringConnectionId: '${null}',
        transitGatewayId: gateway,
      },
    },
  });
});

test('an existing network: nothing of it, and what the clone needs of its own', () => {
  const { source, target } = synthesize(fixture('existing-network'));
  expect([types(source), types(target)]).toEqual([
    [],
    ['aws_vpc_security_group_egress_rule', 'aws_vpc_security_group_ingress_rule'],
  ]);
  expect(source.output).not.toHaveProperty('peering_connection_id');
  expect(source.output['contract']).toMatchObject({
    value: { production: { manage: { securityGroupRules: 'owner', routes: 'owner' } } },
  });
  expect(ownerText(source)).toContain('aws_vpc_security_group_ingress_rule');
  expect(ownerText(source)).not.toContain('aws_route');
});

test('a shared VPC is as an existing one, but for the rules that the file asks for', () => {
  const { source } = synthesize(fixture('shared-vpc'));
  expect(types(source)).toEqual(['aws_vpc_security_group_ingress_rule']);
});

test('a peering of others is neither made nor accepted', () => {
  const { source, target } = synthesize(fixture('known-peering'));
  expect([...types(source), ...types(target)].filter((type) => /peering/.test(type))).toEqual([]);
});

const WAY =
  /^(terraform_data\.cluster_asked|aws_(route|vpc_peering_connection(_accepter|_options)?|vpc_security_group_ingress_rule)\.(to|from|peering))/;
const made = ({ resource }: TerraformJson) =>
  Object.entries(resource)
    .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`))
    .filter((address) => WAY.test(address));
const forgotten = (json: TerraformJson) =>
  ((json as { removed?: { from: string; lifecycle: { destroy: boolean } }[] }).removed ?? [])
    .filter(({ from, lifecycle }) => WAY.test(from) && !lifecycle.destroy)
    .map(({ from }) => from);

/** The two VPCs of a fixture, with each way that there can be between them. */
const between = fixture('transit-gateway');
const PEERING = { ...between, network: { mode: 'peering' as const } };
const ownedBy = (environment: Environment): Environment => {
  const manage = { ...environment.source.manage, routes: 'owner' as const, securityGroupRules: 'owner' as const };
  return { ...environment, source: { ...environment.source, manage } };
};
const WAYS: readonly (readonly [string, Environment])[] = [
  ['a peering', PEERING],
  ['a peering, and what is of production is the owner’s', ownedBy(PEERING)],
  [
    'a peering that is there',
    { ...between, network: { ...PEERING.network, peeringConnectionId: 'pcx-0c3333333333333d1' } },
  ],
  ['a gateway', between],
  ['a gateway, and what is of production is the owner’s', ownedBy(between)],
  ['a network that is there', { ...between, network: { mode: 'existing' } }],
];
const CHANGES = WAYS.flatMap(([from, before]) =>
  WAYS.filter(([to]) => to !== from).map(([to, after]) => [from, to, before, after] as const),
);

test.each(CHANGES)(
  'from %s to %s: what is made no more is forgotten, and nothing destroyed',
  (_from, _to, before, after) => {
    const [then, now] = [synthesize(before), synthesize(after)];
    for (const side of ['source', 'target'] as const) {
      const gone = made(then[side]).filter((address) => !made(now[side]).includes(address));
      expect(forgotten(now[side])).toEqual(expect.arrayContaining(gone));
      // Terraform refuses a block that is both.
      expect(forgotten(now[side]).filter((address) => made(now[side]).includes(address))).toEqual([]);
    }
  },
);

test('of a way that the stacks make themselves nothing is forgotten but what the file does not state', () => {
  const { source, target } = synthesize(PEERING);
  expect([made(source).length, made(target).length]).toEqual([8, 3]);
  expect([forgotten(source), forgotten(target)]).toEqual([['aws_vpc_peering_connection_options.peering_options'], []]);
});

test('an option of the peering is stated where the file states it, and else forgotten', () => {
  const options = 'aws_vpc_peering_connection_options';
  const { removed } = synthesize(PEERING).source as { removed?: { from: string; lifecycle: { destroy: boolean } }[] };
  expect(removed).toContainEqual({ from: `${options}.peering_options`, lifecycle: { destroy: false } });
  for (const remoteDns of [true, false]) {
    const { source } = synthesize({ ...between, network: { mode: 'peering', remoteDns } });
    expect(all(source, options, 'requester')).toEqual([
      ['peering_options', { allow_remote_vpc_dns_resolution: remoteDns }],
    ]);
    expect(JSON.stringify((source as { removed?: unknown }).removed)).not.toContain(options);
  }
});

test('what the owner adds for a gateway: each route and rule as a resource, and each block in one snippet', () => {
  const { source } = synthesize(ownedBy(fixture('transit-gateway')));
  expect(types(source)).toEqual([]);
  const text = ownerText(source);
  expect(text.match(/^resource "aws_route"/gm)).toHaveLength(4);
  expect(text.match(/^resource "aws_vpc_security_group_ingress_rule"/gm)).toHaveLength(2);
  expect(text).toContain('#     cidr_blocks = ["10.21.1.0/24", "10.21.2.0/24"]');
  expect(text).toContain('#     transit_gateway_id = "tgw-0c3333333333333e1"');
  expect(text).not.toContain('until the target stack is deployed');
});
