import { AwsError } from '../aws-error';
import { arn, ec2Id } from '../ids';
import type { Scope } from '../operation';
import type { SecurityGroup } from '../world';
import { blocks, nameFrom, optionalText, text, type Attributes, type ResourceHandler } from './handler';
import { inlineRules, setInlineRules } from './inline-rules';
import { serviceWith } from './runner-types';
import { securityGroup as found, vpc } from './vpc';

function attributes({ account, region }: Scope, group: SecurityGroup): Attributes {
  return {
    id: group.id,
    arn: arn('ec2', region, account.id, `security-group/${group.id}`),
    name: group.name,
    name_prefix: '',
    description: group.description,
    vpc_id: group.vpcId,
    owner_id: account.id,
    ingress: inlineRules(group),
  };
}

const read: ResourceHandler['read'] = (scope, prior) => {
  const group = scope.account.securityGroups[text(prior, 'id')];
  return group === undefined ? null : attributes(scope, group);
};

export const securityGroup: ResourceHandler = {
  create(scope, config) {
    const { account } = scope;
    const { id: vpcId } = vpc(account, text(config, 'vpc_id'));
    const name = nameFrom(config);
    if (Object.values(account.securityGroups).some((one) => one.vpcId === vpcId && one.name === name)) {
      throw new AwsError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
    }
    const description = optionalText(config, 'description') ?? 'Managed by Terraform';
    const group: SecurityGroup = { id: ec2Id('sg'), name, description, vpcId, rules: {} };
    account.securityGroups[group.id] = group;
    if (blocks(config, 'ingress').length > 0) setInlineRules(group, config);
    return attributes(scope, group);
  },
  read,
  update(scope, config, prior) {
    const group = found(scope.account, text(prior, 'id'));
    if (JSON.stringify(config.ingress) !== JSON.stringify(prior.ingress)) setInlineRules(group, config);
    return attributes(scope, group);
  },
  delete({ account }, prior) {
    const id = text(prior, 'id');
    const user = Object.values(account.clusters).find((cluster) => cluster.securityGroupIds.includes(id));
    if (user !== undefined) {
      throw new AwsError('DependencyViolation', `resource ${id} has a dependent object: cluster ${user.identifier}`);
    }
    const service = serviceWith(account, id);
    if (service !== undefined)
      throw new AwsError('DependencyViolation', `resource ${id} has a dependent object: service ${service}`);
    delete account.securityGroups[id];
  },
};
