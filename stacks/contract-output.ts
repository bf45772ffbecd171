import { TerraformOutput, type TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import type { Environment } from '../environments/schema';
import { CONTRACT_OUTPUT, CONTRACT_VERSION, type AccountContract, type PublishedContract } from '../contract/contract';

/**
 * Publishes a side's contract. The values may be Terraform expressions; their
 * types are those that sql-runner reads. It is known once `dependsOn` is made.
 */
export function contractOutput(
  scope: Construct,
  contract: PublishedContract,
  dependsOn: readonly TerraformResource[] = [],
): void {
  const output = new TerraformOutput(scope, CONTRACT_OUTPUT, {
    description: 'All that sql-runner needs to know about this side.',
    value: nullsAsExpressions(contract),
  });
  if (dependsOn.length === 0) return;
  // Its own dependsOn renders as ${address}, which Terraform refuses in an output.
  output.addOverride(
    'depends_on',
    dependsOn.map((resource) => `${resource.terraformResourceType}.${resource.friendlyUniqueId}`),
  );
}

/** cdktf fails on a null inside an output, and without the key the contract would not have its shape. */
function nullsAsExpressions(value: object): object {
  const convert = (item: unknown): unknown => {
    if (item === null) return '${null}';
    return typeof item === 'object' && !Array.isArray(item) ? nullsAsExpressions(item) : item;
  };
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(given.map(([key, item]) => [key, convert(item)]));
}

/** The part that both contracts begin with. */
export function contractHeader(environment: Environment): {
  version: typeof CONTRACT_VERSION;
  environment: string;
  region: string;
} {
  return { version: CONTRACT_VERSION, environment: environment.name, region: environment.region };
}

export function accountContract(account: Environment['source' | 'target']): AccountContract {
  const { accountId, roleArn = null, runnerRoleArn, externalId } = account;
  return {
    accountId,
    roleArn: runnerRoleArn ?? roleArn,
    ...(externalId === undefined ? {} : { externalId }),
    ...(runnerRoleArn === undefined ? {} : { terraformRoleArn: roleArn }),
  };
}
