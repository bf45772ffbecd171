import type { Session } from '../session';
import { partitionRootSql } from './partition-roots';

export type EvaluatedKind =
  'index' | 'constraint' | 'generated column' | 'default' | 'domain' | 'partition key' | 'trigger';

/** A function of a user, and one place that evaluates it when a row is applied. */
export interface FunctionUse {
  /** The table that a selection names: the root, where this is a partition. */
  readonly rootSchema: string;
  readonly rootName: string;
  readonly schema: string;
  readonly table: string;
  readonly tableOid: number;
  readonly owner: string;
  readonly kind: EvaluatedKind;
  /** Catalog and id of the object that holds the expression. */
  readonly catalog: string;
  readonly objectOid: number;
  /** Name of the index, constraint, column, parent table or trigger. */
  readonly object: string;
  readonly functionOid: number;
  /** As ALTER FUNCTION takes it, schema and argument types included. */
  readonly signature: string;
  readonly functionSchema: string;
  readonly language: string;
  readonly volatile: boolean;
  readonly body: string;
  /** It has no search_path of its own, and its body is text in which names are looked up when it runs. */
  readonly looksUp: boolean;
  readonly ownerMayExecute: boolean;
}

/**
 * Those that look names up, or that the table's owner may not execute, as whom rows are written from 16 on: of
 * the functions that expressions of tables, and triggers that fire on apply, refer to. Their own references
 * are followed where the catalog knows them: SQL-standard bodies, from 14 on, are bound like views. A function
 * with a search_path of its own brings it for whatever it calls.
 */
export async function functionUses(session: Session): Promise<FunctionUse[]> {
  const bound = session.serverVersionNum < 140000 ? 'false' : 'p.prosqlbody IS NOT NULL';
  const looksUp = `(s.lanname NOT IN ('internal', 'c') AND NOT s.bound AND NOT s.brings_path)`;
  return session.query<FunctionUse>(
    `WITH RECURSIVE ${partitionRootSql(session)},
     tables AS (
       SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND c.relpersistence = 'p'
          AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
     suspects AS (
       SELECT p.oid, p.pronamespace, p.prosrc, p.provolatile, l.lanname, ${bound} AS bound,
              EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%') AS brings_path
         FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.prokind = 'f' AND p.pronamespace <> 'pg_catalog'::regnamespace),
     places AS (
       SELECT 'pg_class'::regclass AS catalog, i.indexrelid AS id, i.indrelid AS rel, 'index' AS kind, NULL::int AS part
         FROM pg_index i WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
       UNION ALL
       SELECT 'pg_constraint', k.oid, k.conrelid, 'constraint', NULL FROM pg_constraint k
        WHERE k.contype = 'c' AND k.conrelid <> 0
       UNION ALL
       SELECT 'pg_attrdef', d.oid, d.adrelid, CASE a.attgenerated WHEN '' THEN 'default' ELSE 'generated column' END,
              d.adnum
         FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
       UNION ALL
       SELECT 'pg_constraint', k.oid, a.attrelid, 'domain', a.attnum
         FROM pg_constraint k JOIN pg_attribute a ON a.atttypid = k.contypid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE k.contypid <> 0
       UNION ALL
       SELECT 'pg_class', i.inhparent, i.inhrelid, 'partition key', NULL
         FROM pg_inherits i JOIN pg_partitioned_table t ON t.partrelid = i.inhparent WHERE t.partexprs IS NOT NULL
       UNION ALL
       SELECT 'pg_trigger', t.oid, t.tgrelid, 'trigger', NULL FROM pg_trigger t
        WHERE NOT (t.tgisinternal AND t.tgconstraint <> 0) AND t.tgenabled IN ('A', 'R')),
     -- Up to 14 what a generated column uses is what the column depends on, later what its expression does
     -- (StoreAttrDefault in heap.c and pg_attrdef.c).
     needs AS (
       SELECT CASE WHEN e.oid IS NULL THEN d.classid ELSE 'pg_attrdef'::regclass END AS classid,
              coalesce(e.oid, d.objid) AS objid, d.refclassid, d.refobjid
         FROM pg_depend d
         LEFT JOIN pg_attrdef e ON d.classid = 'pg_class'::regclass AND e.adrelid = d.objid AND e.adnum = d.objsubid
        WHERE d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
          AND d.classid IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass, 'pg_trigger'::regclass)),
     direct AS (
       SELECT classid, objid, refobjid AS function FROM needs WHERE refclassid = 'pg_proc'::regclass
       UNION
       SELECT classid, objid, o.oprcode::oid FROM needs JOIN pg_operator o ON o.oid = refobjid
        WHERE refclassid = 'pg_operator'::regclass),
     reached AS (
       SELECT classid, objid, function FROM direct
       UNION
       SELECT r.classid, r.objid, d.refobjid FROM reached r
         JOIN suspects s ON s.oid = r.function AND s.bound AND NOT s.brings_path
         JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_proc'::regclass)
     SELECT rn.nspname::text AS "rootSchema", rc.relname::text AS "rootName", n.nspname::text AS schema,
            c.relname::text AS table, c.oid::int8::float8 AS "tableOid", pg_get_userbyid(c.relowner)::text AS owner, p.kind,
            p.catalog::text AS catalog, p.id::int8::float8 AS "objectOid",
            coalesce(a.attname, x.relname, k.conname, t.tgname, '')::text AS object,
            s.oid::int8::float8 AS "functionOid", s.oid::regprocedure::text AS signature, fn.nspname::text AS "functionSchema",
            s.lanname::text AS language, s.provolatile = 'v' AS volatile, s.prosrc AS body,
            ${looksUp} AS "looksUp",
            has_function_privilege(c.relowner, s.oid, 'EXECUTE') AS "ownerMayExecute"
       FROM places p
       JOIN tables ON tables.oid = p.rel
       JOIN reached r ON r.classid = p.catalog AND r.objid = p.id
       JOIN suspects s ON s.oid = r.function
       JOIN pg_namespace fn ON fn.oid = s.pronamespace
       JOIN pg_class c ON c.oid = p.rel
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN partition_root o ON o.relid = c.oid
       JOIN pg_class rc ON rc.oid = coalesce(o.root, c.oid)
       JOIN pg_namespace rn ON rn.oid = rc.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = p.rel AND a.attnum = p.part
       LEFT JOIN pg_class x ON p.kind IN ('index', 'partition key') AND x.oid = p.id
       LEFT JOIN pg_constraint k ON p.kind = 'constraint' AND k.oid = p.id
       LEFT JOIN pg_trigger t ON p.kind = 'trigger' AND t.oid = p.id
      WHERE ${looksUp} OR NOT has_function_privilege(c.relowner, s.oid, 'EXECUTE')
      ORDER BY 3, 4, p.kind, object, signature`,
  );
}
