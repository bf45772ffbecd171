import type { Statement } from '../../model/change';
import { quoteIdent, quoteLiteral } from '../../postgres/text/quoting';
import { INTERNAL_TRIGGER } from './effects-functions';

/**
 * What a command did, as the server tells event triggers. Both sides note it by the same function: what a statement did
 * on the clone must be what it did on the source, or it was another statement.
 *
 * `same` is what both must agree on, without what only one side can have: files of TOAST, our publications, oids,
 * and triggers of the server's own, which have an oid in their name: those of a foreign key go with it, and that is here.
 * `missing` are the values that old rows have of a column that came with a default (pg_attribute.attmissingval): now()
 * is another moment on each side.
 * `skip` says that nothing of it is for the clone.
 */
export function factsFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.facts(event text) RETURNS jsonb LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $facts$
DECLARE
  found jsonb;
BEGIN
  IF event = 'sql_drop' THEN
    SELECT jsonb_build_object(
        'same', coalesce(jsonb_agg(jsonb_build_array(o.object_type, o.object_identity) ORDER BY o.object_type, o.object_identity)
                           FILTER (WHERE o.schema_name IS DISTINCT FROM 'pg_toast' AND NOT o.is_temporary AND ${OTHER}
                                     AND NOT (o.object_type = 'trigger' AND o.object_identity ~ ${quoteLiteral(INTERNAL_TRIGGER)})), '[]'),
        'named', coalesce(jsonb_agg(o.object_identity) FILTER (WHERE o.original), '[]'),
        'skip', ${SKIP})
      INTO found FROM pg_event_trigger_dropped_objects() o
      CROSS JOIN LATERAL (SELECT o.is_temporary AS temporary, false AS extension) x ${OWN};
  ELSIF event = 'table_rewrite' THEN
    found := jsonb_build_object('table', pg_event_trigger_table_rewrite_oid()::regclass::text,
      'reason', pg_event_trigger_table_rewrite_reason(), 'bytes', pg_relation_size(pg_event_trigger_table_rewrite_oid()),
      'defaults', ${s}.defaults(pg_event_trigger_table_rewrite_oid()));
  ELSE
    SELECT jsonb_build_object(
        'same', coalesce(jsonb_agg(jsonb_build_array(o.object_type, o.object_identity))
                           FILTER (WHERE NOT x.temporary AND ${OTHER}), '[]'),
        'tables', coalesce(jsonb_agg(DISTINCT o.objid::int8) FILTER (WHERE o.classid = 'pg_class'::regclass AND o.object_type = 'table'), '[]'),
        'skip', ${SKIP})
      INTO found FROM pg_event_trigger_ddl_commands() o
      CROSS JOIN LATERAL (SELECT coalesce(o.schema_name LIKE 'pg\\_temp%', false) AS temporary, o.in_extension AS extension) x ${OWN};
    found := found || jsonb_build_object('missing', ${s}.missing(found -> 'tables'));
  END IF;
  RETURN found;
END $facts$`,
  };
}

const OTHER = `o.object_type NOT LIKE 'publication%' AND o.object_type NOT LIKE 'subscription%'`;

/** Whatever carries a mark of sql-runner, of any environment. */
const OWN = `
      LEFT JOIN LATERAL (SELECT true AS own FROM pg_namespace n JOIN pg_description d
                    ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
                   WHERE n.nspname = CASE WHEN o.object_type = 'schema' THEN o.object_identity ELSE o.schema_name END
                     AND d.description LIKE 'aurora-cross-account-sync {%' LIMIT 1) w ON true`;

const SKIP = `CASE
          WHEN count(*) = 0 THEN NULL
          WHEN bool_and(x.temporary) THEN 'temporary'
          WHEN bool_and(coalesce(w.own, false) OR NOT (${OTHER})) THEN 'replication'
          WHEN bool_and(x.extension) THEN 'extension' END`;

/** Of tables by oid, and all that inherit from them. */
export function missingFunction(schema: string): Statement {
  const s = quoteIdent(schema);
  return {
    text: `CREATE FUNCTION ${s}.missing(tables jsonb) RETURNS jsonb LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $missing$
  WITH RECURSIVE below(oid) AS (
    SELECT value::text::oid FROM jsonb_array_elements(tables)
    UNION SELECT i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.oid)
  SELECT coalesce(jsonb_agg(jsonb_build_array(n.nspname, c.relname, a.attname, a.attmissingval::text)
                            ORDER BY n.nspname, c.relname, a.attname), '[]')
    FROM below b JOIN pg_attribute a ON a.attrelid = b.oid AND a.atthasmissing AND NOT a.attisdropped
    JOIN pg_class c ON c.oid = b.oid JOIN pg_namespace n ON n.oid = c.relnamespace
$missing$`,
  };
}
