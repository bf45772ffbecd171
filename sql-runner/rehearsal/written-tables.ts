import type { ScratchSession } from '../postgres/scratch-session';
import { MARKERS, PUBLICATION } from './stage';

/** A column that values are made up for. */
export interface WrittenColumn {
  readonly name: string;
  /** As SQL names it, with its schema where it is not built in. */
  readonly type: string;
  /** Of the type below a domain: its name, its own kind, and its length or precision (atttypmod), -1 without. */
  readonly base: string;
  readonly kind: 'b' | 'c' | 'd' | 'e' | 'r' | 'm' | 'p';
  readonly modifier: number;
  /** Of an array: the type of its elements; of a range or multirange: that of its ends. */
  readonly element: { readonly name: string; readonly kind: string; readonly labels: readonly string[] } | null;
  readonly labels: readonly string[];
  /** Of a composite: the columns of it. */
  readonly parts: readonly string[];
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
  readonly identity: boolean;
  /** It is in the replica identity, or in the primary key. */
  readonly key: boolean;
  /** Constraints that name it, and what the partition takes: values that stand in them are worth a try. */
  readonly literals: readonly string[];
}

export interface WrittenTable {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly WrittenColumn[];
}

/** Every table that the publication sends. */
export async function writtenTables(session: ScratchSession): Promise<readonly WrittenTable[]> {
  const rows = await session.query<{ schema: string; name: string; columns: (WrittenColumn & { rules: string[] })[] }>(
    `WITH sent AS (
       SELECT c.oid, n.nspname::text AS schema, c.relname::text AS name, c.relreplident, c.relpartbound
         FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname
         JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
        WHERE p.pubname = $1 AND NOT (n.nspname = $2 AND c.relname = $3)),
     typed AS (
       SELECT a.*, s.oid AS relid, y.typtype, COALESCE(b.oid, y.oid) AS baseoid,
              CASE WHEN y.typtype = 'd' THEN y.typtypmod ELSE a.atttypmod END AS modifier
         FROM sent s JOIN pg_attribute a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped
         JOIN pg_type y ON y.oid = a.atttypid
         LEFT JOIN LATERAL (
           WITH RECURSIVE up AS (SELECT y.oid, y.typtype, y.typbasetype
             UNION ALL SELECT p.oid, p.typtype, p.typbasetype FROM up JOIN pg_type p ON p.oid = up.typbasetype WHERE up.typtype = 'd')
           SELECT oid FROM up WHERE typtype <> 'd') b ON true)
     SELECT s.schema, s.name, coalesce((SELECT jsonb_agg(jsonb_build_object(
              'name', t.attname, 'type', format_type(t.atttypid, t.atttypmod), 'base', b.typname, 'kind', b.typtype,
              'modifier', t.modifier, 'labels', ${labelsSql('b')},
              'element', (SELECT jsonb_build_object('name', e.typname, 'kind', e.typtype, 'labels', ${labelsSql('e')})
                            FROM pg_type e WHERE e.oid = CASE WHEN b.typcategory = 'A' THEN b.typelem
                                  WHEN b.typtype = 'r' THEN (SELECT rngsubtype FROM pg_range WHERE rngtypid = b.oid)
                                  WHEN b.typtype = 'm' THEN (SELECT r.rngsubtype FROM pg_range r
                                                              WHERE to_jsonb(r) ->> 'rngmultitypid' = b.oid::text) END),
              'parts', coalesce((SELECT jsonb_agg(format_type(x.atttypid, NULL) ORDER BY x.attnum) FROM pg_attribute x
                                  WHERE b.typtype = 'c' AND x.attrelid = b.typrelid AND x.attnum > 0 AND NOT x.attisdropped), '[]'),
              'notNull', t.attnotnull OR EXISTS (SELECT FROM pg_type d WHERE d.oid = t.atttypid AND d.typnotnull),
              'hasDefault', t.atthasdef, 'generated', t.attgenerated <> '', 'identity', t.attidentity <> '',
              'key', EXISTS (SELECT FROM pg_index i WHERE i.indrelid = s.oid AND t.attnum = ANY (i.indkey)
                                AND (i.indisprimary OR i.indisreplident)),
              'rules', coalesce((SELECT jsonb_agg(pg_get_constraintdef(k.oid)) FROM pg_constraint k
                                  WHERE k.conrelid = s.oid AND k.contype = 'c' AND t.attnum = ANY (k.conkey)
                                     OR k.contypid = t.atttypid AND k.contypid <> 0), '[]')
                || CASE WHEN s.relpartbound IS NULL THEN '[]' ELSE jsonb_build_array(pg_get_expr(s.relpartbound, s.oid)) END)
              ORDER BY t.attnum) FROM typed t JOIN pg_type b ON b.oid = t.baseoid WHERE t.relid = s.oid), '[]') AS columns
       FROM sent s ORDER BY 1, 2`,
    [PUBLICATION, MARKERS.schema, MARKERS.name],
  );
  return rows.map(({ schema, name, columns }) => ({
    schema,
    name,
    columns: columns.map(({ rules, ...column }) => ({ ...column, literals: rules.flatMap(literalsIn) })),
  }));
}

const labelsSql = (type: 'b' | 'e'): string =>
  `coalesce((SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = ${type === 'b' ? 'b.oid' : 'e.oid'}), '[]')`;

/** What stands between quotes, and bare numbers. */
function literalsIn(rule: string): string[] {
  const quoted = [...rule.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replaceAll("''", "'"));
  const bare = [...rule.replace(/'(?:[^']|'')*'/g, '').matchAll(/(?<![\w.])-?\d+(?:\.\d+)?/g)].map(([text]) => text);
  return [...quoted, ...bare];
}
