import type { Session } from '../session';
import type { Grant } from './table-definitions';
import { ofExtensionSql, rightsSql, userSchemaSql } from './rights';

/** A table, view or materialized view of users, as far as it is known without opening it. */
export interface SchemaRelation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** As in pg_class.relkind: `r`, `p`, `v`, `m`, `f`. */
  readonly kind: string;
  /** As in pg_class.relpersistence: `p`, `u`. */
  readonly persistence: string;
  readonly owner: string;
  /** The owner is named by ''. */
  readonly rights: readonly Grant[];
  readonly comment: string | null;
  readonly options: readonly string[];
  /** Rows are kept there; of a materialized view false until it is refreshed. */
  readonly populated: boolean;
}

/** Every one but those of extensions. Takes no lock on any of them. */
export async function schemaRelations(session: Session): Promise<SchemaRelation[]> {
  return session.query<SchemaRelation>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
            c.relpersistence::text AS persistence, pg_get_userbyid(c.relowner)::text AS owner, ${rightsSql('table')} AS rights,
            obj_description(c.oid, 'pg_class') AS comment, coalesce(to_jsonb(c.reloptions), '[]') AS options,
            c.relispopulated AS populated
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't' AND ${userSchemaSql()}
        AND NOT ${ofExtensionSql('pg_class', 'c.oid')}
      ORDER BY 2, 3`,
  );
}

/** What only opening a table tells, beside tableShapes() and tableDefinitions(). */
export interface TableParts {
  readonly oid: number;
  readonly partitionKey: string | null;
  /** How each column is stored, also where that is as its type has it: `EXTENDED`. */
  readonly storage: Readonly<Record<string, string>>;
  readonly indexes: readonly IndexPart[];
  readonly constraints: readonly ConstraintPart[];
}

export interface IndexPart {
  readonly name: string;
  readonly definition: string;
  readonly unique: boolean;
  readonly valid: boolean;
  /** The constraint that it is of. */
  readonly constraint: string | null;
  /** It belongs to an index of the partitioned table. */
  readonly inherited: boolean;
}

export interface ConstraintPart {
  readonly name: string;
  /** As in pg_constraint.contype: `p`, `u`, `x`, `c`, `f`. */
  readonly kind: string;
  readonly definition: string;
  readonly validated: boolean;
  readonly inherited: boolean;
}

/** It opens each table, as tableShapes(): only for tables that nobody holds an ACCESS EXCLUSIVE lock on. */
export async function tableParts(session: Session, oids: readonly number[]): Promise<TableParts[]> {
  return session.query<TableParts>(
    `WITH indexes AS (
       SELECT i.indrelid, jsonb_agg(jsonb_build_object('name', c.relname, 'definition', pg_get_indexdef(i.indexrelid),
                'unique', i.indisunique, 'valid', i.indisvalid, 'constraint', k.conname, 'inherited', c.relispartition) ORDER BY c.relname) AS list
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
        WHERE i.indrelid = ANY ($1::oid[]) AND i.indislive GROUP BY 1),
     constraints AS (
       SELECT k.conrelid, jsonb_agg(jsonb_build_object('name', k.conname, 'kind', k.contype,
                'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''), 'validated', k.convalidated,
                'inherited', NOT k.conislocal OR k.conparentid <> 0) ORDER BY k.conname) AS list
         FROM pg_constraint k WHERE k.conrelid = ANY ($1::oid[]) AND k.contype IN ('p', 'u', 'x', 'c', 'f') GROUP BY 1)
     SELECT c.oid::int8::float8 AS oid, CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS "partitionKey",
            coalesce((SELECT jsonb_object_agg(a.attname, CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
                                                                      WHEN 'x' THEN 'EXTENDED' ELSE 'MAIN' END)
                        FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '{}') AS storage,
            coalesce(i.list, '[]') AS indexes, coalesce(k.list, '[]') AS constraints
       FROM pg_class c LEFT JOIN indexes i ON i.indrelid = c.oid LEFT JOIN constraints k ON k.conrelid = c.oid
      WHERE c.oid = ANY ($1::oid[])`,
    [oids],
  );
}
