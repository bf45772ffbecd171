import type { Session } from '../session';

/** A role of the server, never its password. */
export interface RoleDefinition {
  readonly name: string;
  /** As CREATE ROLE has them, without those that only a superuser gives. */
  readonly attributes: readonly string[];
  /** SUPERUSER, REPLICATION, BYPASSRLS. */
  readonly privileged: readonly string[];
  /** Roles that it is a member of. */
  readonly memberOf: readonly { readonly role: string; readonly admin: boolean }[];
}

/**
 * All but those that the server and the service bring. From 16 on whoever makes a role is made a member of it by the server
 * itself, who cannot be granted so (CreateRole in user.c): that is left out.
 */
export async function roleDefinitions(session: Session): Promise<RoleDefinition[]> {
  return session.query<RoleDefinition>(
    `SELECT r.rolname::text AS name,
            jsonb_build_array(CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END, CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
              CASE WHEN r.rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
              'CONNECTION LIMIT ' || r.rolconnlimit) AS attributes,
            to_jsonb(array_remove(ARRAY[CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
              CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END], NULL)) AS privileged,
            coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.rolname, 'admin', x.admin) ORDER BY g.rolname)
                        FROM (SELECT m.roleid, bool_or(m.admin_option) AS admin FROM pg_auth_members m WHERE m.member = r.oid
                                AND (to_jsonb(m) ->> 'set_option' IS DISTINCT FROM 'false' OR m.grantor <> 10) GROUP BY 1) x
                        JOIN pg_roles g ON g.oid = x.roleid), '[]') AS "memberOf"
       FROM pg_roles r WHERE r.rolname !~ '^(pg_|rds)' AND r.oid >= 16384 ORDER BY 1`,
  );
}

export interface DatabaseForm {
  readonly encoding: string;
  readonly collate: string;
  readonly ctype: string;
  readonly largeObjects: number;
  /** Their numbers, as one value. */
  readonly largeObjectsDigest: string | null;
}

export async function databaseForm(session: Session): Promise<DatabaseForm> {
  const [row] = await session.query<DatabaseForm>(
    `SELECT pg_encoding_to_char(d.encoding)::text AS encoding, d.datcollate::text AS collate, d.datctype::text AS ctype,
            (SELECT count(*)::int FROM pg_largeobject_metadata) AS "largeObjects",
            (SELECT md5(string_agg(l.oid::text, ',' ORDER BY l.oid)) FROM pg_largeobject_metadata l) AS "largeObjectsDigest"
       FROM pg_database d WHERE d.datname = current_database()`,
  );
  return row!;
}

/** What there is of kinds that are not compared, in words of the manual. */
export async function leftOutKinds(session: Session): Promise<{ kind: string; count: number }[]> {
  return session.query(
    `SELECT * FROM (
       SELECT 'triggers' AS kind, count(*)::int AS count FROM pg_trigger WHERE NOT tgisinternal
       UNION ALL SELECT 'rules', count(*)::int FROM pg_rewrite WHERE rulename <> '_RETURN' AND oid >= 16384
       UNION ALL SELECT 'policies', count(*)::int FROM pg_policy
       UNION ALL SELECT 'statistics objects', count(*)::int FROM pg_statistic_ext
       UNION ALL SELECT 'event triggers', count(*)::int FROM pg_event_trigger WHERE oid >= 16384
       UNION ALL SELECT 'aggregates', count(*)::int FROM pg_proc WHERE prokind = 'a' AND oid >= 16384
       UNION ALL SELECT 'operators', count(*)::int FROM pg_operator WHERE oid >= 16384
       UNION ALL SELECT 'operator classes', count(*)::int FROM pg_opclass WHERE oid >= 16384
       UNION ALL SELECT 'casts', count(*)::int FROM pg_cast WHERE oid >= 16384
       UNION ALL SELECT 'text search configurations', count(*)::int FROM pg_ts_config WHERE oid >= 16384
       UNION ALL SELECT 'text search dictionaries', count(*)::int FROM pg_ts_dict WHERE oid >= 16384
       UNION ALL SELECT 'foreign servers', count(*)::int FROM pg_foreign_server
       UNION ALL SELECT 'foreign tables', count(*)::int FROM pg_foreign_table
       UNION ALL SELECT 'default privileges', count(*)::int FROM pg_default_acl
       UNION ALL SELECT 'settings of roles and databases', count(*)::int FROM pg_db_role_setting WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
     ) x WHERE count > 0 ORDER BY 1`,
  );
}
