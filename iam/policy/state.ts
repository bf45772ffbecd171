import type { Environment } from '../../environments/schema';
import { stackNames } from '../../contract/naming';
import type { Side } from '../../contract/contract';
import type { AccountArns } from './account';
import type { Grant } from './grant';

/** What Terraform calls for a state in S3, with its lock file beside it (Terraform documentation, backend s3, "S3 Bucket Permissions"). */
export function stateGrants({ backend, name }: Environment, { side, partition }: AccountArns): Grant[] {
  if (backend.type !== 's3') return [];
  const bucket = `arn:${partition}:s3:::${backend.bucket}`;
  const file = (of: Side) => `${bucket}/${backend.keyPrefix}/${stackNames(name)[of]}.tfstate`;
  return [
    { sid: 'StateList', actions: ['s3:ListBucket'], on: [bucket] },
    { sid: 'State', actions: ['s3:GetObject', 's3:PutObject'], on: [file(side), `${file(side)}.tflock`] },
    { sid: 'StateLock', actions: ['s3:DeleteObject'], on: [`${file(side)}.tflock`] },
    // The outputs of the source's stack.
    ...(side === 'target' ? [{ sid: 'StateOfSource', actions: ['s3:GetObject'], on: [file('source')] }] : []),
    ...(backend.kmsKeyId?.startsWith('arn:') === true
      ? [{ sid: 'StateKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [backend.kmsKeyId] }]
      : []),
  ];
}
