import type { Session } from '../session';
import { partitionRootSql } from './partition-roots';

/** A column of a table whose rows are looked up by their full contents. */
export interface FullIdentityColumn {
  /** The table that a selection names: the root, where the column is of a partition. */
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly type: string;
}

/**
 * Columns of tables with REPLICA IDENTITY FULL whose type has no equality of
 * its own: the apply worker looks for one in the default btree or hash operator
 * class and gives up without (tuples_equal in execReplication.c, lookup_type_cache).
 * Domains, arrays, ranges, multiranges and composites are as good as what they are made of.
 */
export async function unmatchableColumns(session: Session): Promise<FullIdentityColumn[]> {
  return columnsOf(session, 'unmatchable');
}

/**
 * Columns of tables with REPLICA IDENTITY FULL and no primary key, whose type
 * takes values for equal that are not the same: 1.0 and 1.00, 0 and -0, one
 * month and 30 days, what a collation or citext folds. The apply worker takes
 * the first row that is equal (RelationFindReplTupleSeq), which may be another.
 */
export async function inexactColumns(session: Session): Promise<FullIdentityColumn[]> {
  return columnsOf(session, 'inexact');
}

const UNMATCHABLE = `t.typtype = 'b' AND NOT (t.typcategory = 'A' AND t.typelem <> 0)
  AND NOT EXISTS (
    SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
     WHERE m.amname IN ('btree', 'hash') AND o.opcdefault
       AND (o.opcintype = t.oid OR EXISTS (
             SELECT FROM pg_cast k WHERE k.castsource = t.oid AND k.casttarget = o.opcintype
                AND k.castmethod = 'b' AND k.castcontext = 'i')))`;

const INEXACT = `(t.oid = ANY ('{float4,float8,interval,jsonb}'::regtype[]) OR t.typname = 'citext'
   OR p.typmod = -1 AND t.oid = ANY ('{numeric,bpchar}'::regtype[])
   OR EXISTS (SELECT FROM pg_collation l WHERE l.oid = p.coll AND NOT l.collisdeterministic))
  AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate)`;

async function columnsOf(session: Session, kind: 'unmatchable' | 'inexact'): Promise<FullIdentityColumn[]> {
  const multirange = session.serverVersionNum < 140000 ? '' : ' OR r.rngmultitypid = t.oid';
  return session.query<FullIdentityColumn>(
    `WITH RECURSIVE ${partitionRootSql(session)},
     part (relid, attname, top, typ, typmod, coll) AS (
       SELECT c.oid, a.attname, a.atttypid, a.atttypid, a.atttypmod, a.attcollation
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND c.relreplident = 'f' AND c.relpersistence = 'p'
          AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       UNION
       SELECT p.relid, p.attname, p.top, inside.typ, inside.typmod, inside.coll
         FROM part p JOIN pg_type t ON t.oid = p.typ
        CROSS JOIN LATERAL (
          SELECT t.typbasetype, t.typtypmod, p.coll WHERE t.typtype = 'd'
          UNION ALL SELECT t.typelem, p.typmod, p.coll WHERE t.typcategory = 'A' AND t.typelem <> 0
          UNION ALL SELECT r.rngsubtype, -1, r.rngcollation FROM pg_range r
                     WHERE r.rngtypid = t.oid${multirange}
          UNION ALL SELECT x.atttypid, x.atttypmod, x.attcollation FROM pg_attribute x
                     WHERE t.typtype = 'c' AND x.attrelid = t.typrelid AND x.attnum > 0 AND NOT x.attisdropped
        ) inside (typ, typmod, coll))
     SELECT DISTINCT rn.nspname::text AS "rootSchema", r.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS name, p.attname::text AS "column", format_type(p.top, NULL) AS type
       FROM part p
       JOIN pg_type t ON t.oid = p.typ
       JOIN pg_class c ON c.oid = p.relid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN partition_root o ON o.relid = c.oid
       JOIN pg_class r ON r.oid = coalesce(o.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = r.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ${kind === 'inexact' ? INEXACT : UNMATCHABLE}
      ORDER BY 3, 4, 5`,
  );
}
