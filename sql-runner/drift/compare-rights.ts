import type { Grant } from '../postgres/catalog/table-definitions';
import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import { difference, type Difference } from './difference';

/** What belongs to somebody, and what others may do with it. */
interface Owned {
  readonly owner: string;
  /** The owner is named by ''. */
  readonly rights: readonly Grant[];
  readonly comment: string | null;
}

/** How an object is named in sentences and in statements. */
interface NamedAs {
  readonly title: string;
  /** As in ALTER and COMMENT ON: `TABLE "public"."orders"`. */
  readonly statement: string;
  /** As in GRANT, where that is another word. */
  readonly grantOn?: string;
  readonly table?: string;
}

/** Owner, rights and comment of what both sides have. */
export function compareOwned(there: Owned, here: Owned, named: NamedAs): Difference[] {
  return [...owner(there, here, named), ...rights(there, here, named), ...comment(there, here, named)];
}

/** What a thing that is made on the clone is given besides. */
export function ownedStatements(there: Owned, made: Owned | null, named: NamedAs): string[] {
  const blank = { owner: '', rights: made?.rights ?? null, comment: made?.comment ?? null };
  return [
    `ALTER ${named.statement} OWNER TO ${quoteIdent(there.owner)}`,
    ...(blank.rights === null ? [] : rightStatements(there, blank.rights, named)),
    ...(there.comment === blank.comment ? [] : [commentStatement(there, named)]),
  ];
}

function owner(there: Owned, here: Owned, named: NamedAs): Difference[] {
  if (there.owner === here.owner) return [];
  return [
    difference({
      kind: 'owner',
      object: `owner of ${named.title}`,
      table: named.table,
      source: there.owner,
      clone: here.owner,
      consequence: 'the worker writes as the owner of the subscription, whoever has the table',
      statements: [`ALTER ${named.statement} OWNER TO ${quoteIdent(there.owner)}`],
    }),
  ];
}

function rights(there: Owned, here: Owned, named: NamedAs): Difference[] {
  const statements = rightStatements(there, here.rights, named);
  if (statements.length === 0) return [];
  return [
    difference({
      kind: 'rights',
      object: `rights on ${named.title}`,
      table: named.table,
      source: words(without(there.rights, here.rights)),
      clone: words(without(here.rights, there.rights)),
      statements,
    }),
  ];
}

const keyOf = (grant: Grant): string => JSON.stringify([grant.grantee, grant.privilege, grant.grantable]);

function without(some: readonly Grant[], others: readonly Grant[]): Grant[] {
  const known = new Set(others.map(keyOf));
  return some.filter((grant) => !known.has(keyOf(grant)));
}

const words = (grants: readonly Grant[]): string | null =>
  grants.length === 0
    ? null
    : grants
        .map(
          ({ grantee, privilege, grantable }) =>
            `${privilege}${grantable ? ' with grant option' : ''} to ${grantee === null ? 'PUBLIC' : grantee === '' ? 'its owner' : grantee}`,
        )
        .join(', ');

function rightStatements(there: Owned, here: readonly Grant[], named: NamedAs): string[] {
  const on = named.grantOn ?? named.statement;
  const who = ({ grantee }: Grant): string =>
    grantee === null ? 'PUBLIC' : quoteIdent(grantee === '' ? there.owner : grantee);
  return [
    ...without(here, there.rights).map((one) => `REVOKE ${one.privilege} ON ${on} FROM ${who(one)}`),
    ...without(there.rights, here).map(
      (one) => `GRANT ${one.privilege} ON ${on} TO ${who(one)}${one.grantable ? ' WITH GRANT OPTION' : ''}`,
    ),
  ];
}

function comment(there: Owned, here: Owned, named: NamedAs): Difference[] {
  if (there.comment === here.comment) return [];
  return [
    difference({
      kind: 'comment',
      object: `comment on ${named.title}`,
      table: named.table,
      source: there.comment,
      clone: here.comment,
      statements: [commentStatement(there, named)],
    }),
  ];
}

const commentStatement = (there: Pick<Owned, 'comment'>, named: NamedAs): string =>
  `COMMENT ON ${named.statement} IS ${there.comment === null ? 'NULL' : quoteLiteral(there.comment)}`;
