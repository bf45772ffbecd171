import type { Session } from '../postgres/session';
import type { TableRef } from './types';

export interface ColumnShape {
  readonly name: string;
  /** As format_type prints it: `numeric(10,2)`, `public.mood`. It is SQL. */
  readonly type: string;
  /** Whether the type is a domain; the fields below are those of the type it stands for in the end. */
  readonly domain: boolean;
  /** As `type`. */
  readonly baseType: string;
  /** Its pg_type.typname. */
  readonly baseName: string;
  /** Whether it belongs to PostgreSQL itself. */
  readonly builtIn: boolean;
}

export interface KeyColumn {
  readonly name: string;
  /** Schema of the `=` that the key's index goes by; null when the index does not know one (no B-tree). */
  readonly equalsIn: string | null;
}

export interface TableShape {
  readonly oid: string;
  readonly relkind: string;
  readonly columns: readonly ColumnShape[];
  /** Columns of the primary key, else of the replica identity index; empty when there is neither. */
  readonly key: readonly KeyColumn[];
  /** By the statistics; 0 when unknown. */
  readonly estimatedRows: number;
}

/** null when there is no such relation. Locks nothing. */
export async function readShape(session: Session, table: TableRef): Promise<TableShape | null> {
  const [relation] = await session.query<{ oid: string; relkind: string; estimatedRows: number }>(
    `WITH RECURSIVE relation AS (
       SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
     ), tree (oid) AS (
       SELECT oid FROM relation
       UNION ALL
       SELECT i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
        WHERE (SELECT relkind FROM relation) = 'p')
     SELECT oid::text AS oid, relkind::text AS relkind,
            (SELECT coalesce(sum(greatest(l.reltuples, 0)) FILTER (WHERE l.relkind = 'r'), 0)::float8
               FROM tree JOIN pg_class l ON l.oid = tree.oid) AS "estimatedRows"
       FROM relation`,
    [table.schema, table.name],
  );
  if (relation === undefined) return null;
  const columns = await readColumns(session, relation.oid);
  const key = await readKey(session, relation.oid);
  return { ...relation, columns, key };
}

function readColumns(session: Session, oid: string): Promise<ColumnShape[]> {
  // 16384 is FirstNormalObjectId: below it are the objects of initdb, the same on every server of a major.
  return session.query<ColumnShape>(
    `WITH RECURSIVE base (attnum, type, typmod) AS (
       SELECT attnum, atttypid, atttypmod FROM pg_attribute
        WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped
       UNION ALL
       SELECT base.attnum, t.typbasetype, t.typtypmod
         FROM base JOIN pg_type t ON t.oid = base.type WHERE t.typtype = 'd')
     SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, b.oid <> a.atttypid AS domain,
            format_type(b.oid, base.typmod) AS "baseType", b.typname::text AS "baseName", b.oid < 16384 AS "builtIn"
       FROM base
       JOIN pg_type b ON b.oid = base.type AND b.typtype <> 'd'
       JOIN pg_attribute a ON a.attrelid = $1::oid AND a.attnum = base.attnum
      ORDER BY a.attnum`,
    [oid],
  );
}

function readKey(session: Session, oid: string): Promise<KeyColumn[]> {
  // Equality is strategy 3 of access method 403, the B-tree.
  return session.query<KeyColumn>(
    `SELECT a.attname::text AS name, n.nspname::text AS "equalsIn"
       FROM (SELECT indrelid, indkey, indclass, indnkeyatts FROM pg_index
              WHERE indrelid = $1::oid AND indisvalid AND (indisprimary OR indisreplident)
              ORDER BY indisprimary DESC LIMIT 1) i
      CROSS JOIN generate_series(0, i.indnkeyatts - 1) AS k (position)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position]
       JOIN pg_opclass c ON c.oid = i.indclass[k.position]
       LEFT JOIN pg_amop m ON m.amopfamily = c.opcfamily AND m.amopmethod = 403 AND m.amopstrategy = 3
                          AND m.amoplefttype = c.opcintype AND m.amoprighttype = c.opcintype
       LEFT JOIN pg_operator o ON o.oid = m.amopopr AND o.oprname = '='
       LEFT JOIN pg_namespace n ON n.oid = o.oprnamespace
      ORDER BY k.position`,
    [oid],
  );
}
