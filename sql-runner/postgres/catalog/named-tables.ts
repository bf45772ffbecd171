import type { Session } from '../session';
import { subscribedSql } from './written-here';

export interface NamedColumn {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  /** Written since the subscription was made: by ADD COLUMN, or by whatever alters one. False as well where that is not known. */
  readonly written: boolean;
  /** By which transaction. */
  readonly xmin: string;
}

/** A table with all that has a name in it, by its number. */
export interface NamedTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Who made it: the transaction of its row of ctid, which every table has and nothing writes again. */
  readonly made: string;
  /** Made since the subscription was made. False as well where that is not known. */
  readonly later: boolean;
  /** Neither a part of another one nor made of others. */
  readonly alone: boolean;
  readonly columns: readonly NamedColumn[];
}

/** @param publication on a clone, that of the subscription; see written-here.ts */
export async function namedTables(
  session: Session,
  oids: readonly number[],
  publication: string,
): Promise<NamedTable[]> {
  return session.query<NamedTable>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name, t.xmin::text AS made,
            coalesce(t.xmin::text::int8 > p.since, false) AS later,
            c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) AS alone,
            (SELECT coalesce(json_agg(json_build_object('number', a.attnum, 'name', a.attname,
                      'type', format_type(a.atttypid, a.atttypmod),
                      'xmin', a.xmin::text, 'written', coalesce(a.xmin::text::int8 > p.since, false)) ORDER BY a.attnum), '[]')
               FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
       FROM (SELECT p.pubname, ${subscribedSql()} AS since FROM (SELECT $2::name AS pubname) p) p
       CROSS JOIN pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum = -1
      WHERE c.oid = ANY ($1::oid[]) AND c.relkind IN ('r', 'p')
      ORDER BY 1`,
    [oids, publication],
  );
}

/**
 * Of these names those that a table cannot be given: by a relation of any kind, or by a type, as a table has one of its
 * name. An array type makes way by itself (RenameTypeInternal in pg_type.c).
 */
export async function namesTaken(
  session: Session,
  names: readonly { schema: string; name: string }[],
): Promise<{ schema: string; name: string }[]> {
  return session.query<{ schema: string; name: string }>(
    `SELECT w.schema, w.name FROM jsonb_to_recordset($1::jsonb) w (schema text, name text)
       JOIN pg_namespace n ON n.nspname = w.schema
      WHERE EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = w.name)
         OR EXISTS (SELECT FROM pg_type t WHERE t.typnamespace = n.oid AND t.typname = w.name AND t.typcategory <> 'A')
      ORDER BY 1, 2`,
    [JSON.stringify(names.map(({ schema, name }) => ({ schema, name })))],
  );
}
