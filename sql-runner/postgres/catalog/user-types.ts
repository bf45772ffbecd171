import type { Session } from '../session';

/** A type of the database's own whose definition decides which values it takes. */
export interface UserType {
  readonly oid: number;
  /** Of the arrays, and from 14 on of the multiranges, of it. */
  readonly arrays: readonly number[];
  readonly schema: string;
  readonly name: string;
  /** Enum, domain, composite, range. */
  readonly kind: 'e' | 'd' | 'c' | 'r';
  /** Oids of what it is made of. */
  readonly uses: readonly number[];
  /** Of an enum, in order. A clone keeps the oids, and a rename too. */
  readonly labels: readonly { readonly oid: number; readonly label: string }[];
  /** The base type of a domain, the subtype of a range; as in SQL. */
  readonly base: string | null;
  readonly notNull: boolean;
  /** Of a domain. */
  readonly checks: readonly { readonly name: string; readonly definition: string }[];
  /** Of a composite type, in order. */
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
}

/** Row types of tables are left out. Takes no lock on any table: checks of domains name none. */
export async function userTypes(session: Session): Promise<UserType[]> {
  return session.query<UserType>(
    `WITH labels AS (
       SELECT e.enumtypid, jsonb_agg(jsonb_build_object('oid', e.oid::int8, 'label', e.enumlabel)
                                     ORDER BY e.enumsortorder) AS list
         FROM pg_enum e GROUP BY 1),
     checks AS (
       SELECT k.contypid, jsonb_agg(jsonb_build_object('name', k.conname, 'definition',
                regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')) ORDER BY k.conname) AS list
         FROM pg_constraint k WHERE k.contypid <> 0 AND k.contype = 'c' GROUP BY 1),
     attributes AS (
       SELECT a.attrelid, jsonb_agg(a.atttypid::int8) AS types,
              jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
                        ORDER BY a.attnum) AS list
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind = 'c' GROUP BY 1)
     SELECT t.oid::int8::float8 AS oid, n.nspname::text AS schema, t.typname::text AS name, t.typtype::text AS kind,
            CASE t.typtype WHEN 'r' THEN jsonb_build_array(t.typarray::int8, (to_jsonb(r) ->> 'rngmultitypid')::int8)
                           ELSE jsonb_build_array(t.typarray::int8) END AS arrays,
            CASE t.typtype WHEN 'd' THEN jsonb_build_array(t.typbasetype::int8)
                           WHEN 'r' THEN jsonb_build_array(r.rngsubtype::int8)
                           ELSE coalesce(a.types, '[]') END AS uses,
            coalesce(l.list, '[]') AS labels, t.typnotnull AS "notNull", coalesce(k.list, '[]') AS checks,
            CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
                           WHEN 'r' THEN format_type(r.rngsubtype, NULL) END AS base,
            coalesce(a.list, '[]') AS attributes
       FROM pg_type t
       JOIN pg_namespace n ON n.oid = t.typnamespace
       LEFT JOIN pg_class c ON c.oid = t.typrelid
       LEFT JOIN labels l ON l.enumtypid = t.oid
       LEFT JOIN checks k ON k.contypid = t.oid
       LEFT JOIN attributes a ON a.attrelid = t.typrelid
       LEFT JOIN pg_range r ON r.rngtypid = t.oid
      WHERE (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c')
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY 2, 3`,
  );
}
