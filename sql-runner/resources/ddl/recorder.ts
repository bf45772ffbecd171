import type { Statement } from '../../model/change';
import { formatMark } from '../../model/mark';
import { quoteIdent, quoteInteger, quoteLiteral } from '../../postgres/text/quoting';
import { judging } from './judge-function';
import { KEPT_DAYS, LONGEST_STATEMENT } from './log-table';
import { temporaryFunction } from './temporary-functions';

/** What decides how a statement is read, and which values it makes of constants. */
const SETTINGS = [
  'standard_conforming_strings',
  'backslash_quote',
  'array_nulls',
  'transform_null_equals',
  'xmloption',
  'check_function_bodies',
  'default_tablespace',
  'default_table_access_method',
  'default_toast_compression',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'bytea_output',
  'xmlbinary',
  'extra_float_digits',
  'search_path',
] as const;

/**
 * Writes down what runs on the source. `record` is all that production meets: whatever happens in it is counted in
 * `missed`, and never refuses a statement. It waits for a lock on the log for a second at most.
 *
 * Who runs DDL need have no right of ours, so both functions have those of their owner; `record` names everything with
 * its schema, as it runs in the search_path of whoever is there, which has to be noted.
 */
export function recorderStatements(schema: string): Statement[] {
  const s = quoteIdent(schema);
  const names = SETTINGS.map(quoteLiteral).join(', ');
  return [
    { text: `CREATE SEQUENCE ${s}.numbers` },
    { text: `CREATE SEQUENCE ${s}.missed` },
    ...judging(schema),
    temporaryFunction(schema),
    {
      text: `CREATE FUNCTION ${s}.note(event text, tag text, path text, login text, role text, context text) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s' AS $note$
DECLARE
  found jsonb := ${s}.facts(event);
  query text := current_query();
  mine jsonb;
  n bigint;
BEGIN
  -- Of a string of several statements each is needed, to count which of them it was.
  IF found ->> 'skip' IS NOT NULL AND position(';' in rtrim(query, E'; \\t\\r\\n')) = 0 THEN RETURN; END IF;
  IF event = 'ddl_command_end' THEN mine := ${s}.temporary(query); END IF;
  IF mine IS NOT NULL THEN found := found || jsonb_build_object('temporary', mine); END IF;
  n := nextval('${s}.numbers');
  INSERT INTO ${s}.log (number, event, tag, at, transaction, lsn, message, missed, context, login, role, settings, facts, statement)
  SELECT n, event, tag, clock_timestamp(), pg_current_xact_id()::text, pg_current_wal_insert_lsn(),
         pg_backend_pid() || ' ' || extract(epoch FROM statement_timestamp())::text,
         (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ${s}.missed),
         nullif(substr(context, length(split_part(context, E'\\n', 1)) + 2), ''), login, coalesce(nullif(role, 'none'), login),
         (SELECT jsonb_object_agg(name, CASE name WHEN 'search_path' THEN path ELSE setting END) FROM pg_settings WHERE name IN (${names})),
         found, CASE WHEN octet_length(query) <= ${quoteInteger(LONGEST_STATEMENT)} THEN query END;
  IF n % 500 = 0 THEN
    DELETE FROM ${s}.log WHERE number IN (
      SELECT number FROM ${s}.log WHERE at < now() - interval '${quoteInteger(KEPT_DAYS)} days' ORDER BY number LIMIT 2000 FOR UPDATE SKIP LOCKED);
  END IF;
END $note$`,
    },
    {
      text: `CREATE FUNCTION ${s}.record() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $record$
DECLARE
  context pg_catalog.text;
BEGIN
  GET DIAGNOSTICS context = PG_CONTEXT;
  PERFORM ${s}.note(TG_EVENT::pg_catalog.text, TG_TAG::pg_catalog.text, pg_catalog.current_setting('search_path'), session_user::pg_catalog.text,
    pg_catalog.current_setting('role'), context);
EXCEPTION WHEN OTHERS THEN
  BEGIN
    PERFORM pg_catalog.nextval('${s}.missed'::pg_catalog.regclass);
    RAISE LOG 'sql-runner: a statement of DDL was not written down: %', SQLERRM;
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
END $record$`,
    },
    { text: `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${s} FROM PUBLIC` },
  ];
}

/** The three moments that are noted; a trigger has the name of its schema and one of these. */
export const EVENTS = ['sql_drop', 'table_rewrite', 'ddl_command_end'] as const;

export const triggerName = (schema: string, event: (typeof EVENTS)[number]): string =>
  `${schema}_${{ sql_drop: 'drop', table_rewrite: 'rewrite', ddl_command_end: 'end' }[event]}`;

/**
 * Last of all. ALWAYS, so that a session with session_replication_role = replica is noted too. What makes and drops event
 * triggers fires none.
 */
export function triggerStatements(schema: string, environment: string, there: readonly string[] = []): Statement[] {
  return madeTriggers({ schema, environment, there, events: EVENTS, does: 'record', enabled: 'ALWAYS' });
}

interface Made {
  readonly schema: string;
  readonly environment: string;
  /** Those that only have to be enabled. */
  readonly there: readonly string[];
  readonly events: readonly (typeof EVENTS)[number][];
  readonly does: 'record' | 'see';
  readonly enabled: 'ALWAYS' | 'REPLICA';
}

export function madeTriggers({ schema, environment, there, events, does, enabled }: Made): Statement[] {
  const mark = quoteLiteral(formatMark({ kind: 'ddl', environment }));
  const call = `${quoteIdent(schema)}.${quoteIdent(does)}()`;
  return events.flatMap((event) => {
    const name = quoteIdent(triggerName(schema, event));
    const enable = { text: `ALTER EVENT TRIGGER ${name} ENABLE ${enabled === 'ALWAYS' ? 'ALWAYS' : 'REPLICA'}` };
    if (there.includes(triggerName(schema, event))) return [enable];
    return [
      { text: `CREATE EVENT TRIGGER ${name} ON ${quoteIdent(event)} EXECUTE FUNCTION ${call}` },
      { text: `COMMENT ON EVENT TRIGGER ${name} IS ${mark}` },
      enable,
    ];
  });
}
