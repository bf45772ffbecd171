import { parseArn } from '../../environments/arn';
import type { Environment } from '../../environments/schema';
import type { Side } from '../../contract/contract';

/** One account of an environment, and how its objects are called there. */
export interface AccountArns {
  readonly environment: Environment;
  readonly side: Side;
  readonly accountId: string;
  readonly otherId: string;
  readonly partition: string;
  /** `rds`, `cluster:x` → `arn:aws:rds:<region>:<account>:cluster:x` */
  arn(service: string, resource: string): string;
  /** Of a service without Regions. */
  global(service: string, resource: string): string;
}

export function accountArns(environment: Environment, side: Side): AccountArns {
  const { accountId } = environment[side];
  const otherId = environment[side === 'source' ? 'target' : 'source'].accountId;
  const partition = partitionOf(environment);
  const global = (service: string, resource: string) => `arn:${partition}:${service}::${accountId}:${resource}`;
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${environment.region}:${accountId}:${resource}`;
  return { environment, side, accountId, otherId, partition, arn, global };
}

/** China and the government have their own, and an ARN that the environment names tells. */
function partitionOf({ region, source, target, kms }: Environment): string {
  const named = [source.roleArn, target.roleArn, kms.sourceKeyArn].find((arn) => arn !== undefined);
  if (named !== undefined) return parseArn(named)?.partition ?? 'aws';
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Secrets Manager adds a hyphen and six characters to the name of a secret. */
export const secretNamed = (account: AccountArns, name: string): string =>
  account.arn('secretsmanager', `secret:${name}-??????`);

/** The secrets that RDS manages for master users; their names tell nothing of the cluster. */
export const managedSecrets = (account: AccountArns): string => account.arn('secretsmanager', 'secret:rds!cluster-*');

/** Instances of a cluster are called `<cluster>-<number>` by the stacks, and there are 15 at most. */
export const instancesOf = (account: AccountArns, cluster: string): string[] =>
  [`db:${cluster}-?`, `db:${cluster}-??`].map((resource) => account.arn('rds', resource));
