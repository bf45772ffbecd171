import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { Construct } from 'constructs';
import { objectName } from '../../../contract/naming';
import type { Environment } from '../../../environments/schema';

/** Where ARNs of AWS's own policies are: other than anywhere else in China and for the government. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** A role that only a service of AWS may assume; with `account`, only on behalf of that one. */
export function serviceRole(
  scope: Construct,
  { name, region }: Environment,
  { id, service, description, account }: { id: string; service: string; description: string; account?: string },
): IamRole {
  return new IamRole(scope, id, {
    // Roles are not of a Region: one environment's name can be in two.
    name: objectName(name, `${id}-${region}`),
    description,
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sts:AssumeRole',
          ...(account === undefined ? {} : { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
        },
      ],
    }),
  });
}
