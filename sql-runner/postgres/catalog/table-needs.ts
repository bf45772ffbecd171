import type { Session } from '../session';

/** Something that a table needs where it is made, as SQL names it. */
export interface Need {
  readonly kind: 'type' | 'function' | 'collation' | 'operator' | 'operator class' | 'sequence';
  readonly name: string;
}

/**
 * What columns, defaults, constraints and indexes of tables use, and neither PostgreSQL nor the table itself brings: what
 * comes with the server has no entry in pg_depend or a number below 16384 (FirstNormalObjectId).
 */
export async function tableNeeds(session: Session, oids: readonly number[]): Promise<(Need & { table: number })[]> {
  return session.query(
    `WITH part AS (
       SELECT c.oid AS relid, 'pg_class'::regclass::oid AS classid, c.oid AS objid FROM pg_class c WHERE c.oid = ANY ($1::oid[])
       UNION ALL SELECT d.adrelid, 'pg_attrdef'::regclass, d.oid FROM pg_attrdef d WHERE d.adrelid = ANY ($1::oid[])
       UNION ALL SELECT k.conrelid, 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE k.conrelid = ANY ($1::oid[])
       UNION ALL SELECT i.indrelid, 'pg_class'::regclass, i.indexrelid FROM pg_index i WHERE i.indrelid = ANY ($1::oid[])),
     used AS (
       SELECT DISTINCT p.relid, d.refclassid, d.refobjid FROM part p
         JOIN pg_depend d ON d.classid = p.classid AND d.objid = p.objid WHERE d.refobjid >= 16384)
     SELECT DISTINCT u.relid::int8::float8 AS "table", x.kind, x.name
       FROM used u CROSS JOIN LATERAL (
         SELECT 'type' AS kind, format_type(y.oid, NULL) AS name FROM pg_type y LEFT JOIN pg_class r ON r.oid = y.typrelid
          WHERE u.refclassid = 'pg_type'::regclass AND y.oid = u.refobjid AND y.typrelid <> u.relid
         UNION ALL SELECT 'function', u.refobjid::regprocedure::text WHERE u.refclassid = 'pg_proc'::regclass
         UNION ALL SELECT 'collation', u.refobjid::regcollation::text WHERE u.refclassid = 'pg_collation'::regclass
         UNION ALL SELECT 'operator', u.refobjid::regoperator::text WHERE u.refclassid = 'pg_operator'::regclass
         UNION ALL SELECT 'operator class', (pg_identify_object(u.refclassid, u.refobjid, 0)).identity WHERE u.refclassid = 'pg_opclass'::regclass
         UNION ALL SELECT 'sequence', s.oid::regclass::text FROM pg_class s
          WHERE u.refclassid = 'pg_class'::regclass AND s.oid = u.refobjid AND s.relkind = 'S'
            AND NOT EXISTS (SELECT FROM pg_depend o WHERE o.classid = 'pg_class'::regclass AND o.objid = s.oid
                               AND o.refclassid = 'pg_class'::regclass AND o.refobjid = u.relid AND o.deptype IN ('a', 'i'))) x
      ORDER BY 1, 2, 3`,
    [oids],
  );
}

/** Of needs and roles, those that the database does not have. */
export async function lacking(session: Session, needs: readonly Need[], roles: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ what: string }>(
    `SELECT n.kind || ' ' || n.name AS what FROM jsonb_to_recordset($1::jsonb) n (kind text, name text)
      WHERE CASE n.kind WHEN 'type' THEN to_regtype(n.name) IS NULL WHEN 'function' THEN to_regprocedure(n.name) IS NULL
                        WHEN 'collation' THEN to_regcollation(n.name) IS NULL WHEN 'operator' THEN to_regoperator(n.name) IS NULL
                        WHEN 'sequence' THEN to_regclass(n.name) IS NULL
                        ELSE NOT EXISTS (SELECT FROM pg_opclass o WHERE (pg_identify_object('pg_opclass'::regclass, o.oid, 0)).identity = n.name) END
      UNION SELECT 'role ' || quote_ident(r) FROM unnest($2::text[]) r
      WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r)
      ORDER BY 1`,
    [JSON.stringify(needs), roles],
  );
  return rows.map(({ what }) => what);
}

/** What has the name of a relation, a table or not. */
export interface NamedRelation {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly kind: string;
  /** The server's counters know of rows in it. */
  readonly hasRows: boolean;
}

/** Relations of these names that there are. */
export async function relationsNamed(
  session: Session,
  names: readonly { schema: string; name: string }[],
): Promise<NamedRelation[]> {
  return session.query<NamedRelation>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, c.oid::int8::float8 AS oid, c.relkind::text AS kind,
            CASE WHEN c.relkind = 'p' THEN
              (WITH RECURSIVE below AS (SELECT c.oid AS relid UNION ALL
                 SELECT i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.relid)
               SELECT coalesce(bool_or(pg_stat_get_live_tuples(b.relid) > 0), false) FROM below b)
                 ELSE coalesce(pg_stat_get_live_tuples(c.oid), 0) > 0 END AS "hasRows"
       FROM jsonb_to_recordset($1::jsonb) w (schema text, name text)
       JOIN pg_namespace n ON n.nspname = w.schema
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name`,
    [JSON.stringify(names.map(({ schema, name }) => ({ schema, name })))],
  );
}

/** Schemas of these names that there are. */
export async function schemasNamed(session: Session, names: readonly string[]): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT nspname::text AS name FROM pg_namespace WHERE nspname::text = ANY ($1::text[]) ORDER BY 1`,
    [names],
  );
  return rows.map(({ name }) => name);
}

export interface CopyRights {
  readonly schema: string;
  readonly name: string;
  readonly usage: boolean;
  readonly select: boolean;
  /** Row level security hides nothing from it. */
  readonly seesAll: boolean;
}

/** What a role may already do of all that the copy of a table takes. */
export async function copyRights(session: Session, role: string, oids: readonly number[]): Promise<CopyRights[]> {
  return session.query<CopyRights>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, has_schema_privilege(r.oid, n.oid, 'USAGE') AS usage,
            has_table_privilege(r.oid, c.oid, 'SELECT') AS "select",
            NOT c.relrowsecurity OR r.rolsuper OR r.rolbypassrls AS "seesAll"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.rolname = $1
      WHERE c.oid = ANY ($2::oid[]) ORDER BY 1, 2`,
    [role, oids],
  );
}

/**
 * What copies into the current database have read by now, to be told from what they read later. Before 14 no server counts
 * it: then it is another answer each time.
 */
export async function copiedSoFar(session: Session): Promise<string> {
  if (session.serverVersionNum < 140_000) return String(Date.now());
  const [row] = await session.query<{ bytes: string }>(
    `SELECT coalesce(sum(bytes_processed), 0)::text AS bytes FROM pg_stat_progress_copy WHERE datname = current_database()`,
  );
  return row!.bytes;
}
