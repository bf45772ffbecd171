import { AwsError } from '../aws-error';
import { arn, ec2Id } from '../ids';
import type { Scope } from '../operation';
import type { SecurityGroupRule } from '../world';
import { optionalText, text, type Attributes, type ResourceHandler } from './handler';
import { securityGroup } from './vpc';

const SETTINGS = [
  'cidr_ipv4',
  'cidr_ipv6',
  'from_port',
  'to_port',
  'ip_protocol',
  'referenced_security_group_id',
  'prefix_list_id',
  'description',
];
const PEERS = ['cidr_ipv4', 'cidr_ipv6', 'referenced_security_group_id', 'prefix_list_id'];

function settingsOf(config: Attributes): Record<string, unknown> {
  const given = SETTINGS.filter((name) => config[name] !== undefined && config[name] !== null);
  return Object.fromEntries(given.map((name) => [name, config[name]]));
}

/** Two rules are the same when they differ in nothing but their description. */
function sameTraffic(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  return SETTINGS.every((name) => name === 'description' || one[name] === other[name]);
}

function attributes({ account, region }: Scope, groupId: string, { id, settings }: SecurityGroupRule): Attributes {
  const ruleArn = arn('ec2', region, account.id, `security-group-rule/${id}`);
  return { ...settings, id, security_group_rule_id: id, security_group_id: groupId, arn: ruleArn };
}

function rule(scope: Scope, direction: SecurityGroupRule['direction'], config: Attributes, id: string): Attributes {
  const group = securityGroup(scope.account, text(config, 'security_group_id'));
  if (PEERS.filter((name) => optionalText(config, name) !== undefined).length !== 1) {
    throw new AwsError('InvalidParameterCombination', `Exactly one of ${PEERS.join(', ')} must be given.`);
  }
  const settings = settingsOf(config);
  const twin = Object.values(group.rules).find(
    (one) => one.direction === direction && one.id !== id && sameTraffic(one.settings, settings),
  );
  if (twin !== undefined) {
    throw new AwsError('InvalidPermission.Duplicate', `the specified rule already exists in ${group.id} as ${twin.id}`);
  }
  const wanted: SecurityGroupRule = { id, direction, settings };
  group.rules[id] = wanted;
  return attributes(scope, group.id, wanted);
}

/** The handler of `aws_vpc_security_group_ingress_rule` or `…_egress_rule`. */
export function securityGroupRule(direction: SecurityGroupRule['direction']): ResourceHandler {
  return {
    create: (scope, config) => rule(scope, direction, config, ec2Id('sgr')),
    // By its own id, which is all that an import has.
    read(scope, prior) {
      const id = text(prior, 'id');
      const group = Object.values(scope.account.securityGroups).find(({ rules }) => rules[id]?.direction === direction);
      return group === undefined ? null : attributes(scope, group.id, group.rules[id]!);
    },
    update: (scope, config, prior) => rule(scope, direction, config, text(prior, 'id')),
    delete({ account }, prior) {
      delete securityGroup(account, text(prior, 'security_group_id')).rules[text(prior, 'id')];
    },
  };
}
