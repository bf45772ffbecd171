import type { Session } from '../session';
import { PAGE_BYTES } from '../text/large-object-pages';
import { quoteInteger } from '../text/quoting';
import { originName } from './origins';
import { subscriptions } from './subscriptions';

/** How the login may read large objects: all of them from their table, or each that it has SELECT on. */
export type LargeObjectReading = 'pages' | 'objects';

/** One large object without what is in it. */
export interface LargeObject {
  readonly oid: number;
  readonly role: string;
  /** The login has the rights of its owner. */
  readonly isOurs: boolean;
  readonly readable: boolean;
  /** null: it may not be read. */
  readonly bytes: number | null;
  /** Of its grants and its comment. */
  readonly properties: string;
  /** The transaction that made it or altered its owner or grants, without the round it is of. */
  readonly madeBy: number;
}

/**
 * pg_largeobject is kept from everybody but superusers (system_views.sql), and from 14 on pg_read_all_data opens it, though
 * not lo_get() of an object that one has no right on.
 */
export async function largeObjectReading(session: Session): Promise<LargeObjectReading> {
  const [row] = await session.query<{ open: boolean }>(
    `SELECT has_table_privilege('pg_catalog.pg_largeobject', 'SELECT') AS open`,
  );
  return row!.open ? 'pages' : 'objects';
}

/** Those of the current database by number, `most` of them after one. Of each only the last page is read. */
export function largeObjectsAfter(
  session: Session,
  reading: LargeObjectReading,
  after: number,
  most: number,
): Promise<LargeObject[]> {
  const readable = reading === 'pages' ? 'true' : mayReadSql();
  const bytes = reading === 'pages' ? lastPageSql() : seekSql();
  return session.query<LargeObject>(
    `SELECT m.oid::int8::float8 AS oid, m.role::text AS role, m.ours AS "isOurs", m.readable,
            CASE WHEN m.readable THEN (${bytes}) END::float8 AS bytes, m.properties, m.made AS "madeBy"
       FROM (SELECT l.oid, pg_get_userbyid(l.lomowner) AS role, pg_has_role(l.lomowner, 'USAGE') AS ours,
                    (${readable}) AS readable, l.xmin::text::int8::float8 AS made, md5(${propertiesSql()}) AS properties
               FROM pg_largeobject_metadata l WHERE l.oid > $1::oid ORDER BY l.oid LIMIT ${quoteInteger(most)}) m
      ORDER BY m.oid`,
    [String(after)],
  );
}

/** What pg_largeobject_aclcheck_snapshot asks; there is no function of that for users before 18. */
const mayReadSql = (): string => `current_setting('lo_compat_privileges')::bool
  OR pg_has_role(l.lomowner, 'USAGE')
  OR EXISTS (SELECT FROM aclexplode(l.lomacl) a WHERE a.privilege_type = 'SELECT'
                AND CASE WHEN a.grantee = 0 THEN true ELSE pg_has_role(a.grantee, 'USAGE') END)`;

/** Of `l`, a row of pg_largeobject_metadata: who may what, whoever granted it, and the comment. */
const propertiesSql = (): string => `coalesce(obj_description(l.oid, 'pg_largeobject'), '') || E'\\x01' ||
  CASE WHEN obj_description(l.oid, 'pg_largeobject') IS NULL THEN '' ELSE 'c' END || E'\\x01' || (${grantsSql()})`;

/** Of `l` as well. Without grants of its own it has those of a new one. */
const grantsSql = (): string => `SELECT coalesce(string_agg(DISTINCT format('%L %s %s',
    CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable) COLLATE "C", ','), '')
  FROM aclexplode(coalesce(l.lomacl, acldefault('L', l.lomowner))) a`;

/** How long `m` is, by its last page. */
export const lastPageSql = (): string => `SELECT coalesce(
  (SELECT p.pageno::int8 * ${quoteInteger(PAGE_BYTES)} + length(p.data) FROM pg_largeobject p
    WHERE p.loid = m.oid ORDER BY p.pageno DESC LIMIT 1), 0)`;

/** INV_READ, SEEK_END. What is open ends with the transaction. */
export const seekSql = (): string =>
  `SELECT lo_lseek64(f.fd, 0, 2) FROM (SELECT lo_open(m.oid, 262144) AS fd OFFSET 0) f`;

export interface LargeObjectGrant {
  /** null: PUBLIC. */
  readonly role: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** What has to be the same beside what is in it. */
export interface LargeObjectProperties {
  readonly oid: number;
  readonly role: string;
  readonly comment: string | null;
  readonly grants: readonly LargeObjectGrant[];
}

export function largeObjectProperties(session: Session, oids: readonly number[]): Promise<LargeObjectProperties[]> {
  return session.query<LargeObjectProperties>(
    `SELECT l.oid::int8::float8 AS oid, pg_get_userbyid(l.lomowner)::text AS role,
            obj_description(l.oid, 'pg_largeobject') AS comment,
            (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('role',
                      CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END,
                      'privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]')
               FROM aclexplode(coalesce(l.lomacl, acldefault('L', l.lomowner))) a) AS grants
       FROM pg_largeobject_metadata l WHERE l.oid = ANY ($1::oid[]) ORDER BY l.oid`,
    [oids.map(String)],
  );
}

/**
 * The transaction that made the first subscription of the database, without the round it is of; by the rows of their
 * origins, as ALTER SUBSCRIPTION writes its own again. null: there is none.
 */
export async function firstSubscribed(session: Session): Promise<number | null> {
  const origins = (await subscriptions(session)).map(({ oid }) => originName(oid));
  const [row] = await session.query<{ made: number }>(
    `SELECT o.xmin::text::int8::float8 AS made FROM pg_replication_origin o
      WHERE o.roname = ANY ($1::text[]) ORDER BY age(o.xmin) DESC LIMIT 1`,
    [origins],
  );
  return row?.made ?? null;
}

/** Whether the login can make something belong to these roles: of those that are there. */
export function rolesToOwn(session: Session, names: readonly string[]): Promise<{ role: string; settable: boolean }[]> {
  const how = session.serverVersionNum >= 160_000 ? 'SET' : 'MEMBER';
  return session.query(
    `SELECT r.rolname::text AS role, pg_has_role(r.oid, $2) AS settable FROM pg_roles r WHERE r.rolname = ANY ($1::text[])`,
    [names, how],
  );
}
