import { extname } from 'node:path';
import { environmentOf } from './files';
import type { Problem } from '../errors/problem';
import { alarmLimitRules } from './rules/alarm-limits';
import { arnRules } from './rules/arns';
import { clusterRules } from './rules/clusters';
import { copiedIdRules } from './rules/copied-ids';
import { createdClusterRules } from './rules/created-cluster';
import { limitRules } from './rules/limits';
import { masterUserRule } from './rules/master-user';
import { networkRules } from './rules/network';
import { parameterRules } from './rules/parameters';
import { regionRules } from './rules/regions';
import { roleRules } from './rules/roles';
import { runnerRules } from './rules/runner';
import { sourceModeRules } from './rules/source-mode';
import { secretRecoveryRule } from './secret-recovery';
import { tagRules } from './rules/tags';
import type { Environment } from './schema';

/** The rules that look at more than one setting. They run once the shape of the file is right. */
export function brokenRules(environment: Environment, fileName: string): Problem[] {
  return [
    ...nameRule(environment, fileName),
    ...accountRules(environment),
    ...networkRules(environment),
    ...reachRule(environment),
    ...copiedIdRules(environment),
    ...arnRules(environment),
    ...regionRules(environment),
    ...roleRules(environment),
    ...sourceModeRules(environment),
    ...createdClusterRules(environment),
    ...masterUserRule(environment),
    ...clusterRules(environment),
    ...parameterRules(environment),
    ...tagRules(environment),
    ...runnerRules(environment),
    ...duplicateDatabases(environment.databases),
    ...budgetRule(environment),
    ...limitRules(environment),
    ...alarmLimitRules(environment),
    ...secretRecoveryRule(environment),
  ];
}

function nameRule({ name }: Environment, fileName: string): Problem[] {
  if (environmentOf(fileName) === name) return [];
  return [
    {
      code: 'NAME_MISMATCH',
      seen: `The environment is called "${name}", but its file ${fileName}.`,
      why: 'Commands find the file by the name of the environment.',
      next: `Rename the file to ${name}${extname(fileName)}, or change the name.`,
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

function reachRule({ target }: Environment): Problem[] {
  const { clientCidrs, securityGroupIds } = target.network;
  if (clientCidrs.length > 0 || securityGroupIds.length > 0) return [];
  return [
    {
      code: 'CLONE_UNREACHABLE',
      seen: 'Nothing says who may connect to the clone.',
      why: 'The group that the stack makes for it lets nobody in by itself, so that neither sql-runner nor anybody else would reach it, and it could not be connected to its slots.',
      next: 'Name the addresses of its users and of sql-runner as target.network.clientCidrs, or groups that let them in as target.network.securityGroupIds.',
      path: ['target', 'network'],
      atKey: true,
    },
  ];
}

function budgetRule({ budget, onBudget }: Environment): Problem[] {
  if (onBudget !== 'release' || budget?.bytes !== undefined || budget?.hours !== undefined) return [];
  return [
    {
      code: 'BAD_VALUE',
      seen: 'onBudget is release, but there is no budget that could be used up.',
      why: 'Nothing would ever be released, and production would keep WAL without a limit.',
      next: 'State budget.bytes or budget.hours, or remove onBudget.',
      path: ['onBudget'],
    },
  ];
}

function duplicateDatabases(databases: Environment['databases']): Problem[] {
  return databases.flatMap(({ name }, index) => {
    if (databases.findIndex((other) => other.name === name) === index) return [];
    const seen = `Database "${name}" is listed twice.`;
    return [
      {
        code: 'DUPLICATE_DATABASE',
        seen,
        why: 'One database has one publication and one slot.',
        next: 'Merge the two entries.',
        path: ['databases', index, 'name'],
      },
    ];
  });
}
