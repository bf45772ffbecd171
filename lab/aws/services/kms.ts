import { parseArn } from '../../../environments/arn';
import { AwsError } from '../aws-error';
import type { Scope } from '../operation';

type Operation = (scope: Scope, input: Record<string, unknown>) => unknown;

export const kmsOperations: Readonly<Record<string, Operation>> = { GetKeyPolicy: getKeyPolicy };

/** "Cross-account use: No. You cannot perform this operation on a KMS key in a different Amazon Web Services account." */
function getKeyPolicy({ world, account }: Scope, input: Record<string, unknown>): unknown {
  const keyArn = String(input.KeyId ?? '');
  const owner = parseArn(keyArn)?.accountId;
  if (owner !== account.id)
    throw new AwsError('AccessDeniedException', `The ciphertext refers to a key of account ${owner}`);
  const key = account.kmsKeys[keyArn];
  if (key === undefined) throw new AwsError('NotFoundException', `Key '${keyArn}' does not exist`);
  return { Policy: key.policy ?? openPolicy(Object.keys(world.accounts)), PolicyName: 'default' };
}

/** Of a key that nobody gave one: it lets in both accounts of the lab. */
function openPolicy(accounts: readonly string[]): string {
  const AWS = accounts.map((id) => `arn:aws:iam::${id}:root`);
  const statement = { Sid: 'Both', Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
