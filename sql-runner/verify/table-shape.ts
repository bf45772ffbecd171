import type { Session } from '../postgres/session';
import type { TableRef } from './types';

export interface ColumnShape {
  readonly name: string;
  /** As format_type prints it: `numeric(10,2)`, `public.mood`. */
  readonly type: string;
  /** pg_type.typname of the column's type and, for arrays, of its element. */
  readonly typeName: string;
  readonly elementName: string | null;
  /** Whether the type (and an array's element) belongs to PostgreSQL itself: then its OID is the same everywhere. */
  readonly builtIn: boolean;
  /** Kind in pg_type.typtype: base, composite, domain, enum, multirange, range. */
  readonly typeKind: string;
  /** The type's binary output function; null when it (or an array's element) has none. */
  readonly sendFunction: string | null;
}

export interface TableShape {
  readonly relkind: string;
  readonly columns: readonly ColumnShape[];
  /** Columns of the primary key, else of the replica identity index; empty when there is neither. */
  readonly key: readonly string[];
  /** By the statistics; 0 when unknown. */
  readonly estimatedRows: number;
}

/** null when there is no such relation. */
export async function readShape(session: Session, table: TableRef): Promise<TableShape | null> {
  const [relation] = await session.query<{ oid: number; relkind: string; estimatedRows: number }>(
    `SELECT c.oid::int8::float8 AS oid, c.relkind::text AS relkind,
            (SELECT coalesce(sum(greatest(l.reltuples, 0)), 0)::float8 FROM pg_class l
              WHERE l.oid = c.oid OR c.relkind = 'p' AND l.oid IN (
                SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf)) AS "estimatedRows"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2`,
    [table.schema, table.name],
  );
  if (relation === undefined) return null;
  const columns = await readColumns(session, relation.oid);
  const key = await readKey(session, relation.oid);
  return { relkind: relation.relkind, columns, key, estimatedRows: relation.estimatedRows };
}

function readColumns(session: Session, oid: number): Promise<ColumnShape[]> {
  // 16384 is FirstNormalObjectId: below it are the objects of initdb, the same on every server of a major.
  return session.query<ColumnShape>(
    `SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type,
            t.typname::text AS "typeName", e.typname::text AS "elementName",
            t.oid < 16384 AND coalesce(e.oid < 16384, true) AS "builtIn", t.typtype::text AS "typeKind",
            CASE WHEN t.typsend <> 0 AND coalesce(e.typsend <> 0, true) THEN
              (SELECT p.proname::text FROM pg_proc p WHERE p.oid = t.typsend) END AS "sendFunction"
       FROM pg_attribute a
       JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
      WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum`,
    [oid],
  );
}

async function readKey(session: Session, oid: number): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT a.attname::text AS name
       FROM (SELECT indrelid, indkey, indnkeyatts FROM pg_index
              WHERE indrelid = $1 AND indisvalid AND (indisprimary OR indisreplident)
              ORDER BY indisprimary DESC LIMIT 1) i
      CROSS JOIN LATERAL generate_series(0, i.indnkeyatts - 1) AS k (position)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position]
      ORDER BY k.position`,
    [oid],
  );
  return rows.map((row) => row.name);
}
