import { AwsError } from '../aws-error';
import { arn } from '../ids';
import type { Scope } from '../operation';
import type { SubnetGroup } from '../world';
import {
  nameFrom,
  optionalText,
  text,
  texts,
  type Attributes,
  type DataHandler,
  type ResourceHandler,
} from './handler';
import { subnet } from './vpc';

function attributes({ account, region }: Scope, group: SubnetGroup): Attributes {
  return {
    id: group.name,
    name: group.name,
    arn: arn('rds', region, account.id, `subgrp:${group.name}`),
    description: group.description,
    subnet_ids: group.subnetIds,
    vpc_id: group.vpcId,
    supported_network_types: ['IPV4'],
  };
}

/** The subnets must exist, share one VPC and span two zones at least. */
function checkedSubnets({ account }: Scope, config: Attributes): { vpcId: string; subnetIds: string[] } {
  const subnets = texts(config, 'subnet_ids').map((id) => subnet(account, id));
  const vpcIds = [...new Set(subnets.map(({ vpcId }) => vpcId))];
  const [vpcId] = vpcIds;
  if (vpcId === undefined || vpcIds.length > 1) {
    throw new AwsError('InvalidSubnet', 'The subnets of a DB subnet group must be in one VPC.');
  }
  if (new Set(subnets.map(({ availabilityZone }) => availabilityZone)).size < 2) {
    const message =
      "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs.";
    throw new AwsError('DBSubnetGroupDoesNotCoverEnoughAZs', message);
  }
  return { vpcId, subnetIds: subnets.map(({ id }) => id) };
}

export const subnetGroupData: DataHandler = (scope, config) => {
  const name = text(config, 'name');
  const group = scope.account.subnetGroups[name];
  if (group === undefined)
    throw new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' not found.`, 404);
  return { ...attributes(scope, group), status: 'Complete' };
};

export const dbSubnetGroup: ResourceHandler = {
  create(scope, config) {
    const name = nameFrom(config).toLowerCase();
    if (scope.account.subnetGroups[name] !== undefined) {
      throw new AwsError('DBSubnetGroupAlreadyExists', `The DB subnet group '${name}' already exists.`);
    }
    const description = optionalText(config, 'description') ?? 'Managed by Terraform';
    const group = { name, description, ...checkedSubnets(scope, config) };
    scope.account.subnetGroups[name] = group;
    return attributes(scope, group);
  },
  read(scope, prior) {
    const group = scope.account.subnetGroups[text(prior, 'id')];
    return group === undefined ? null : attributes(scope, group);
  },
  update(scope, config, prior) {
    const name = text(prior, 'id');
    const description = optionalText(config, 'description') ?? 'Managed by Terraform';
    const group = { name, description, ...checkedSubnets(scope, config) };
    scope.account.subnetGroups[name] = group;
    return attributes(scope, group);
  },
  delete({ account }, prior) {
    const name = text(prior, 'id');
    if (Object.values(account.clusters).some((cluster) => cluster.subnetGroup === name)) {
      throw new AwsError(
        'InvalidDBSubnetGroupStateFault',
        `Cannot delete the subnet group '${name}' because at least one database uses it.`,
      );
    }
    delete account.subnetGroups[name];
  },
};
