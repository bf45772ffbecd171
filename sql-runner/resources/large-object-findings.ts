import type { Finding } from '../model/change';
import type { DatabaseLargeObjects, LargeObjectsWanted, OwnedObject } from '../model/large-objects';
import { quoteIdent } from '../postgres/text/quoting';
import { objectsText } from './large-object-change';
import { withRights } from './membership';
import { someOf } from './some-of';

/** Of one database, what was asked for and read. */
export interface LargeObjectsJudged {
  readonly environment: string;
  readonly database: string;
  readonly read: DatabaseLargeObjects;
  readonly wanted: LargeObjectsWanted;
}

/** What is said of the large objects of a database beside those that are copied. */
export function largeObjectFindings(of: LargeObjectsJudged): Finding[] {
  return [
    compared(of),
    ...unread(of, 'source'),
    ...unread(of, 'target'),
    ...written(of),
    ...notOwned(of),
    ...notGiven(of),
    ...rolesMissing(of),
    ...rolesNotKnown(of),
    ...more(of),
    ...writersHidden(of),
    ...alone(of),
  ];
}

const numbers = (all: readonly { readonly oid: number }[]): string => someOf(all.map(({ oid }) => String(oid)));
const rolesOf = (all: readonly OwnedObject[]): string[] => [...new Set(all.map(({ role }) => role))].sort();

const grantsOf = (roles: readonly string[], login: string, version: number): string =>
  roles.map((role) => `GRANT ${quoteIdent(role)} TO ${quoteIdent(login)}${withRights(version)};`).join(' ');

function compared({ database, read }: LargeObjectsJudged): Finding {
  const { there, here, equal, copied, written, notGiven } = read;
  const differing = [...copied, ...written, ...notGiven.map(() => ({ as: 'properties' as const }))];
  const missing = differing.filter(({ as }) => as === 'missing').length;
  return {
    code: 'LARGE_OBJECTS_COMPARED',
    severity: 'info',
    seen: `database ${database}: production has ${objectsText(there.count)} (${there.bytes} bytes), the clone ${here.count} (${here.bytes} bytes); as of position ${read.position} ${equal} of ${there.count} are equal, ${missing} missing on the clone, ${differing.length - missing} different; ${read.alone.length} are on the clone alone`,
    why: 'replication leaves large objects out; what production had committed to an equal one before that position is in it',
    next: 'nothing: this is what was seen',
  };
}

function unread({ environment, database, read }: LargeObjectsJudged, side: 'source' | 'target'): Finding[] {
  const found = read.unread[side];
  if (found.length === 0) return [];
  const [login, version] = [read.logins[side], read.versions[side]];
  const roles = version >= 140_000 ? ['pg_read_all_data'] : rolesOf(found);
  const grants = grantsOf(roles, login, version);
  return [
    {
      code: 'LARGE_OBJECTS_UNREAD',
      severity: 'block',
      standing: true,
      seen: `in database ${database} of the ${side === 'source' ? 'source' : 'clone'} ${login} may not read ${objectsText(found.length)}, of ${someOf(rolesOf(found))}: ${numbers(found)}`,
      why: 'whether these are equal is not known, and they are not copied',
      next:
        side === 'source'
          ? `before sql-runner large-objects ${environment} once more, as a role that may grant it, in database ${database} on the source: ${grants}`
          : `before sql-runner large-objects ${environment} once more, as a role that may grant it, in database ${database} on the clone: ${grants}`,
    },
  ];
}

function written({ environment, database, read, wanted }: LargeObjectsJudged): Finding[] {
  if (read.written.length === 0 || wanted.overwrite) return [];
  return [
    {
      code: 'LARGE_OBJECTS_WRITTEN_HERE',
      severity: 'block',
      standing: true,
      seen: `in database ${database} ${objectsText(read.written.length)} differ from those of the same number on production, and were made, altered or written on the clone by others since it follows: ${numbers(read.written)}`,
      why: 'what was written here would be lost; until then rows of production that refer to them find something else',
      next: `where it may be lost: sql-runner large-objects ${environment} --overwrite`,
    },
  ];
}

function notOwned({ environment, database, read, wanted }: LargeObjectsJudged): Finding[] {
  const aside = new Set(wanted.prune ? [] : read.alone.map(({ oid }) => oid));
  const found = read.notOurs.filter(({ oid }) => !aside.has(oid));
  if (found.length === 0) return [];
  const { target: login } = read.logins;
  return [
    {
      code: 'LARGE_OBJECTS_NOT_OWNED',
      severity: 'block',
      standing: true,
      seen: `in database ${database} of the clone ${login} has not the rights of the owners of ${objectsText(found.length)} that are to be written or removed: ${numbers(found)}`,
      why: 'only their owners may, or who has their rights; these stay as they are',
      next: `before sql-runner large-objects ${environment} once more, as a role with ADMIN OPTION on them (up to PostgreSQL 15 with CREATEROLE), in database ${database} on the clone: ${grantsOf(rolesOf(found), login, read.versions.target)}`,
    },
  ];
}

function notGiven({ environment, database, read }: LargeObjectsJudged): Finding[] {
  if (read.ownersNotOurs.length === 0) return [];
  const { target: login } = read.logins;
  return [
    {
      code: 'LARGE_OBJECTS_NOT_GIVEN',
      severity: 'block',
      standing: true,
      seen: `in database ${database} of the clone ${login} cannot make large objects belong to ${someOf(read.ownersNotOurs)}, whose they are on production`,
      why: 'what is in them is copied, and they belong to the login: the roles that own them on production may not alter them, or not read them',
      next: `before sql-runner large-objects ${environment} once more, as a role with ADMIN OPTION on them (up to PostgreSQL 15 with CREATEROLE), in database ${database} on the clone: ${grantsOf(read.ownersNotOurs, login, read.versions.target)}`,
    },
  ];
}

function rolesMissing({ environment, database, read }: LargeObjectsJudged): Finding[] {
  if (read.rolesMissing.length === 0) return [];
  return [
    {
      code: 'LARGE_OBJECTS_ROLES_MISSING',
      severity: 'block',
      standing: true,
      seen: `large objects of database ${database} belong on production to roles, or are granted to some, that the clone does not have: ${someOf(read.rolesMissing)}`,
      why: 'what is in them is copied, and their owner or grants are not',
      next: `make these roles on the clone, then sql-runner large-objects ${environment} once more`,
    },
  ];
}

function rolesNotKnown({ environment, database, read }: LargeObjectsJudged): Finding[] {
  if (read.rolesNotKnown.length === 0) return [];
  return [
    {
      code: 'LARGE_OBJECTS_ROLES_NOT_KNOWN',
      severity: 'block',
      standing: true,
      seen: `large objects of database ${database} belong on production to roles, or are granted to some, of which it is not known whether the clone's of that name are the same: ${someOf(read.rolesNotKnown)}`,
      why: 'what is in them is copied; these roles are given nothing on the clone, and keep what they have there',
      next: `where they are the same, comment them on the clone as docs/roles.md shows; where not, rename those of the clone; then sql-runner large-objects ${environment} once more`,
    },
  ];
}

function more({ database, read }: LargeObjectsJudged): Finding[] {
  if (read.more === 0) return [];
  return [
    {
      code: 'LARGE_OBJECTS_MORE',
      severity: 'block',
      standing: true,
      seen: `in database ${database} ${read.more} more large objects are not equal than one run copies`,
      why: 'a plan names each; the others are for the next run',
      next: 'run the same command again, until this is not said any more',
    },
  ];
}

function writersHidden({ database, read }: LargeObjectsJudged): Finding[] {
  const found = read.copied.filter(({ as }) => as === 'content');
  if (read.writersSeen || found.length === 0) return [];
  return [
    {
      code: 'LARGE_OBJECTS_WRITERS_HIDDEN',
      severity: 'warn',
      seen: `in database ${database} of the clone it cannot be seen who wrote into ${objectsText(found.length)} that differ: ${numbers(found)}`,
      why: `${read.logins.target} may not read pg_largeobject there; what others have written into one that came with the clone is taken for older content of production, and is lost`,
      next: 'do not go on where applications write into large objects on the clone',
    },
  ];
}

function alone({ environment, database, read, wanted }: LargeObjectsJudged): Finding[] {
  if (read.alone.length === 0 || wanted.prune) return [];
  return [
    {
      code: 'LARGE_OBJECTS_ALONE',
      severity: 'info',
      seen: `in database ${database} the clone alone has ${objectsText(read.alone.length)}: ${numbers(read.alone)}`,
      why: 'production has removed them since the clone was taken, or somebody has made them on the clone; they take room',
      next: `nothing where somebody needs them; sql-runner large-objects ${environment} --prune removes them`,
    },
  ];
}
