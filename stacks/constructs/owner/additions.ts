import { parameterGroupName } from '../../../contract/naming';
import { parseArn } from '../../../environments/arn';
import { applyMethod } from '../../../environments/parameters/apply-method';
import { cloneCidrs, makersOf, vpcCidrs, wayOf } from '../../../environments/network';
import type { Environment } from '../../../environments/schema';
import type { Addition } from './addition';

type Hop = { readonly vpcPeeringConnectionId: string } | { readonly transitGatewayId: string };

/** What is known of the stack, as texts that may be expressions of Terraform. */
export interface OwnerFacts {
  readonly environment: Environment;
  /** What the cluster's parameter group has to set. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly port: string;
  /** What leads to the clone; null: it is not known here. */
  readonly hop: Hop | null;
  readonly keyPolicyStatements: readonly object[];
}

/** All that is the owner's, in the order in which it is needed. */
export function additionsOf(facts: OwnerFacts): Addition[] {
  const makers = makersOf(facts.environment);
  return [
    ...(facts.environment.source.manage.parameterGroup === 'owner' ? [parameterGroup(facts)] : []),
    ...(makers.securityGroupRules === 'owner' ? rules(facts) : []),
    ...(makers.routes === 'owner' && facts.hop !== null ? routes(facts.environment, facts.hop) : []),
    ...keyPolicy(facts),
  ];
}

/** Identifiers of Terraform: no hyphens, which would be read as minus in some places. */
const nameOf = ({ name }: Environment, ...rest: string[]): string =>
  ['acas', name, ...rest].join('_').replaceAll('-', '_');

/** A default group takes no settings, so another one takes its place; one of the owner's own gets them. */
function parameterGroup(facts: OwnerFacts): Addition {
  const today = facts.environment.source.cluster.parameterGroup!;
  return today.startsWith('default.') ? newGroup(facts) : ownGroup(facts);
}

function settings({ environment, parameters }: OwnerFacts) {
  const { majorVersion } = environment.source.cluster;
  return Object.entries(parameters)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => ({ name, value, apply_method: applyMethod(name, majorVersion) }));
}

function newGroup(facts: OwnerFacts): Addition {
  const { environment } = facts;
  const { identifier, majorVersion, parameterGroup: today } = environment.source.cluster;
  const name = nameOf(environment, 'logical_replication');
  return {
    about: [
      `Logical replication for the cluster ${identifier}: a group in the place of ${today}, which takes no settings.`,
      `In your aws_rds_cluster of ${identifier} say:`,
      `  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.${name}.name`,
      'It takes effect when the writer restarts.',
    ],
    block: ['aws_rds_cluster_parameter_group', name],
    values: {
      name: parameterGroupName(environment.name, 'source', majorVersion),
      family: `aurora-postgresql${majorVersion}`,
      description: `Logical replication of environment ${environment.name}`,
    },
    nested: { kind: 'parameter', blocks: settings(facts) },
  };
}

function ownGroup(facts: OwnerFacts): Addition {
  const { environment } = facts;
  const { identifier, parameterGroup: today } = environment.source.cluster;
  const name = nameOf(environment, 'parameters');
  return {
    about: [
      `Logical replication for the cluster ${identifier}: what its parameter group ${today} has to set.`,
      `In your aws_rds_cluster_parameter_group ${today}, in the place of what it says of these parameters:`,
      '  dynamic "parameter" {',
      `    for_each = local.${name}`,
      '    content {',
      '      name         = parameter.value.name',
      '      value        = parameter.value.value',
      '      apply_method = parameter.value.apply_method',
      '    }',
      '  }',
      'Larger numbers do as well. It takes effect when the writer restarts.',
    ],
    block: 'locals',
    values: { [name]: settings(facts) },
  };
}

/** A rule in a group with inline blocks lasts until its owner's next apply (aws_security_group, note at its top). */
function rules({ environment, port }: OwnerFacts): Addition[] {
  const { source, target } = environment;
  const cidrs = cloneCidrs(environment);
  return source.network.securityGroupIds.flatMap((id) =>
    cidrs.map((cidr, index): Addition => ({
      about: [
        `Lets the clone of environment ${environment.name} in on the database port.`,
        ...(index > 0
          ? []
          : [
              `Where your aws_security_group of ${id} has ingress blocks, they remove this rule: then put there instead`,
              `  ingress {`,
              `    cidr_blocks = ["${cidrs.join('", "')}"]`,
              `    protocol    = "tcp"`,
              `    from_port   = ${port}`,
              `    to_port     = ${port}`,
              `  }`,
            ]),
      ],
      block: ['aws_vpc_security_group_ingress_rule', nameOf(environment, ...named(id, cidr, target.network.vpcCidr))],
      values: {
        security_group_id: id,
        cidr_ipv4: cidr,
        ip_protocol: 'tcp',
        from_port: { number: port },
        to_port: { number: port },
        description: `Replication to the clone of environment ${environment.name}`,
      },
    })),
  );
}

/** Only the first block of the VPC needs no name of its own. */
const named = (id: string, cidr: string, first: string): string[] =>
  cidr === first ? [id] : [id, cidr.replaceAll(/[./]/g, '_')];

function routes(environment: Environment, hop: Hop): Addition[] {
  const { source, target } = environment;
  const isNew = wayOf(environment).kind === 'new-peering';
  const to = 'transitGatewayId' in hop ? hop.transitGatewayId : hop.vpcPeeringConnectionId;
  const argument = 'transitGatewayId' in hop ? 'transit_gateway_id' : 'vpc_peering_connection_id';
  const width = argument.length;
  return source.network.routeTableIds.flatMap((id) =>
    vpcCidrs(target.network).map((cidr): Addition => ({
      about: [
        `The way to the clone of environment ${environment.name}${isNew ? '; it leads nowhere until the target stack is deployed' : ''}.`,
        `Where your aws_route_table of ${id} has route blocks, they remove this one: then put there instead`,
        `  route {`,
        `    ${'cidr_block'.padEnd(width)} = "${cidr}"`,
        `    ${argument} = "${to}"`,
        `  }`,
      ],
      block: ['aws_route', nameOf(environment, ...named(id, cidr, target.network.vpcCidr))],
      values: { route_table_id: id, destination_cidr_block: cidr, [argument]: to },
    })),
  );
}

function keyPolicy({ environment, keyPolicyStatements }: OwnerFacts): Addition[] {
  const key = environment.kms.sourceKeyArn;
  if (key === undefined || parseArn(key) === undefined) return [];
  const name = nameOf(environment, 'key_policy_statements');
  return [
    {
      about: [
        `Lets account ${environment.target.accountId} make a clone that is encrypted with ${key}.`,
        'In the policy of your aws_kms_key or aws_kms_key_policy, after your own statements:',
        `  Statement = concat([ ... ], local.${name})`,
      ],
      block: 'locals',
      values: { [name]: keyPolicyStatements },
    },
  ];
}
