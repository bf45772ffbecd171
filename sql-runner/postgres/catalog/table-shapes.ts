import type { Session } from '../session';
import type { ReplicaIdentity } from './tables';

/** The definition of one table, as far as replication depends on it. */
export interface TableShape {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** pg_class.relfilenode: another one than the source's means that one side has written all rows anew. 0 of a root. */
  readonly file: number;
  readonly identity: ReplicaIdentity;
  readonly columns: readonly ColumnShape[];
  /** Numbers of columns that were dropped. */
  readonly dropped: readonly number[];
  readonly indexes: readonly UniqueIndex[];
  readonly checks: readonly TableCheck[];
}

export interface ColumnShape {
  /** pg_attribute.attnum, which a rename keeps. */
  readonly number: number;
  readonly name: string;
  /** Qualified as in SQL: `numeric(10,2)`, `public."Mood"`. */
  readonly type: string;
  /** As in SQL; null when it is that of the type. */
  readonly collation: string | null;
  readonly notNull: boolean;
  readonly identity: '' | 'a' | 'd';
  /** `s` stored, `v` virtual (18). */
  readonly generated: '' | 's' | 'v';
  /** Of the default, or of a generated column. */
  readonly expression: string | null;
  /** What rows have that were there before the column was added and were not written since; null: NULL, or none such. */
  readonly missing: string | null;
  /** Of a clone: it was there, as it is now, before the table was subscribed. Null where no subscription takes it. */
  readonly cameWithClone: boolean | null;
}

/** A unique index, of a constraint or not, or the index of an exclusion constraint. */
export interface UniqueIndex {
  readonly schema: string;
  readonly name: string;
  readonly constraint: string | null;
  readonly primary: boolean;
  readonly exclusion: boolean;
  /** Rows that are written are held against it, half-built or not. */
  readonly ready: boolean;
  readonly valid: boolean;
  readonly immediate: boolean;
  readonly replicaIdentity: boolean;
  /** Key columns in order; null when there are expressions or a predicate. */
  readonly columns: readonly string[] | null;
  /** Equal for indexes that refuse the same rows. */
  readonly refuses: string;
  /** CREATE UNIQUE INDEX … */
  readonly definition: string;
  /** It belongs to an index of the partitioned table. */
  readonly inherited: boolean;
  readonly referencedBy: readonly { readonly schema: string; readonly table: string; readonly name: string }[];
}

export interface TableCheck {
  readonly name: string;
  /** `CHECK ((price > 0))`. */
  readonly definition: string;
  /** It belongs to a table above. */
  readonly inherited: boolean;
}

/**
 * The definitions of some tables, by oid. It opens each, unlike the digests: only
 * for tables that nobody holds an ACCESS EXCLUSIVE lock on, see lockedTables().
 */
export async function tableShapes(session: Session, oids: readonly number[]): Promise<TableShape[]> {
  return session.query<TableShape>(
    `WITH columns AS (
       SELECT a.attrelid, jsonb_agg(a.attnum) FILTER (WHERE a.attisdropped) AS dropped,
              jsonb_agg(jsonb_build_object('number', a.attnum, 'name', a.attname,
                'type', format_type(a.atttypid, a.atttypmod),
                'collation', CASE WHEN a.attcollation <> y.typcollation THEN
                               quote_ident(ln.nspname) || '.' || quote_ident(l.collname) END,
                'notNull', a.attnotnull, 'identity', a.attidentity, 'generated', a.attgenerated,
                'expression', pg_get_expr(d.adbin, d.adrelid), 'missing', (a.attmissingval::text::text[])[1],
                'cameWithClone', age(a.xmin) > age(s.xmin)) ORDER BY a.attnum) FILTER (WHERE NOT a.attisdropped) AS list
         FROM pg_attribute a
         LEFT JOIN pg_type y ON y.oid = a.atttypid
         LEFT JOIN pg_collation l ON l.oid = a.attcollation
         LEFT JOIN pg_namespace ln ON ln.oid = l.collnamespace
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         LEFT JOIN (SELECT DISTINCT ON (srrelid) srrelid, xmin FROM pg_subscription_rel ORDER BY srrelid, age(xmin) DESC) s
                ON s.srrelid = a.attrelid
        WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0
        GROUP BY 1),
     keys AS (
       SELECT i.indexrelid, jsonb_agg(a.attname ORDER BY k.position) AS columns,
              -- A deterministic collation takes only the same bytes for equal: it sorts, and refuses no row.
              string_agg(concat_ws(' ', coalesce(quote_ident(a.attname), '()'), o.opcname,
                                   CASE WHEN NOT l.collisdeterministic THEN l.collname END), ', '
                         ORDER BY a.attname, k.position) AS text
         FROM pg_index i
        CROSS JOIN unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[]) WITH ORDINALITY
                   k (attnum, opclass, collid, position)
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
         LEFT JOIN pg_opclass o ON o.oid = k.opclass
         LEFT JOIN pg_collation l ON l.oid = k.collid
        WHERE i.indrelid = ANY ($1::oid[]) AND k.position <= i.indnkeyatts
        GROUP BY 1),
     referencing AS (
       SELECT f.conindid, jsonb_agg(jsonb_build_object('schema', n.nspname, 'table', c.relname, 'name', f.conname)) AS list
         FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confrelid = ANY ($1::oid[])
        GROUP BY 1),
     indexes AS (
       SELECT i.indrelid, jsonb_agg(jsonb_build_object('schema', n.nspname, 'name', c.relname, 'constraint', x.conname,
                'primary', i.indisprimary, 'exclusion', i.indisexclusion, 'ready', i.indisready, 'valid', i.indisvalid,
                'immediate', i.indimmediate, 'replicaIdentity', i.indisreplident,
                'columns', CASE WHEN i.indexprs IS NULL AND i.indpred IS NULL THEN k.columns END,
                'refuses', concat_ws(' ', k.text, to_jsonb(i) ->> 'indnullsnotdistinct',
                             pg_get_expr(i.indexprs, i.indrelid), 'WHERE ' || pg_get_expr(i.indpred, i.indrelid),
                             CASE WHEN i.indisexclusion THEN pg_get_constraintdef(x.oid) END),
                'definition', pg_get_indexdef(i.indexrelid), 'inherited', c.relispartition,
                'referencedBy', coalesce(f.list, '[]')) ORDER BY c.relname) AS list
         FROM pg_index i
         JOIN pg_class c ON c.oid = i.indexrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
         JOIN keys k ON k.indexrelid = i.indexrelid
         LEFT JOIN pg_constraint x ON x.conindid = i.indexrelid AND x.contype IN ('p', 'u', 'x')
         LEFT JOIN referencing f ON f.conindid = i.indexrelid
        WHERE i.indrelid = ANY ($1::oid[]) AND (i.indisunique OR i.indisexclusion) AND i.indislive
        GROUP BY 1),
     checks AS (
       SELECT k.conrelid, jsonb_agg(jsonb_build_object('name', k.conname, 'inherited', NOT k.conislocal,
                'definition', 'CHECK (' || pg_get_expr(k.conbin, k.conrelid) || ')') ORDER BY k.conname) AS list
         FROM pg_constraint k
        WHERE k.conrelid = ANY ($1::oid[]) AND k.contype = 'c'
          AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
        GROUP BY 1)
     SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            c.relfilenode::int8::float8 AS file, c.relreplident::text AS identity, coalesce(a.list, '[]') AS columns,
            coalesce(a.dropped, '[]') AS dropped, coalesce(i.list, '[]') AS indexes, coalesce(k.list, '[]') AS checks
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN columns a ON a.attrelid = c.oid
       LEFT JOIN indexes i ON i.indrelid = c.oid
       LEFT JOIN checks k ON k.conrelid = c.oid
      WHERE c.oid = ANY ($1::oid[])`,
    [oids],
  );
}

/** Whichever of the tables somebody holds, or waits for, a lock on that keeps readers out; by whom. */
export async function lockedTables(session: Session, oids: readonly number[]): Promise<{ oid: number; pid: number }[]> {
  return session.query(
    `SELECT l.relation::int8::float8 AS oid, min(l.pid) AS pid FROM pg_locks l
      WHERE l.relation = ANY ($1::oid[]) AND l.mode = 'AccessExclusiveLock'
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      GROUP BY 1`,
    [oids],
  );
}
