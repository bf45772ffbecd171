import type { Statement } from '../../model/change';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';

/** How the server names triggers of its own, with an oid behind it (trigger.c, CreateTriggerFiringOn). */
export const INTERNAL_TRIGGER =
  '^"(RI_ConstraintTrigger_[ac]|PK_ConstraintTrigger|Unique_ConstraintTrigger)_[0-9]+" on ';

/** What a statement does on the clone beyond what event triggers are told. */
export const effects = (schema: string): Statement[] => [
  tablesFunction(schema),
  writtenFunction(schema),
  freshFunction(schema),
  otherValuesFunction(schema),
  typesFunction(schema),
  ownCastFunction(schema),
  lackingFunction(schema),
];

/**
 * Of each table how many columns it ever had, and how many rows this session has written to it: taken before a statement
 * and after it. A table that is rewritten is written anew under another oid, and counts nothing (make_new_heap).
 */
function tablesFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.tables() RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $tables$
  SELECT coalesce(jsonb_object_agg(oid::text, jsonb_build_array(relnatts, pg_stat_get_xact_tuples_inserted(oid)
           + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid))), '{}')
    FROM pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384
$tables$`,
  };
}

/**
 * Tables with rows that a statement wrote: whatever it calls (the query of a materialized view, a check, an index) also
 * wrote them on the source, and what is replicated arrives by itself.
 */
function writtenFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.written(before jsonb, after jsonb) RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $written$
  SELECT string_agg(a.key::oid::regclass::text, ', ' ORDER BY a.key) FROM jsonb_each(after) a JOIN pg_class c ON c.oid = a.key::oid
   WHERE (a.value ->> 1)::bigint > coalesce((before -> a.key ->> 1)::bigint, 0) AND c.relnamespace <> ${quoteLiteral(s)}::regnamespace
$written$`,
  };
}

/** Columns that came since: attribute numbers are never used again. */
function freshFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.fresh(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $fresh$
  SELECT coalesce(jsonb_agg(jsonb_build_array(n.nspname, c.relname, x.attname)), '[]') FROM jsonb_each(after) a
    JOIN pg_class c ON c.oid = a.key::oid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute x ON x.attrelid = c.oid AND x.attnum > coalesce((before -> a.key ->> 0)::int, 0) AND NOT x.attisdropped
   WHERE (a.value ->> 0)::int > coalesce((before -> a.key ->> 0)::int, 0)
$fresh$`,
  };
}

/**
 * Columns that came with a statement, and whose old rows have other values than on the source. What older columns have of
 * this differs by itself: VACUUM FULL or a copy of the rows writes the values into the rows of one side. But where the
 * statement made a column on the source and found it on the clone (IF NOT EXISTS) it is not one of these.
 */
function otherValuesFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.other_values(there jsonb, here jsonb, fresh jsonb, part text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $other$
  WITH one AS (SELECT value - 3 AS name, value ->> 3 AS held FROM jsonb_array_elements(there)),
       two AS (SELECT value - 3 AS name, value ->> 3 AS held FROM jsonb_array_elements(here))
  SELECT string_agg(name ->> 2, ', ' ORDER BY name ->> 2) FROM one FULL JOIN two USING (name)
   WHERE one.held IS DISTINCT FROM two.held AND (name IN (SELECT value FROM jsonb_array_elements(fresh))
      OR (part ~* '\\mif\\s+not\\s+exists\\M' AND position(lower(replace(name ->> 2, '"', '""')) in lower(part)) > 0))
$other$`,
  };
}

/** The type of each column of users: taken before a statement that may change one, and after it. */
function typesFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.types() RETURNS jsonb LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $types$
  SELECT coalesce(jsonb_object_agg(a.attrelid || ' ' || a.attnum, a.atttypid::text), '{}')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped
$types$`,
  };
}

/**
 * Tables with a column whose type was changed by a function of users, which no USING shows: an assignment cast (CREATE CAST)
 * may compute other values on each side. The server's own do not, but for those of money, which go by lc_monetary, and
 * from time to timetz, which takes the offset of today (date.c, time_timetz). Neither does one in C that says so, as
 * those of extensions do.
 */
function ownCastFunction(schema: string): Statement {
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.own_cast(before jsonb, after jsonb) RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $cast$
  WITH RECURSIVE changed AS (
    SELECT split_part(key, ' ', 1)::oid AS relation, (before ->> key)::oid AS earlier, value::oid AS later FROM jsonb_each_text(after)
     WHERE before ? key AND before ->> key <> value),
  below (relation, place, oid) AS (
    SELECT relation, 'earlier', earlier FROM changed UNION SELECT relation, 'later', later FROM changed
    UNION SELECT b.relation, b.place, CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END
      FROM below b JOIN pg_type t ON t.oid = b.oid WHERE t.typtype = 'd' OR (t.typcategory = 'A' AND t.typelem <> 0))
  SELECT string_agg(DISTINCT e.relation::regclass::text, ', ') FROM below e JOIN below l USING (relation)
   WHERE e.place = 'earlier' AND l.place = 'later' AND (EXISTS (
           SELECT FROM pg_cast k JOIN pg_proc p ON p.oid = k.castfunc JOIN pg_language g ON g.oid = p.prolang
            WHERE k.castsource = e.oid AND k.casttarget = l.oid AND p.oid >= 16384
              AND NOT (p.provolatile = 'i' AND g.lanname IN ('c', 'internal')))
     OR (e.oid = 'money'::regtype) <> (l.oid = 'money'::regtype)
     OR (e.oid = 'time'::regtype AND l.oid = 'timetz'::regtype))
$cast$`,
  };
}

/**
 * What the apply worker lacks to write to tables that are replicated. It acts as the table's owner from 16 on, unless the
 * subscription has run_as_owner, and as the subscription's owner in 15 (worker.c, TargetPrivilegesCheck); before that
 * as a superuser.
 */
function lackingFunction(schema: string): Statement {
  const found = (who: string, set: string) => `FOR one IN
    SELECT format('%s on %s for %s', p.needed, t.oid::regclass, t.who::regrole) AS lacks FROM (
      SELECT c.oid, c.relnamespace, c.relowner, u.subowner, ${who} AS who, ${set} AS may
        FROM pg_subscription_rel r JOIN pg_subscription u ON u.oid = r.srsubid JOIN pg_class c ON c.oid = r.srrelid) t
    CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'SELECT', 'TRUNCATE', 'USAGE of the schema', 'SET ROLE']) p (needed)
     WHERE CASE p.needed WHEN 'USAGE of the schema' THEN NOT has_schema_privilege(t.subowner, t.relnamespace, 'USAGE')
                         WHEN 'SET ROLE' THEN NOT t.may ELSE NOT has_table_privilege(t.who, t.oid, p.needed) END
  LOOP lacks := lacks || one.lacks; END LOOP;`;
  return {
    text: `CREATE FUNCTION ${quoteIdent(schema)}.lacking() RETURNS text[] LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $lacking$
DECLARE
  lacks text[] := '{}'; one record;
BEGIN
  IF current_setting('server_version_num')::int >= 160000 THEN
    ${found('CASE WHEN u.subrunasowner THEN u.subowner ELSE c.relowner END', `u.subrunasowner OR pg_has_role(u.subowner, c.relowner, 'SET')`)}
  ELSIF current_setting('server_version_num')::int >= 150000 THEN
    ${found('u.subowner', 'true')}
  END IF;
  RETURN lacks;
END $lacking$`,
  };
}
