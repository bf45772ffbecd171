import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import type { Environment } from '../environments/schema';

/** The AWS provider of a stack: one account, one Region, and nothing outside of them by mistake. */
export function useAws(
  stack: TerraformStack,
  environment: Environment,
  account: Environment['source' | 'target'],
): AwsProvider {
  return new AwsProvider(stack, 'aws', {
    region: environment.region,
    allowedAccountIds: [account.accountId],
    assumeRole:
      account.roleArn === undefined
        ? undefined
        : [
            {
              roleArn: account.roleArn,
              sessionName: `aurora-sync-${environment.name}`,
              externalId: account.externalId,
            },
          ],
    defaultTags: [{ tags: { ...account.tags, Project: 'aurora-cross-account-sync', Environment: environment.name } }],
  });
}
