import { AwsError } from '../aws-error';
import type { Account, SecurityGroup, Vpc } from '../world';

/** Lookups of things in a VPC that every later resource refers to. EC2's own error codes and texts. */
export function vpc(account: Account, id: string) {
  return account.vpcs[id] ?? missing('InvalidVpcID.NotFound', 'vpc ID', id);
}

/** Of a VPC whose subnets are shared only its owner makes the ways (VPC user guide, owners and participants). */
export function ownVpc(account: Account, id: string, action: string): Vpc {
  const found = vpc(account, id);
  if (found.ownerId === undefined) return found;
  const message = `You are not authorized to perform this operation: ${action} on ${id}, which belongs to ${found.ownerId}`;
  throw new AwsError('UnauthorizedOperation', message, 403);
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
