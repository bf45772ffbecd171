import type { Statement } from '../../model/change';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';

/** What both sides have: the defaults of a table, as each would compute them. */
export const defaults = (schema: string): Statement[] => [defaultsFunction(schema)];

/** What the clone has: whether a default gives the same on both sides. */
export const computing = (schema: string): Statement[] => [fixedFunction(schema), computedFunction(schema)];

/** A column's own default, or that of its type (rewriteHandler.c, build_column_default). */
const DEFAULT_OF = `pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum`;

/**
 * The default of each column of a table, as text: noted where a table is rewritten. A constant may be another on each
 * side: 'today' is read when the default is made.
 */
function defaultsFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.defaults(relation oid) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $defaults$
  SELECT coalesce(jsonb_object_agg(a.attname, md5(coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0)))), '{}')
    FROM ${DEFAULT_OF}
   WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     AND coalesce(d.adbin, t.typdefaultbin) IS NOT NULL
$defaults$`,
  };
}

/** Nodes of an expression that compute nothing by themselves. */
const PLAIN = ['CONST', 'RELABELTYPE', 'COERCETODOMAIN', 'COLLATE', 'COLLATEEXPR', 'ARRAY', 'ARRAYEXPR', 'BOOLEXPR'];

/**
 * Whether an expression gives the same at any time and on any server. Each of its nodes must be one that is known: those of
 * current_date, of nextval() and of conversions by text are others. What users wrote may read tables whatever it says
 * of itself; functions in C that say so do not, as those of extensions (as for casts: own_cast).
 */
function fixedFunction(schema: string): Statement {
  const known = (condition: string) => `EXISTS (
           SELECT FROM pg_proc p JOIN pg_language g ON g.oid = p.prolang
            WHERE p.oid = ${condition} AND p.provolatile = 'i' AND (p.oid < 16384 OR g.lanname IN ('c', 'internal')))`;
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.fixed(expression pg_node_tree) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $fixed$
  SELECT coalesce(bool_and(CASE WHEN m[1] IN (${PLAIN.map(quoteLiteral).join(', ')}) THEN true
      WHEN m[1] = 'FUNCEXPR' THEN ${known('m[2]::oid')}
      WHEN m[1] = 'OPEXPR' THEN ${known('(SELECT o.oprcode::oid FROM pg_operator o WHERE o.oid = m[2]::oid)')}
      ELSE false END), false)
    FROM regexp_matches(expression::text, '[{]([^ {}]*)(?: :(?:funcid|opno) ([0-9]+))?', 'g') m
$fixed$`,
  };
}

/**
 * Columns that came with a statement to tables that have rows, where old rows have what the default gave them and no value is
 * held for them that could be compared (attmissingval: \`held\`): so it is after a rewrite. Each with its table, what its
 * default is, and whether that is the same on both sides.
 */
function computedFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.computed(before jsonb, after jsonb, held jsonb) RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $computed$
  SELECT jsonb_agg(jsonb_build_array(c.oid::regclass::text, a.attname, ${s}.defaults(c.oid) ->> a.attname,
           a.attidentity = '' AND ${s}.fixed(coalesce(d.adbin, t.typdefaultbin))))
    FROM jsonb_each(after) x JOIN pg_class c ON c.oid = x.key::oid JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN ${DEFAULT_OF}
   WHERE a.attrelid = c.oid AND a.attnum > coalesce((before -> x.key ->> 0)::int, 0) AND NOT a.attisdropped AND a.attgenerated = ''
     AND (x.value ->> 0)::int > coalesce((before -> x.key ->> 0)::int, 0)
     AND (a.attidentity <> '' OR coalesce(d.adbin, t.typdefaultbin) IS NOT NULL)
     AND CASE c.relkind WHEN 'r' THEN pg_relation_size(c.oid) > 0 END
     AND NOT EXISTS (SELECT FROM jsonb_array_elements(held) h WHERE h - 3 = jsonb_build_array(n.nspname, c.relname, a.attname))
$computed$`,
  };
}
