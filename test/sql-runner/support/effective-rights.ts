import type { Client } from 'pg';

/**
 * What everybody may in a database, as the server itself judges it: by itself, by PUBLIC and by what it is a member of. It
 * shares nothing with what is planned.
 */
export async function rightsOf(admin: Client, except: readonly string[] = []): Promise<string[]> {
  const { rows } = await admin.query<{ text: string }>(
    `WITH who AS (SELECT oid, rolname FROM pg_roles WHERE oid >= 16384 AND rolname !~ '^(pg_|rds)' AND rolname <> 'master' AND rolname <> ALL ($1)),
     what AS (
       SELECT 'table ' || c.oid::regclass AS name, p, has_table_privilege(w.oid, c.oid, p) AS may, w.rolname
         FROM pg_class c, who w, unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER','SELECT WITH GRANT OPTION','UPDATE WITH GRANT OPTION']) p
        WHERE c.relkind IN ('r', 'v') AND c.relnamespace::regnamespace::text IN ('public', 'audit')
       UNION ALL SELECT 'column ' || c.oid::regclass || '.' || a.attname, p, has_column_privilege(w.oid, c.oid, a.attnum, p), w.rolname
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0, who w, unnest(ARRAY['SELECT','UPDATE','SELECT WITH GRANT OPTION']) p
        WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('public', 'audit')
       UNION ALL SELECT 'sequence ' || c.oid::regclass, p, has_sequence_privilege(w.oid, c.oid, p), w.rolname
         FROM pg_class c, who w, unnest(ARRAY['USAGE','SELECT','UPDATE']) p WHERE c.relkind = 'S' AND c.relnamespace = 'audit'::regnamespace
       UNION ALL SELECT 'schema ' || n.nspname, p, has_schema_privilege(w.oid, n.oid, p), w.rolname
         FROM pg_namespace n, who w, unnest(ARRAY['USAGE','CREATE']) p WHERE n.nspname IN ('public', 'audit')
       UNION ALL SELECT 'function ' || f.oid::regprocedure, p, has_function_privilege(w.oid, f.oid, p), w.rolname
         FROM pg_proc f, who w, unnest(ARRAY['EXECUTE','EXECUTE WITH GRANT OPTION']) p WHERE f.pronamespace = 'audit'::regnamespace
       UNION ALL SELECT 'type ' || t.oid::regtype, p, has_type_privilege(w.oid, t.oid, p), w.rolname
         FROM pg_type t, who w, unnest(ARRAY['USAGE','USAGE WITH GRANT OPTION']) p
        WHERE t.typnamespace = 'audit'::regnamespace AND t.typtype IN ('e', 'd')
       UNION ALL SELECT 'database', p, has_database_privilege(w.oid, current_database(), p), w.rolname
         FROM who w, unnest(ARRAY['CONNECT','CREATE','TEMP']) p
       UNION ALL SELECT 'role ' || g.rolname, p, pg_has_role(w.oid, g.oid, p), w.rolname
         FROM who g, who w, unnest(ARRAY['USAGE','MEMBER','MEMBER WITH ADMIN OPTION']) p
       UNION ALL SELECT 'attribute', p, CASE p WHEN 'LOGIN' THEN r.rolcanlogin WHEN 'CREATEDB' THEN r.rolcreatedb ELSE r.rolcreaterole END, w.rolname
         FROM who w JOIN pg_roles r ON r.oid = w.oid, unnest(ARRAY['LOGIN','CREATEDB','CREATEROLE']) p)
     SELECT rolname || ': ' || p || ' on ' || name AS text FROM what WHERE may ORDER BY 1`,
    [except],
  );
  return rows.map(({ text }) => text);
}
