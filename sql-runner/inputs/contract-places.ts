import type { DocumentPath, Problem } from '../../errors/problem';
import { pathText } from '../../errors/setting-problems';
import type { SourceContract, TargetContract } from '../../contract/contract';

const LOGICAL = 'rds.logical_replication';

/** Addresses and other texts that cannot be, whatever they are of. */
export function wrongPlaces(contract: SourceContract | TargetContract): Problem[] {
  const { region, account, cluster } = contract;
  const texts: [DocumentPath, string][] = [
    [['region'], region],
    [['account', 'accountId'], account.accountId],
    [['cluster', 'identifier'], cluster.identifier],
    [['cluster', 'arn'], cluster.arn],
    [['cluster', 'endpoint'], cluster.endpoint],
    [['cluster', 'adminSecretArn'], cluster.adminSecretArn],
  ];
  if (contract.side === 'source')
    texts.push(
      [['targetAccount', 'accountId'], contract.targetAccount.accountId],
      [['parameterGroup', 'name'], contract.parameterGroup.name],
      [['parameterGroup', 'previous'], contract.parameterGroup.previous],
      [['replication', 'secretArn'], contract.replication.secretArn],
      [['replication', 'sslRootCert'], contract.replication.sslRootCert],
      [['ticketParameter'], contract.ticketParameter],
    );
  return [...texts.flatMap(([path, value]) => emptyProblem(path, value)), ...portProblem(cluster.port)];
}

function emptyProblem(path: DocumentPath, value: string): Problem[] {
  if (value.trim() !== '') return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path,
      seen: `${pathText(path)} is empty`,
      why: 'sql-runner takes every name and address from the contract',
      next: 'fill it in as docs/contract.md describes it',
    },
  ];
}

function portProblem(port: number): Problem[] {
  if (port >= 1 && port <= 65_535) return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path: ['cluster', 'port'],
      seen: `cluster.port is ${port}`,
      why: 'a port is a number from 1 to 65535',
      next: 'give the port of the cluster, as in 5432',
    },
  ];
}

/** Attaching a group that does not turn logical replication on would restart production for nothing. */
export function wrongGroup({ parameterGroup: { name, previous, stays, parameters } }: SourceContract): Problem[] {
  const problems: Problem[] = [];
  if (parameters[LOGICAL] !== '1')
    problems.push({
      code: 'CONTRACT_INVALID',
      path: ['parameterGroup', 'parameters', LOGICAL],
      seen: `parameterGroup.parameters has ${JSON.stringify(parameters[LOGICAL]) ?? 'nothing'} for ${LOGICAL}`,
      why: 'the writer would be restarted for a group that does not turn logical replication on',
      next: `have the group turn it on: ${LOGICAL} is "1" there`,
    });
  if (name === previous && !stays)
    problems.push({
      code: 'CONTRACT_INVALID',
      path: ['parameterGroup', 'previous'],
      seen: `parameterGroup.previous is ${JSON.stringify(previous)}, as parameterGroup.name is`,
      why: 'teardown would put nothing back, and the stack could never be destroyed',
      next: 'name the group that the cluster had before the one of this environment',
    });
  return problems;
}

export function sameAccount({ account, targetAccount }: SourceContract): Problem[] {
  if (account.accountId !== targetAccount.accountId) return [];
  return [
    {
      code: 'CONTRACT_INVALID',
      path: ['targetAccount', 'accountId'],
      seen: `targetAccount.accountId is ${targetAccount.accountId}, as account.accountId is`,
      why: 'the clone is in another account than production, and so are its ticket and its rights',
      next: 'give the account that gets the clone',
    },
  ];
}
