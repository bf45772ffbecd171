import { parseArn } from './arn';
import { parseCidr, rangesOverlap } from './cidr';
import type { DocumentPath, Problem } from './problem';
import type { Environment } from './schema';

/** The rules that look at more than one setting. They run once the shape of the file is right. */
export function brokenRules(environment: Environment, fileName: string): Problem[] {
  return [
    ...nameRule(environment, fileName),
    ...accountRules(environment),
    ...cidrRule(environment),
    ...arnRules(environment),
    ...clusterRules(environment),
    ...keyRule(environment),
    ...databaseRule(environment),
  ];
}

function nameRule({ name }: Environment, fileName: string): Problem[] {
  if (fileName === `${name}.yaml`) return [];
  return [
    {
      code: 'NAME_MISMATCH',
      seen: `The environment is called "${name}", but its file ${fileName}.`,
      why: 'Commands find the file by the name of the environment.',
      next: `Rename the file to ${name}.yaml, or change the name.`,
      path: ['name'],
    },
  ];
}

function accountRules({ source, target }: Environment): Problem[] {
  if (source.accountId !== target.accountId) return [];
  return [
    {
      code: 'SAME_ACCOUNT',
      seen: `Source and target are both in account ${source.accountId}.`,
      why: 'The cluster is shared between two accounts; within one it needs no share, and this tool does not apply.',
      next: 'Set target.accountId to the account that gets the clone.',
      path: ['target', 'accountId'],
    },
  ];
}

function cidrRule({ source, target }: Environment): Problem[] {
  const [one, other] = [parseCidr(source.network.vpcCidr), parseCidr(target.network.vpcCidr)];
  if (one === undefined || other === undefined || !rangesOverlap(one, other)) return [];
  return [
    {
      code: 'CIDR_OVERLAP',
      seen: `The VPCs overlap: ${source.network.vpcCidr} in the source account and ${target.network.vpcCidr} in the target account.`,
      why: 'AWS does not peer VPCs with overlapping address ranges.',
      next: 'Put the clone into a VPC with a range of its own and give its CIDR block here.',
      path: ['target', 'network', 'vpcCidr'],
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

interface ArnSetting {
  readonly path: DocumentPath;
  readonly value: string | undefined;
  /** Undefined where any account will do. */
  readonly accountId?: string;
  readonly accountSetting?: string;
}

function arnRules(environment: Environment): Problem[] {
  const { source, target, kms } = environment;
  const ofSource = { accountId: source.accountId, accountSetting: 'source.accountId' };
  const ofTarget = { accountId: target.accountId, accountSetting: 'target.accountId' };
  const settings: ArnSetting[] = [
    { path: ['source', 'roleArn'], value: source.roleArn, ...ofSource },
    { path: ['source', 'cluster', 'adminSecretArn'], value: source.cluster.adminSecretArn, ...ofSource },
    { path: ['target', 'roleArn'], value: target.roleArn, ...ofTarget },
    { path: ['kms', 'sourceKeyArn'], value: kms.sourceKeyArn },
    { path: ['kms', 'targetKeyArn'], value: kms.targetKeyArn },
  ];
  return settings.flatMap((setting) => arnRule(setting, environment.region));
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

function clusterRules({ source, target }: Environment): Problem[] {
  const problems: Problem[] = [];
  const { parameterGroup, majorVersion, extraParameters } = source.cluster;
  const family = /^default\.aurora-postgresql(\d+)$/.exec(parameterGroup)?.[1];
  if (family !== undefined && Number(family) !== majorVersion) {
    problems.push({
      code: 'PARAMETER_GROUP_FAMILY',
      seen: `${parameterGroup} is for version ${family}, but majorVersion is ${majorVersion}.`,
      why: 'A cluster only takes a parameter group of its own major version.',
      next: 'Correct whichever of the two is wrong.',
      path: ['source', 'cluster', 'parameterGroup'],
    });
  }
  if ('rds.logical_replication' in extraParameters) {
    problems.push({
      code: 'PARAMETER_RESERVED',
      seen: 'extraParameters sets rds.logical_replication.',
      why: 'The stack itself turns it on: without it there is nothing to replicate.',
      next: 'Remove it.',
      path: ['source', 'cluster', 'extraParameters', 'rds.logical_replication'],
      atKey: true,
    });
  }
  return [...problems, ...serverlessRule(target.clone)];
}

function serverlessRule(clone: Environment['target']['clone']): Problem[] {
  const path = ['target', 'clone', 'serverlessV2'];
  const why = 'RDS takes the class db.serverless and a capacity range only together.';
  if ((clone.serverlessV2 !== undefined) !== (clone.instanceClass === 'db.serverless')) {
    const next = 'For Serverless v2 set instanceClass to db.serverless and give serverlessV2; otherwise leave serverlessV2 out.';
    return [{ code: 'SERVERLESS_MISMATCH', seen: `instanceClass is ${clone.instanceClass} ${clone.serverlessV2 ? 'with' : 'without'} serverlessV2.`, why, next, path }];
  }
  const { minCapacity = 0.5, maxCapacity = 1 } = clone.serverlessV2 ?? {};
  if (minCapacity <= maxCapacity && minCapacity > 0) return [];
  const seen = `minCapacity is ${minCapacity} and maxCapacity ${maxCapacity}.`;
  return [{ code: 'BAD_CAPACITY', seen, why: 'A range ends above its start, and a clone that pauses at 0 stops applying changes while WAL piles up in production.', next: 'Set 0 < minCapacity ≤ maxCapacity.', path }];
}

function databaseRule({ databases }: Environment): Problem[] {
  return databases.flatMap(({ name }, index) => {
    if (databases.findIndex((other) => other.name === name) === index) return [];
    const seen = `Database "${name}" is listed twice.`;
    return [{ code: 'DUPLICATE_DATABASE', seen, why: 'One database has one publication and one slot.', next: 'Merge the two entries.', path: ['databases', index, 'name'] }];
  });
}
