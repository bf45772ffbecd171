import type { Session } from '../session';
import { heldSql } from './role-grants';

/** What somebody's new objects give to a role. */
export interface DefaultRights {
  /** Whose new objects. */
  readonly maker: string;
  /** Null: in every schema. */
  readonly schema: string | null;
  /** As ALTER DEFAULT PRIVILEGES calls them: TABLES, SEQUENCES … */
  readonly objects: string;
  /** As whom they have to be taken back; null: the login can. */
  readonly as: string | null;
}

/** A policy of row security that names the role. */
export interface RolePolicy {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** The other roles that it names. */
  readonly others: readonly string[];
  readonly as: string | null;
}

export interface RoleHoldings {
  readonly defaults: readonly DefaultRights[];
  readonly policies: readonly RolePolicy[];
  /** Objects that it owns, in the server's words, and that can be given to somebody else. */
  readonly owned: readonly string[];
  /** The login has the privileges of the role. */
  readonly mayGiveAway: boolean;
  /** What else refers to it, in the server's words. */
  readonly other: readonly string[];
}

/** How many objects of a database refer to a role; `database` null: of the cluster as a whole. */
export interface HoldingDatabase {
  readonly database: string | null;
  readonly count: number;
}

/** Where DROP ROLE would find something: one look at a catalog that all databases share. */
export async function holdingDatabases(session: Session, role: string): Promise<HoldingDatabase[]> {
  return session.query<HoldingDatabase>(
    `SELECT d.datname::text AS database, count(DISTINCT (s.classid, s.objid))::int AS count
       FROM pg_shdepend s JOIN pg_roles r ON r.oid = s.refobjid AND r.rolname = $1
       LEFT JOIN pg_database d ON d.oid = s.dbid
      WHERE s.refclassid = 'pg_authid'::regclass GROUP BY 1 ORDER BY 1 NULLS FIRST`,
    [role],
  );
}

const KINDS = `CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES'
  WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END`;
/** What role-grants.ts reads, and what REASSIGN OWNED passes over (shdepReassignOwned in pg_shdepend.c). */
const GRANTED = `'pg_class', 'pg_namespace', 'pg_proc', 'pg_type', 'pg_language', 'pg_foreign_data_wrapper',
  'pg_foreign_server', 'pg_largeobject', 'pg_database', 'pg_tablespace', 'pg_default_acl'`;
const NOT_REASSIGNED = `'pg_default_acl', 'pg_user_mapping', 'pg_auth_members'`;

/** Beside its rights (role-grants.ts): of the current database or, with `shared`, of the cluster as a whole. */
export async function roleHoldings(session: Session, role: string, shared: boolean): Promise<RoleHoldings> {
  const values = [role, shared];
  const defaults = await session.query<DefaultRights>(
    `WITH ${heldSql()}
     SELECT m.rolname::text AS maker, n.nspname::text AS schema, ${KINDS} AS objects,
            CASE WHEN pg_has_role(a.defaclrole, 'USAGE') THEN NULL ELSE m.rolname::text END AS as
       FROM held h JOIN pg_default_acl a ON h.classid = 'pg_default_acl'::regclass AND a.oid = h.objid
       JOIN pg_roles m ON m.oid = a.defaclrole LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
      WHERE h.deptype = 'a' ORDER BY 4 NULLS FIRST, 1, 2, 3`,
    values,
  );
  const policies = await session.query<RolePolicy>(
    `WITH ${heldSql()}
     SELECT n.nspname::text AS schema, c.relname::text AS table, p.polname::text AS name,
            ARRAY(SELECT o.rolname::text FROM unnest(p.polroles) u JOIN pg_roles o ON o.oid = u WHERE u <> me.oid ORDER BY 1) AS others,
            CASE WHEN pg_has_role(c.relowner, 'USAGE') THEN NULL ELSE pg_get_userbyid(c.relowner)::text END AS as
       FROM held h CROSS JOIN me JOIN pg_policy p ON h.classid = 'pg_policy'::regclass AND p.oid = h.objid
       JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE h.deptype = 'r' ORDER BY 5 NULLS FIRST, 1, 2, 3`,
    values,
  );
  const [rest] = await session.query<Pick<RoleHoldings, 'owned' | 'mayGiveAway' | 'other'>>(
    `WITH ${heldSql()},
     said AS (
       SELECT pg_describe_object(h.classid, h.objid, 0) AS what,
              h.deptype = 'o' AND h.classid::regclass::text NOT IN (${NOT_REASSIGNED}) AS owned
         FROM held h
        WHERE NOT (h.deptype = 'a' AND h.classid::regclass::text IN (${GRANTED})) AND h.deptype <> 'r')
     SELECT coalesce(jsonb_agg(s.what ORDER BY s.what) FILTER (WHERE s.owned), '[]') AS owned,
            coalesce(jsonb_agg(s.what ORDER BY s.what) FILTER (WHERE NOT s.owned), '[]') AS other,
            coalesce((SELECT pg_has_role(oid, 'USAGE') FROM me), false) AS "mayGiveAway"
       FROM said s`,
    values,
  );
  return { defaults, policies, ...rest! };
}
