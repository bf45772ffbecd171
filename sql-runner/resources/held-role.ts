import type { Finding } from '../model/change';
import type { RoleGrant } from '../postgres/catalog/role-grants';
import type { DefaultRights, RoleHoldings, RolePolicy } from '../postgres/catalog/role-holdings';
import type { AddedTable } from '../model/table-notes';
import { displayQualified, quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { toDoFor, type Hindrance } from './hindrance';
import type { Place } from '../model/address';

/** What refers to a role of ours, read in one database; `unread`: why that could not be read. */
export interface HeldRole {
  readonly place: Place;
  readonly role: string;
  readonly grants: readonly RoleGrant[];
  readonly holdings: RoleHoldings;
}

/** From how many objects of a schema on the rights on them are taken back for all at once. */
const MANY = 10;

/**
 * DROP ROLE refuses while anything refers to the role. What others gave it is theirs to take back: it is said before
 * teardown begins, and stops none of it, as production is to be freed of its slots in any case.
 * @param revoked databases on which teardown itself takes CONNECT back
 * @param copied tables of this database on which it takes back what was given for their copy
 */
export function findHeldRole(
  { place, role, grants, holdings }: HeldRole,
  revoked: readonly string[],
  copied: readonly AddedTable[] = [],
): Finding[] {
  const own = grants.filter((grant) => !isRevoked(grant, revoked) && !isOfCopy(grant, copied));
  const hindrances = [
    ...ofGrants(role, own),
    ...holdings.defaults.map((rights) => ofDefaults(role, rights)),
    ...holdings.policies.map(ofPolicy),
    ...ofOwned(role, holdings),
    ...holdings.other.map((what) => ({ what, as: null, statements: [] })),
  ];
  return toDoFor(place, hindrances).map(({ what, at, statements }) => {
    const common: Omit<Finding, 'next'> = {
      code: 'ROLE_NOT_DROPPABLE',
      severity: 'warn',
      seen: `role ${role} cannot be dropped while this refers to it, in database ${place.database} on the ${place.side === 'source' ? 'source' : 'clone'}: ${what}`,
      why: `teardown frees production of its slots first, and stops where it drops the role; ${place.side === 'source' ? 'it can log in until then, and read what is replicated' : 'who has its password can log in to the clone until then'}`,
    };
    return statements.length === 0
      ? { ...common, next: 'ask whoever made that to remove it; teardown, run again, goes on where it stopped' }
      : {
          ...common,
          next: `take it back, now or when teardown has stopped there, which goes on when it is run again${waitsFor(statements)}; ${at}: ${statements.join(' ')}`,
        };
  });
}

/** REVOKE locks no table. */
const waitsFor = (statements: readonly string[]): string =>
  statements.some((one) => /^(ALTER|DROP) POLICY /.test(one))
    ? ' (a statement on a policy waits for the transactions on its table, and blocks it for a moment)'
    : '';

/** See replication-role.ts and former-role.ts. The server quotes where it must, and we always. */
function isRevoked({ keyword, object, privileges, as, passedOn }: RoleGrant, revoked: readonly string[]): boolean {
  const plain = keyword === 'DATABASE' && as === null && !passedOn && privileges.every((one) => one === 'CONNECT');
  return plain && revoked.some((name) => object === name || object === quoteIdent(name));
}

/** See added-table/rights-at-the-end.ts. */
function isOfCopy({ keyword, object, privileges, as, passedOn }: RoleGrant, copied: readonly AddedTable[]): boolean {
  if (as !== null || passedOn) return false;
  const forms = (name: string) => [name, quoteIdent(name)];
  return copied.some(({ schema, name, granted }) =>
    keyword === 'SCHEMA'
      ? granted?.usage === true && forms(schema).includes(object) && privileges.every((one) => one === 'USAGE')
      : granted?.select === true &&
        keyword === 'TABLE' &&
        forms(schema).some((first) => forms(name).some((last) => object === `${first}.${last}`)) &&
        privileges.every((one) => one === 'SELECT'),
  );
}

/** One statement for all of a kind. */
function ofGrants(role: string, grants: readonly RoleGrant[]): Hindrance[] {
  const groups = new Map<string, RoleGrant[]>();
  for (const grant of grants) {
    const key = JSON.stringify([grant.as, grant.keyword, grant.passedOn, grant.wholeSchema]);
    groups.set(key, [...(groups.get(key) ?? []), grant]);
  }
  return [...groups.values()].map((group) => {
    const { keyword, as, passedOn, wholeSchema } = group[0]!;
    const objects = group.map(({ object }) => object);
    const all = as === null && wholeSchema !== null && group.length >= MANY;
    const on = all ? `ALL ${keyword}S IN SCHEMA ${wholeSchema}` : `${keyword} ${objects.join(', ')}`;
    const what = `rights on ${keyword.toLowerCase()} ${objects.slice(0, 3).join(', ')}`;
    return {
      what: objects.length > 3 ? `${what} and ${objects.length - 3} more` : what,
      as,
      // What it has passed on has no other origin.
      statements: [`REVOKE ALL ON ${on} FROM ${quoteIdent(role)}${passedOn ? ' CASCADE' : ''};`],
    };
  });
}

function ofDefaults(role: string, { maker, schema, objects, as }: DefaultRights): Hindrance {
  const within = schema === null ? '' : ` IN SCHEMA ${quoteIdent(schema)}`;
  return {
    what: `default privileges on new ${objects.toLowerCase()} of ${maker}`,
    as,
    statements: [
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdent(maker)}${within} REVOKE ALL ON ${objects} FROM ${quoteIdent(role)};`,
    ],
  };
}

/** One for nobody else means nothing without the role. */
function ofPolicy({ schema, table, name, others, as }: RolePolicy): Hindrance {
  const on = `${quoteIdent(name)} ON ${quoteQualified({ schema, name: table })}`;
  return {
    what: `policy ${name} of table ${displayQualified({ schema, name: table })}`,
    as,
    statements: [
      others.length === 0 ? `DROP POLICY ${on};` : `ALTER POLICY ${on} TO ${others.map(quoteIdent).join(', ')};`,
    ],
  };
}

/** Nothing is dropped: who does it owns it from then on. It needs the privileges of the role meanwhile. */
function ofOwned(role: string, { owned, mayGiveAway }: RoleHoldings): Hindrance[] {
  if (owned.length === 0) return [];
  const name = quoteIdent(role);
  const reassign = `REASSIGN OWNED BY ${name} TO CURRENT_USER;`;
  const statements = mayGiveAway
    ? [reassign]
    : [`GRANT ${name} TO CURRENT_USER;`, reassign, `REVOKE ${name} FROM CURRENT_USER;`];
  return [
    {
      what: `what it owns: ${owned.slice(0, 3).join(', ')}${owned.length > 3 ? ` and ${owned.length - 3} more` : ''}`,
      as: null,
      statements,
    },
  ];
}
