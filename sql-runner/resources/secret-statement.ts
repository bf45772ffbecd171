import type { Statement } from '../model/change';
import { dollarQuote } from '../postgres/text/dollar-quote';
import { quoteLiteral } from '../postgres/text/quoting';

/**
 * A utility statement takes no parameter, so one with a secret is put together on the server, from a setting of the
 * session (postgres/session.ts says why), and executed inside of a DO block. No setting of the log shows statements
 * inside of another one. What does, as far as the login may change it for this transaction:
 * - pg_stat_statements with `track = all` keeps them as they are: pgss_ProcessUtility in pg_stat_statements.c;
 * - pgaudit logs them in class DDL, and hides passwords of roles only: log_audit_event in pgaudit.c;
 * - whatever the server logs while it executes one, DEBUG and WARNING too, has the statement as its CONTEXT:
 *   _SPI_error_callback in spi.c;
 * - debug_print_… log the parsed statement.
 * What pg_stat_statements has kept all the same is taken out again, where the login may. The handler raises every
 * error anew, because the CONTEXT line of the original would quote the statement.
 */
const QUIET: readonly (readonly [name: string, value: string])[] = [
  ['pg_stat_statements.track_utility', 'off'],
  ['pgaudit.log_statement', 'off'],
  ['log_min_messages', 'panic'],
  ['debug_print_raw_parse', 'off'],
  ['debug_print_parse', 'off'],
  ['debug_print_rewritten', 'off'],
  ['debug_print_plan', 'off'],
  // That the client is gone is a FATAL error, which no handler catches, and which is logged with its CONTEXT.
  ['client_connection_check_interval', '0'],
];

/** Of half the deadlock_timeout each: after the whole of it log_lock_waits writes a line, with the CONTEXT. */
const LOCK_ATTEMPTS = 20;

/**
 * @param command an SQL expression: the statement, made with `current_setting` of the secret
 * @param secret name of the setting that holds the secret
 */
export function withSecret(command: string, secret: string): Statement {
  const quiet = QUIET.map(([name, value]) => `(${quoteLiteral(name)}, ${quoteLiteral(value)})`).join(', ');
  const body = `DECLARE
  quiet record;
  statistics name;
  detail text;
  hint text;
BEGIN
  FOR quiet IN SELECT name, value FROM pg_settings JOIN (VALUES ${quiet}) AS wanted (name, value) USING (name) LOOP
    BEGIN
      PERFORM set_config(quiet.name, quiet.value, true);
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
  END LOOP;
  PERFORM set_config('lock_timeout', (setting::int / 2)::text, true) FROM pg_settings WHERE name = 'deadlock_timeout';
  FOR attempt IN 1 .. ${LOCK_ATTEMPTS} LOOP
    BEGIN
      EXECUTE ${command};
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF attempt = ${LOCK_ATTEMPTS} THEN RAISE; END IF;
    END;
  END LOOP;
  FOR statistics IN SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'pg_stat_statements' LOOP
    BEGIN
      EXECUTE format('SELECT %1$I.pg_stat_statements_reset(userid, dbid, queryid) FROM %1$I.pg_stat_statements WHERE strpos(query, quote_literal(current_setting(%2$L))) > 0', statistics, ${quoteLiteral(secret)});
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
EXCEPTION WHEN query_canceled OR assert_failure OR OTHERS THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = SQLERRM, DETAIL = detail, HINT = hint;
END`;
  return { text: `DO ${dollarQuote(body)}` };
}
