import { parseArn } from '../../../environments/arn';
import { AwsError } from '../aws-error';
import { instancesOf } from '../clusters';
import type { Scope } from '../operation';
import { letsIn } from '../key-policy';
import type { Cluster } from '../world';
import { blocks, optionalText, text, type Attributes } from './handler';

/**
 * Checks a `restore_to_point_in_time` block as AWS does for a clone, and finds
 * the cluster it means: one of another account that is shared with this one.
 */
export function sharedSource(scope: Scope, config: Attributes): Cluster {
  const [restore] = blocks(config, 'restore_to_point_in_time');
  if (restore === undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The lab creates clusters only as clones; restore_to_point_in_time is missing.',
    );
  }
  if (restore.restore_type !== 'copy-on-write') {
    throw new AwsError(
      'InvalidParameterCombination',
      'A cluster of another account can only be restored with restore_type copy-on-write.',
    );
  }
  if (restore.use_latest_restorable_time !== true) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The lab clones the latest state only; set use_latest_restorable_time.',
    );
  }
  const source = findShared(scope, text(restore, 'source_cluster_identifier'));
  checkCloneable(scope, source);
  return source;
}

function findShared({ world, account, region }: Scope, identifier: string): Cluster {
  const notFound = new AwsError(
    'DBClusterNotFoundFault',
    `The source cluster could not be found or cannot be accessed: ${identifier}`,
    404,
  );
  const parsed = parseArn(identifier);
  // Across accounts the plain identifier names nothing [Aurora user guide, cross-account cloning].
  if (parsed === undefined || parsed.region !== region) throw notFound;
  const owner = world.accounts[parsed.accountId];
  const source = Object.values(owner?.clusters ?? {}).find((cluster) => cluster.arn === identifier);
  const shared = Object.values(world.shares).some(
    (share) => share.resources.includes(identifier) && share.principals[account.id]?.status === 'accepted',
  );
  if (source === undefined || !(shared || parsed.accountId === account.id)) throw notFound;
  return source;
}

function checkCloneable({ world, account }: Scope, source: Cluster): void {
  const existing = Object.values(account.clusters).find((cluster) => cluster.sourceArn === source.arn);
  if (existing !== undefined) {
    const message = `Account ${account.id} already has the cross-account clone ${existing.identifier} of ${source.arn}.`;
    throw new AwsError('DBClusterAlreadyExistsFault', message);
  }
  const owner = world.accounts[parseArn(source.arn)?.accountId ?? ''];
  const instances = owner === undefined ? [] : instancesOf(owner, source);
  if (!instances.some((instance) => instance.writer && instance.status === 'available')) {
    throw new AwsError('InvalidDBClusterStateFault', `The source cluster ${source.arn} is not available.`);
  }
}

/** What RDS does with a key on behalf of whoever restores (Aurora user guide, cross-account cloning). */
const USES_OF_RDS = ['kms:DescribeKey', 'kms:CreateGrant', 'kms:Decrypt', 'kms:GenerateDataKey'] as const;

/** The key of a clone: the one asked for, else that of the source. It must exist and be usable here. */
export function cloneKey(scope: Scope, config: Attributes, source: Cluster): string | null {
  const wanted = optionalText(config, 'kms_key_id');
  if (source.kmsKeyId === null && wanted !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'A clone of an unencrypted cluster cannot be encrypted.');
  }
  if (source.kmsKeyId === null) return null;
  for (const key of new Set([source.kmsKeyId, wanted ?? source.kmsKeyId])) {
    if (USES_OF_RDS.every((action) => letsIn(scope, key, action, 'rds'))) continue;
    throw new AwsError(
      'KMSKeyNotAccessibleFault',
      `The KMS key ${key} does not exist, is not enabled or you do not have permissions to access it.`,
    );
  }
  return wanted ?? source.kmsKeyId;
}
