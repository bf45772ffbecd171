import type { SourceContract } from '../../../contract/contract';
import type { Finding } from '../../model/change';
import type { RolesObserved } from '../../model/followed-roles';
import { quoteIdent } from '../../postgres/text/quoting';
import { someOf } from '../some-of';
import type { RightsVerdict } from './database-rights';
import type { RolesJudged } from './follow-roles';

/** What is told of rights, of each database. */
export function rightFindings(
  { environment }: SourceContract,
  { clone }: RolesObserved,
  { databases }: RolesJudged,
  withRights: string,
): Finding[] {
  return Object.entries(databases).flatMap(([database, rights]) => [
    ...notOurs({ database, login: clone.login, withRights }, rights),
    ...otherOwners({ database, environment }, rights),
    ...called(database, rights),
  ]);
}

function notOurs(
  { database, login, withRights }: Readonly<Record<'database' | 'login' | 'withRights', string>>,
  { notOurs: found }: RightsVerdict,
): Finding[] {
  if (found.length === 0) return [];
  const owners = [...new Set(found.map(({ owner }) => owner))];
  return [
    {
      code: 'RIGHTS_NOT_ALLOWED',
      severity: 'warn',
      seen: `in database ${database} of the clone ${login} may not give rights on ${found.length} objects: ${someOf(found.map(({ object, owner }) => `${object} of ${owner}`))}`,
      why: 'only who has the rights of the owner gives and takes them; until then they are not as on the source, and all others are',
      next: `as a role with ADMIN OPTION on the owner, in database ${database} on the clone: ${owners.map((owner) => `GRANT ${quoteIdent(owner)} TO ${quoteIdent(login)}${withRights};`).join(' ')}`,
    },
  ];
}

function otherOwners(
  { database, environment }: Readonly<Record<'database' | 'environment', string>>,
  { otherOwners: found }: RightsVerdict,
): Finding[] {
  if (found.length === 0) return [];
  return [
    {
      code: 'OWNERS_DIFFER',
      severity: 'warn',
      seen: `in database ${database} these belong to somebody else on the clone: ${someOf(found.map(({ object, there, here }) => `${object} to ${here} instead of ${there}`))}`,
      why: 'what an owner has and gives is its own: their rights are left as they are until both sides have the same owner',
      next: `sql-runner schema ${environment} prints what gives them the owners of the source`,
    },
  ];
}

function called(database: string, { called: found }: RightsVerdict): Finding[] {
  if (found.length === 0) return [];
  return [
    {
      code: 'RIGHT_OF_WORKER_STAYS',
      severity: 'warn',
      seen: `in database ${database} these stay as they were on the clone: ${someOf(found.map(({ object, as }) => `${object}, which ${as} calls`))}`,
      why: 'the apply worker writes as the owner of a table, who may not call on the source what its rows need: the stream would stop',
      next: `give the owner the right, which its own writes need as well, in database ${database} on the source: ${found.map(({ object, as }) => `GRANT EXECUTE ON ${object} TO ${quoteIdent(as)};`).join(' ')}`,
    },
  ];
}
