import type { SourceContract } from '../../../contract/contract';
import type { Finding } from '../../model/change';
import type { RolesObserved } from '../../model/followed-roles';
import { quoteIdent } from '../../postgres/text/quoting';
import { withRights } from '../membership';
import { someOf } from '../some-of';
import { markedComment, readComment } from './followed-mark';
import type { RolesJudged } from './follow-roles';
import { commentOf } from './role-attributes';
import { notOwn, revokeOf } from './gives-more';
import { rightFindings } from './right-findings';

/** What is told of roles beside what is done: whatever is not as on the source, and stays so. */
export function roleFindings(contract: SourceContract, observed: RolesObserved, judged: RolesJudged): Finding[] {
  // Whichever it is: a read-only one has to be told that somebody writes.
  const database = Object.keys(observed.databases)[0] ?? '';
  return [
    ...notKnown(contract, database, judged),
    ...renamed(database, judged),
    ...byHand(observed, database, judged),
    ...staying(contract, judged),
    ...rightFindings(contract, observed, judged, withRights(observed.clone.versionNum)),
    ...keptOut(database, judged),
    ...privileges(judged),
    ...givingMore(contract, observed, database, judged),
    ...alone(contract, database, judged),
  ];
}

const sql = (statements: readonly string[]): string => statements.map((statement) => `${statement};`).join(' ');
const OWN = "name it under ownRoles in the environment's file";

function notKnown(
  { environment, links }: SourceContract,
  database: string,
  { known: { unknown } }: RolesJudged,
): Finding[] {
  if (unknown.length === 0) return [];
  const byDdl = links.some(({ ddl }) => ddl === 'apply');
  const marks = unknown.map(({ there, here }) => {
    const { comment } = readComment(here.comment, environment);
    return commentOf(there.name, markedComment(comment, environment, there.oid));
  });
  return [
    {
      code: 'ROLE_NOT_KNOWN',
      severity: 'warn',
      seen: `of these roles it is not known whether they are the same on both sides: ${someOf(unknown.map(({ there }) => there.name))}`,
      why: `they have one name, and were made apart from each other: what follows, new tables and large objects give them nothing on the clone, and take nothing${byDdl ? '; a GRANT, REVOKE or OWNER TO that comes by ddl: apply is carried out by name all the same' : ''}`,
      next: `where a role is another one there, ${OWN}; where it is the same, say so in its comment, in database ${database} on the clone: ${sql(marks)}`,
    },
  ];
}

function renamed(database: string, { known }: RolesJudged): Finding[] {
  if (known.renamed.length === 0) return [];
  return [
    {
      code: 'ROLE_RENAMED',
      severity: 'warn',
      seen: `these roles of the source have the number of others on the clone: ${someOf(known.renamed.map(({ there, here }) => `${there.name} that of ${here.name}`))}`,
      why: 'they may have been renamed on the source; what the former name has on the clone stays, and the new one is not made',
      next: `where it is another role, ${OWN}; where it was renamed, in database ${database} on the clone: ${sql(known.renamed.map(({ there, here }) => `ALTER ROLE ${quoteIdent(here.name)} RENAME TO ${quoteIdent(there.name)}`))}`,
    },
  ];
}

function byHand({ clone }: RolesObserved, database: string, judged: RolesJudged): Finding[] {
  const statements = [...judged.byHand, ...judged.memberships.byHand];
  if (statements.length === 0) return [];
  return [
    {
      code: 'ROLES_NOT_ALLOWED',
      severity: 'warn',
      seen: `${clone.login} may not do all that makes roles of the clone as on the source: ${statements.length} statements are left`,
      why: 'it lacks a right or ADMIN OPTION, or they are of roles of the service, which are never touched; nothing else waits for it',
      next: `as a role that may, in database ${database} on the clone: ${sql(statements)}`,
    },
  ];
}

function staying({ environment }: SourceContract, { memberships, stays }: RolesJudged): Finding[] {
  const all = [...stays, ...memberships.stays];
  if (all.length === 0) return [];
  return [
    {
      code: 'MEMBERSHIPS_STAY',
      severity: 'warn',
      seen: `these are not as on the source, and stay: ${someOf(all)}`,
      why: 'the server would refuse the change, or it would take from the login what changes are applied with',
      next: `take what stands in the way away on the clone, then run sql-runner apply ${environment} again`,
    },
  ];
}

function keptOut(database: string, { roles, databases }: RolesJudged): Finding[] {
  const statements = [
    ...roles.flatMap(({ name, verdict }) =>
      verdict.keptOut.length === 0 ? [] : [`ALTER ROLE ${quoteIdent(name)} ${verdict.keptOut.join(' ')}`],
    ),
    ...new Set(Object.values(databases).flatMap((rights) => rights.keptOut)),
  ];
  if (statements.length === 0) return [];
  return [
    {
      code: 'ROLES_KEPT_OUT',
      severity: 'info',
      seen: `the clone keeps somebody out whom the source lets in, in ${statements.length} ${statements.length === 1 ? 'way' : 'ways'}`,
      why: 'it may be meant so, and passwords of production came along with the clone: who gets in is only ever made stricter',
      next: `where they are to get in, in database ${database} on the clone: ${sql(statements)}`,
    },
  ];
}

function privileges({ roles }: RolesJudged): Finding[] {
  const left = roles.filter(({ verdict }) => verdict.left.length > 0);
  if (left.length === 0) return [];
  return [
    {
      code: 'ROLE_PRIVILEGES_LEFT',
      severity: 'info',
      seen: `these have more on the source: ${someOf(left.map(({ name, verdict }) => `${name} ${verdict.left.join(' ')}`))}`,
      why: 'sql-runner never gives SUPERUSER, REPLICATION or BYPASSRLS',
      next: 'nothing has to be done, unless they need it on the clone',
    },
  ];
}

function givingMore(
  contract: SourceContract,
  { clone }: RolesObserved,
  database: string,
  { more }: RolesJudged,
): Finding[] {
  const found = notOwn(contract, more);
  if (found.length === 0) return [];
  const roles = [...new Set(found.map(({ role }) => role))];
  const pairs = [...new Set(found.map(({ role, member }) => `${member} in ${role}`))];
  return [
    {
      code: 'ROLE_GIVES_MORE',
      severity: 'warn',
      seen: `on the clone these are members of roles that do not follow, and on the source not: ${someOf(pairs)}`,
      why: `they may what ${someOf(roles)} may, which was not compared, as may their own members${more.members.has(clone.login) ? `; the login of the clone, ${clone.login}, is one of those` : ''}; the source may have dropped that role`,
      next: `where a role is meant to be there, ${OWN}; where not, as a role that may, in database ${database} on the clone: ${sql(found.map((one) => revokeOf(one, clone)))}`,
    },
  ];
}

function alone({ environment }: SourceContract, database: string, { known: { onCloneAlone } }: RolesJudged): Finding[] {
  // What has no way in is nobody's concern.
  const found = onCloneAlone.filter(({ login }) => login);
  if (found.length === 0) return [];
  const made = found.filter(({ comment }) => readComment(comment, environment).standsFor !== null);
  return [
    {
      code: 'ROLES_ON_CLONE_ALONE',
      severity: 'info',
      seen: `these roles may log in to the clone, and the source has them not: ${someOf(found.map(({ name }) => name))}`,
      why: `they may be the clone's own: they stay, with their rights and passwords${made.length === 0 ? '' : `; sql-runner has made ${someOf(made.map(({ name }) => name))}, which the source has dropped`}`,
      next: `where they are meant to be there, ${OWN}; where not, in database ${database} on the clone: ${sql(found.map(({ name }) => `ALTER ROLE ${quoteIdent(name)} NOLOGIN`))}`,
    },
  ];
}
