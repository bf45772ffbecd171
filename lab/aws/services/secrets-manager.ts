import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-error';
import type { Scope } from '../operation';
import { findSecret, putVersion } from '../secrets';
import type { Secret } from '../world';

type Operation = (scope: Scope, input: Record<string, unknown>) => unknown;

export const secretsManagerOperations: Readonly<Record<string, Operation>> = {
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
};

const seconds = (iso: string) => Date.parse(iso) / 1000;

/** The stages of a secret: the newest version is current, the one before it previous. */
function stagesOf(secret: Secret, index: number): string[] {
  if (index === secret.versions.length - 1) return ['AWSCURRENT'];
  return index === secret.versions.length - 2 ? ['AWSPREVIOUS'] : [];
}

function describeSecret({ account }: Scope, input: Record<string, unknown>): unknown {
  const secret = findSecret(account, String(input.SecretId ?? ''));
  const stages = secret.versions.map((version, index) => [version.id, stagesOf(secret, index)] as const);
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId ?? undefined,
    OwningService: secret.owningService ?? undefined,
    CreatedDate: seconds(secret.createdAt),
    DeletedDate: secret.deletedAt === null ? undefined : seconds(secret.deletedAt),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages:
      stages.length === 0 ? undefined : Object.fromEntries(stages.filter(([, list]) => list.length > 0)),
  };
}

function getSecretValue({ account }: Scope, input: Record<string, unknown>): unknown {
  const secret = usable(findSecret(account, String(input.SecretId ?? '')));
  const stage = String(input.VersionStage ?? 'AWSCURRENT');
  const index = secret.versions.findIndex(
    (version, position) =>
      (input.VersionId === undefined || version.id === input.VersionId) &&
      (stagesOf(secret, position).includes(stage) ||
        (input.VersionId !== undefined && input.VersionStage === undefined)),
  );
  const version = secret.versions[index];
  if (version === undefined) {
    const message = `Secrets Manager can't find the specified secret value for staging label: ${stage}`;
    throw new AwsError('ResourceNotFoundException', message);
  }
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.secretString,
    VersionStages: stagesOf(secret, index),
    CreatedDate: seconds(version.createdAt),
  };
}

function putSecretValue({ account }: Scope, input: Record<string, unknown>): unknown {
  const secret = usable(findSecret(account, String(input.SecretId ?? '')));
  if (secret.owningService !== null) {
    throw new AwsError(
      'InvalidRequestException',
      `You can't modify a secret that is managed by ${secret.owningService}.`,
    );
  }
  if (typeof input.SecretString !== 'string') {
    throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  }
  const id = String(input.ClientRequestToken ?? randomUUID());
  putVersion(secret, id, input.SecretString);
  const index = secret.versions.findIndex((version) => version.id === id);
  return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: stagesOf(secret, index) };
}

function usable(secret: Secret): Secret {
  if (secret.deletedAt === null) return secret;
  const message = "You can't perform this operation on the secret because it was marked for deletion.";
  throw new AwsError('InvalidRequestException', message);
}
