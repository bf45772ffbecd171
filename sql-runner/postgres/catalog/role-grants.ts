import type { Session } from '../session';

/** The rights of a role on one object, by one grantor. */
export interface RoleGrant {
  /** What REVOKE … ON calls its kind: TABLE (whatever has rows), SEQUENCE, SCHEMA, ROUTINE, DATABASE … */
  readonly keyword: string;
  /** As SQL needs it: qualified, and quoted where it must be. */
  readonly object: string;
  readonly privileges: readonly string[];
  /** As whom they have to be taken back; null: the login can. */
  readonly as: string | null;
  /** The role has passed rights on: they are taken back with its own. */
  readonly passedOn: boolean;
  /** Of a table or sequence: its schema, quoted, where the login may do the same for all that is in it; else null. */
  readonly wholeSchema: string | null;
}

/**
 * What refers to role $1 in the current database or, with $2, in the cluster as a whole: what DROP ROLE looks at
 * (checkSharedDependencies in pg_shdepend.c). Memberships, which it ends by itself, are left out.
 */
export const heldSql = (): string => `me AS (SELECT oid FROM pg_roles WHERE rolname = $1),
  held AS (
    SELECT DISTINCT s.classid, s.objid, s.deptype::text AS deptype
      FROM pg_shdepend s JOIN me ON me.oid = s.refobjid
      LEFT JOIN pg_auth_members m ON s.classid = 'pg_auth_members'::regclass AND to_jsonb(m) ->> 'oid' = s.objid::text
     WHERE s.refclassid = 'pg_authid'::regclass AND NOT coalesce(me.oid IN (m.roleid, m.member), false)
       AND s.dbid = CASE WHEN $2::boolean THEN 0 ELSE (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()) END)`;

/** What has rights, and neither rows nor columns. */
const othersSql = (): string => `
  SELECT 'pg_namespace'::regclass AS classid, oid, 'SCHEMA' AS keyword, nspowner AS owner, nspacl AS acl FROM pg_namespace
  UNION ALL SELECT 'pg_proc'::regclass, oid, 'ROUTINE', proowner, proacl FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, oid, 'TYPE', typowner, typacl FROM pg_type
  UNION ALL SELECT 'pg_language'::regclass, oid, 'LANGUAGE', lanowner, lanacl FROM pg_language
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'FOREIGN DATA WRAPPER', fdwowner, fdwacl FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 'FOREIGN SERVER', srvowner, srvacl FROM pg_foreign_server
  UNION ALL SELECT 'pg_largeobject'::regclass, oid, 'LARGE OBJECT', lomowner, lomacl FROM pg_largeobject_metadata
  UNION ALL SELECT 'pg_database'::regclass, oid, 'DATABASE', datdba, datacl FROM pg_database
  UNION ALL SELECT 'pg_tablespace'::regclass, oid, 'TABLESPACE', spcowner, spcacl FROM pg_tablespace`;

/**
 * On objects of the current database or, with `shared`, on databases and tablespaces. The owner of an object takes back what the
 * owner has granted, and so does who has the owner's privileges; what others have granted, only they can
 * (select_best_grantor in acl.c). On a schema's tables one by one or all at once: nothing is locked by it.
 */
export async function roleGrants(session: Session, role: string, shared: boolean): Promise<RoleGrant[]> {
  return session.query<RoleGrant>(
    `WITH ${heldSql()},
  granted AS (
    SELECT h.classid, h.objid, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS keyword,
           format('%I.%I', n.nspname, c.relname) AS object, n.oid AS namespace, c.relowner AS owner, x.acl
      FROM held h JOIN pg_class c ON h.classid = 'pg_class'::regclass AND c.oid = h.objid
      JOIN pg_namespace n ON n.oid = c.relnamespace
     CROSS JOIN LATERAL (SELECT c.relacl UNION ALL
                         SELECT t.attacl FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL) x (acl)
     WHERE h.deptype = 'a'
    UNION ALL
    SELECT h.classid, h.objid, o.keyword, (pg_identify_object(h.classid, h.objid, 0)).identity, NULL, o.owner, o.acl
      FROM held h JOIN (${othersSql()}) o ON o.classid = h.classid AND o.oid = h.objid
     WHERE h.deptype = 'a'),
  item AS (
    SELECT g.*, pg_has_role(g.owner, 'USAGE') AS mine, a.grantor, a.grantee, a.privilege_type
      FROM granted g CROSS JOIN LATERAL aclexplode(g.acl) a),
  passed AS (SELECT DISTINCT i.classid, i.objid FROM item i JOIN me ON me.oid = i.grantor AND me.oid <> i.owner),
  whole AS (
    SELECT c.relnamespace, bool_and(pg_has_role(c.relowner, 'USAGE')) AS mine
      FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') GROUP BY 1)
  SELECT i.keyword, i.object, array_agg(DISTINCT i.privilege_type) AS privileges,
         CASE WHEN i.grantor = CASE WHEN i.mine THEN i.owner ELSE (SELECT oid FROM pg_roles WHERE rolname = current_user) END
              THEN NULL ELSE pg_get_userbyid(i.grantor)::text END AS as,
         p.objid IS NOT NULL AS "passedOn",
         CASE WHEN w.mine THEN quote_ident(n.nspname) END AS "wholeSchema"
    FROM item i JOIN me ON me.oid = i.grantee
    LEFT JOIN passed p ON p.classid = i.classid AND p.objid = i.objid
    LEFT JOIN whole w ON w.relnamespace = i.namespace
    LEFT JOIN pg_namespace n ON n.oid = i.namespace
   GROUP BY i.classid, i.objid, i.keyword, i.object, i.owner, i.mine, i.grantor, p.objid, w.mine, n.nspname
   ORDER BY 4 NULLS FIRST, 1, 2`,
    [role, shared],
  );
}
