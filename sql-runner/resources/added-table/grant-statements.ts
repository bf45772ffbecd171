import type { Grant } from '../../postgres/catalog/table-definitions';
import { quoteIdent } from '../../postgres/text/quoting';

/**
 * What gives a new object exactly these rights; null: those that PostgreSQL gives by itself. What its owner has is taken
 * away first, as it may have less. What default privileges of the database add, a guard of the change finds.
 * @param object as `TABLE "public"."orders"`
 */
export function grantStatements(object: string, owner: string, grants: readonly Grant[] | null): string[] {
  if (grants === null) return [];
  const to = ({ grantee, privilege, grantable }: Grant): string =>
    `GRANT ${privilege} ON ${object} TO ${grantee === null ? 'PUBLIC' : quoteIdent(grantee)}${grantable ? ' WITH GRANT OPTION' : ''}`;
  // An owner has the right to grant by being the owner, and needs no option for it.
  const own = (one: Grant): Grant => (one.grantee === owner ? { ...one, grantable: false } : one);
  return [`REVOKE ALL ON ${object} FROM ${quoteIdent(owner)}`, ...grants.map(own).map(to)];
}

/** Whoever has to be there for these. */
export const grantees = (grants: readonly Grant[] | null): string[] =>
  (grants ?? []).flatMap(({ grantee }) => grantee ?? []);
