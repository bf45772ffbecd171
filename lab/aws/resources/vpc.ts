import { AwsError } from '../aws-error';
import type { Account, SecurityGroup } from '../world';

/** Lookups of things in a VPC that every later resource refers to. EC2's own error codes and texts. */
export function vpc(account: Account, id: string) {
  return account.vpcs[id] ?? missing('InvalidVpcID.NotFound', 'vpc ID', id);
}

export function routeTable(account: Account, id: string) {
  return account.routeTables[id] ?? missing('InvalidRouteTableID.NotFound', 'routeTable ID', id);
}

export function securityGroup(account: Account, id: string): SecurityGroup {
  return account.securityGroups[id] ?? missing('InvalidGroup.NotFound', 'security group', id);
}

export function subnet(account: Account, id: string) {
  return account.subnets[id] ?? missing('InvalidSubnetID.NotFound', 'subnet ID', id);
}

function missing(code: string, what: string, id: string): never {
  throw new AwsError(code, `The ${what} '${id}' does not exist`);
}
