import type { Session } from '../session';
import { ofExtensionSql, userSchemaSql } from './rights';

/** One right as somebody gave it. What an owner has of its own is none. */
export interface GivenRight {
  readonly grantor: string;
  /** Null: PUBLIC. */
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
  /** Null: on the whole of it. */
  readonly column: string | null;
}

export interface RightsOn {
  readonly kind: 'table' | 'sequence' | 'schema' | 'routine' | 'type' | 'database';
  /** Null: it is a schema or a database. */
  readonly schema: string | null;
  /** Of a routine with the types of its arguments. */
  readonly name: string;
  /** As GRANT names it: `TABLE "public"."orders"`. */
  readonly object: string;
  readonly owner: string;
  /** The login has the privileges of the owner, as whom its grants are then noted. */
  readonly mine: boolean;
  readonly rights: readonly GivenRight[];
  /** Of a function: owners of tables, as whom the apply worker calls it for each row. */
  readonly calledAs: readonly string[];
}

const CALLED_SQL = `SELECT d.refobjid AS fn, jsonb_agg(DISTINCT pg_get_userbyid(t.relowner)::text) AS owners
  FROM pg_depend d
  LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
  LEFT JOIN pg_index i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
  LEFT JOIN pg_attribute a ON k.contypid <> 0 AND a.atttypid = k.contypid AND NOT a.attisdropped
  JOIN pg_class t ON t.oid = coalesce(f.adrelid, nullif(k.conrelid, 0), i.indrelid, a.attrelid)
 WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384 AND t.relkind IN ('r', 'p') GROUP BY 1`;

const OBJECTS_SQL = `SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, n.nspname::text AS schema, c.relname::text AS name,
         CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS object,
         c.relowner AS owner, c.oid AS rel, NULL::oid AS fn,
         coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner)) AS acl
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND ${userSchemaSql()}
     AND NOT ${ofExtensionSql('pg_class', 'c.oid')}
  UNION ALL
  SELECT 'schema', NULL, n.nspname::text, 'SCHEMA ' || quote_ident(n.nspname), n.nspowner, NULL, NULL, coalesce(n.nspacl, acldefault('n', n.nspowner))
    FROM pg_namespace n WHERE ${userSchemaSql()} AND NOT ${ofExtensionSql('pg_namespace', 'n.oid')}
  UNION ALL
  SELECT 'routine', n.nspname::text, p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
         'ROUTINE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
         p.proowner, NULL, p.oid, coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE p.prokind IN ('f', 'p', 'w') AND ${userSchemaSql()} AND NOT ${ofExtensionSql('pg_proc', 'p.oid')}
  UNION ALL
  SELECT 'type', n.nspname::text, t.typname::text, 'TYPE ' || quote_ident(n.nspname) || '.' || quote_ident(t.typname),
         t.typowner, NULL, NULL, coalesce(t.typacl, acldefault('T', t.typowner))
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class k ON k.oid = t.typrelid
   WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND k.relkind = 'c') AND ${userSchemaSql()}
     AND NOT ${ofExtensionSql('pg_type', 't.oid')}
  UNION ALL
  SELECT 'database', NULL, d.datname::text, 'DATABASE ' || quote_ident(d.datname), d.datdba, NULL, NULL, coalesce(d.datacl, acldefault('d', d.datdba))
    FROM pg_database d WHERE d.datname = current_database()`;

/**
 * Rights on all of the current database that has any, and on that itself, also those that PostgreSQL gives by itself. Locks
 * nothing, and linear in what there is. Roles that are gone have none.
 */
export async function rightsInDatabase(session: Session): Promise<RightsOn[]> {
  return session.query<RightsOn>(
    `WITH o AS MATERIALIZED (${OBJECTS_SQL}), called AS (${CALLED_SQL}),
     cols AS (
       SELECT a.attrelid, jsonb_agg(jsonb_build_object('grantor', pg_get_userbyid(x.grantor), 'grantee', g.rolname, 'privilege', x.privilege_type,
                'grantable', x.is_grantable, 'column', a.attname) ORDER BY a.attname, g.rolname NULLS FIRST, x.privilege_type, x.grantor) AS list
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid CROSS JOIN LATERAL aclexplode(a.attacl) x
         LEFT JOIN pg_roles g ON g.oid = x.grantee
        WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND x.grantee <> c.relowner AND (x.grantee = 0 OR g.oid IS NOT NULL) GROUP BY 1)
     SELECT o.kind, o.schema, o.name, o.object, pg_get_userbyid(o.owner)::text AS owner, pg_has_role(o.owner, 'USAGE') AS mine,
            coalesce((SELECT jsonb_agg(jsonb_build_object('grantor', pg_get_userbyid(x.grantor), 'grantee', g.rolname, 'privilege', x.privilege_type,
                        'grantable', x.is_grantable, 'column', NULL) ORDER BY g.rolname NULLS FIRST, x.privilege_type, x.grantor)
                        FROM aclexplode(o.acl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
                       WHERE x.grantee <> o.owner AND (x.grantee = 0 OR g.oid IS NOT NULL)), '[]') || coalesce(cols.list, '[]') AS rights,
            CASE WHEN called.owners IS NULL THEN '[]' ELSE called.owners END AS "calledAs"
       FROM o LEFT JOIN cols ON cols.attrelid = o.rel LEFT JOIN called ON called.fn = o.fn ORDER BY o.kind, o.schema, o.name`,
  );
}
