import { replicationSecretName } from '../../contract/naming';
import { parseArn } from '../arn';
import type { DocumentPath, Problem } from '../../errors/problem';
import type { Environment } from '../schema';

interface ArnSetting {
  readonly path: DocumentPath;
  readonly value: string | undefined;
  /** Undefined where any account will do. */
  readonly accountId?: string;
  readonly accountSetting?: string;
}

/** Every ARN lies in the environment's Region, and in the account of its side where it has one. */
export function arnRules(environment: Environment): Problem[] {
  const { source, target, kms, monitoring } = environment;
  const ofSource = { accountId: source.accountId, accountSetting: 'source.accountId' };
  const ofTarget = { accountId: target.accountId, accountSetting: 'target.accountId' };
  const settings: ArnSetting[] = [
    { path: ['source', 'roleArn'], value: source.roleArn, ...ofSource },
    { path: ['source', 'runnerRoleArn'], value: source.runnerRoleArn, ...ofSource },
    { path: ['source', 'cluster', 'adminSecretArn'], value: source.cluster.adminSecretArn, ...ofSource },
    { path: ['target', 'runner', 'sourceRoleArn'], value: target.runner?.sourceRoleArn, ...ofSource },
    { path: ['target', 'roleArn'], value: target.roleArn, ...ofTarget },
    { path: ['target', 'runnerRoleArn'], value: target.runnerRoleArn, ...ofTarget },
    { path: ['monitoring', 'sourceTopicArn'], value: monitoring?.sourceTopicArn, ...ofSource },
    { path: ['monitoring', 'targetTopicArn'], value: monitoring?.targetTopicArn, ...ofTarget },
    {
      path: ['source', 'cluster', 'create', 'masterUser', 'secretKeyArn'],
      value: source.cluster.create?.masterUser?.secretKeyArn,
    },
    { path: ['kms', 'sourceKeyArn'], value: kms.sourceKeyArn },
    { path: ['kms', 'targetKeyArn'], value: kms.targetKeyArn },
  ];
  return [
    ...settings.flatMap((setting) => arnRule(setting, environment.region)),
    ...keyRule(environment),
    ...sourceKeyRule(environment),
    ...adminSecretRule(environment),
  ];
}

function arnRule({ path, value, accountId, accountSetting }: ArnSetting, region: string): Problem[] {
  const arn = value === undefined ? undefined : parseArn(value);
  if (arn === undefined) return [];
  const problems: Problem[] = [];
  if (arn.region !== '' && arn.region !== region) {
    problems.push({
      code: 'REGION_MISMATCH',
      seen: `${path.join('.')} is in ${arn.region}, the environment in ${region}.`,
      why: 'Aurora clones only within one Region, and keys and secrets are looked up there.',
      next: 'Give the ARN of an object in the same Region, or correct region.',
      path,
    });
  }
  if (accountId !== undefined && arn.accountId !== accountId) {
    problems.push({
      code: 'ACCOUNT_MISMATCH',
      seen: `${path.join('.')} belongs to account ${arn.accountId}, but ${accountSetting} is ${accountId}.`,
      why: 'Terraform and sql-runner would work in another account than the one stated.',
      next: 'Correct whichever of the two is wrong.',
      path,
    });
  }
  return problems;
}

/** It may be in a third account, where keys are kept; production itself cannot depend on the account of its copy. */
function sourceKeyRule({ kms, source, target }: Environment): Problem[] {
  const arn = kms.sourceKeyArn === undefined ? undefined : parseArn(kms.sourceKeyArn);
  if (arn?.accountId !== target.accountId || target.accountId === source.accountId) return [];
  return [
    {
      code: 'ACCOUNT_MISMATCH',
      seen: `kms.sourceKeyArn is a key of account ${arn.accountId}, which is that of the target.`,
      why: 'The source key is what production is encrypted with, and production does not belong to the account of its clone.',
      next: 'Give the KmsKeyId of the production cluster. A key for the clone is kms.targetKeyArn.',
      path: ['kms', 'sourceKeyArn'],
    },
  ];
}

function keyRule({ kms }: Environment): Problem[] {
  if (kms.targetKeyArn === undefined || kms.sourceKeyArn !== undefined) return [];
  return [
    {
      code: 'KMS_SOURCE_KEY_MISSING',
      seen: 'kms.targetKeyArn is set without kms.sourceKeyArn.',
      why: 'A clone of a cluster that is not encrypted cannot be encrypted, and one of an encrypted cluster needs access to its key.',
      next: 'State the key of the production cluster as kms.sourceKeyArn, or remove kms.targetKeyArn.',
      path: ['kms', 'targetKeyArn'],
    },
  ];
}

/** As the stack calls it (replication-secret.ts): Terraform or Secrets Manager puts something behind the name. */
function adminSecretRule({ name, source }: Environment): Problem[] {
  const arn = source.cluster.adminSecretArn;
  if (arn === undefined || !arn.includes(`:secret:${replicationSecretName(name)}-`)) return [];
  return [
    {
      code: 'BAD_VALUE',
      seen: 'source.cluster.adminSecretArn is the secret of the replication role, which this environment makes itself.',
      why: 'sql-runner would log in to production as a role that may replicate and nothing else, and writes its new passwords there.',
      next: 'Give the ARN of the secret of the master user.',
      path: ['source', 'cluster', 'adminSecretArn'],
    },
  ];
}
