import {
  largeObjectProperties,
  rolesToOwn,
  type LargeObjectGrant,
  type LargeObjectProperties,
} from '../../postgres/catalog/large-objects';
import type { Session } from '../../postgres/session';
import { quoteIdent, quoteInteger, quoteLiteral } from '../../postgres/text/quoting';

/**
 * Owner, grants and comment as production has them, as far as the clone has the roles and the login may: what it may not
 * the plan says, and so does the next one. The owner comes first, who is the one to grant.
 *
 * @param strangers roles of the clone that nobody knows to be those of production: they get nothing, and keep what they have
 * @returns whether its owner or grants were altered
 */
export async function giveProperties(
  session: Session,
  wanted: LargeObjectProperties,
  strangers: readonly string[],
): Promise<boolean> {
  const { oid } = wanted;
  const [now] = await largeObjectProperties(session, [oid]);
  if (now === undefined) throw new Error(`large object ${oid} is not there`);
  const names = [...new Set([wanted.role, ...wanted.grants.flatMap(({ role }) => role ?? [])])];
  const there = (await rolesToOwn(session, names)).filter(({ role }) => !strangers.includes(role));
  const known = new Map(there.map(({ role, settable }) => [role, settable]));
  if (wanted.comment !== now.comment) {
    const comment = wanted.comment === null ? 'NULL' : quoteLiteral(wanted.comment);
    await session.query(`COMMENT ON LARGE OBJECT ${quoteInteger(oid)} IS ${comment}`);
  }
  const grants = [
    ...wanted.grants.filter(({ role }) => role === null || known.has(role)),
    ...now.grants.filter(({ role }) => role !== null && strangers.includes(role)),
  ];
  if (wanted.role === now.role) return regrant(session, oid, now.grants, grants);
  if (known.get(wanted.role) !== true) return false;
  await session.query(`ALTER LARGE OBJECT ${quoteInteger(oid)} OWNER TO ${quoteIdent(wanted.role)}`);
  await session.query(`SET LOCAL ROLE ${quoteIdent(wanted.role)}`);
  const [then] = await largeObjectProperties(session, [oid]);
  await regrant(session, oid, then!.grants, grants);
  await session.query('SET LOCAL ROLE NONE');
  return true;
}

/** All anew, where they are not the same. */
async function regrant(
  session: Session,
  oid: number,
  now: readonly LargeObjectGrant[],
  wanted: readonly LargeObjectGrant[],
): Promise<boolean> {
  if (textOf(now) === textOf(wanted)) return false;
  for (const role of new Set(now.map((one) => one.role)))
    await session.query(`REVOKE ALL ON LARGE OBJECT ${quoteInteger(oid)} FROM ${granteeSql(role)} CASCADE`);
  for (const { role, privilege, grantable } of wanted) {
    const option = grantable ? ' WITH GRANT OPTION' : '';
    await session.query(
      `GRANT ${privilegeSql(privilege)} ON LARGE OBJECT ${quoteInteger(oid)} TO ${granteeSql(role)}${option}`,
    );
  }
  return true;
}

const granteeSql = (role: string | null): string => (role === null ? 'PUBLIC' : quoteIdent(role));

/** A large object has no others. */
const privilegeSql = (privilege: string): string => (privilege === 'SELECT' ? 'SELECT' : 'UPDATE');

export const textOf = (grants: readonly LargeObjectGrant[]): string =>
  grants
    .map(({ role, privilege, grantable }) => JSON.stringify([role, privilege, grantable]))
    .sort()
    .join();
