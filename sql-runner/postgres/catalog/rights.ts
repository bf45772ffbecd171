/** Which kind of right a list is of: its name in acldefault(), where the list is, and whose the object is. */
const OF_KIND = {
  table: { letter: 'r', acl: 'c.relacl', owner: 'c.relowner' },
  sequence: { letter: 's', acl: 'c.relacl', owner: 'c.relowner' },
  schema: { letter: 'n', acl: 'n.nspacl', owner: 'n.nspowner' },
  function: { letter: 'f', acl: 'p.proacl', owner: 'p.proowner' },
  type: { letter: 'T', acl: 't.typacl', owner: 't.typowner' },
} as const;

/* eslint-disable local/safe-sql -- names of columns and catalogs, of fixed lists */

/**
 * Who has which right, as JSON: also those that PostgreSQL gives by itself, so that a list that says the same is the same.
 * The owner is named by '' and PUBLIC by null, as the rights of an owner go with the object when it gets another one.
 */
export const rightsSql = (kind: keyof typeof OF_KIND): string => {
  const { letter, acl, owner } = OF_KIND[kind];

  return `(SELECT coalesce(jsonb_agg(jsonb_build_object('grantee', x.grantee, 'privilege', x.privilege, 'grantable', x.grantable)
              ORDER BY x.grantee NULLS FIRST, x.privilege), '[]')
      FROM (SELECT CASE WHEN a.grantee = ${owner} THEN '' ELSE g.rolname::text END AS grantee, a.privilege_type AS privilege,
                   bool_or(a.is_grantable AND a.grantee <> ${owner}) AS grantable
              FROM aclexplode(coalesce(${acl}, acldefault('${letter}', ${owner}))) a LEFT JOIN pg_roles g ON g.oid = a.grantee
             WHERE a.grantee = 0 OR g.oid IS NOT NULL GROUP BY 1, 2) x)`;
};

/** What an extension has brought is compared by its version. The object is `id` of the catalog `of`. */
export const ofExtensionSql = (
  of: 'pg_class' | 'pg_proc' | 'pg_type' | 'pg_namespace' | 'pg_collation',
  id: 'c.oid' | 'p.oid' | 't.oid' | 'n.oid' | 'l.oid',
): string =>
  `EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${of}'::regclass AND e.objid = ${id} AND e.deptype = 'e')`;

/** Schemas of users, pg_namespace `n`. */
export const userSchemaSql = (): string => `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
