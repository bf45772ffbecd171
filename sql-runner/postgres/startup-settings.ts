import type { SessionOptions } from './session';

/** For what we ask ourselves. */
const OUR_FORMS = {
  // A policy that would hide rows from us becomes an error instead of a wrong count.
  row_security: 'off',
  // The text form of values must not depend on the database's or the role's settings.
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: 3,
  bytea_output: 'hex',
  quote_all_identifiers: 'off',
  // Reads of a catalog with many tables look costly, and compiling one takes longer than running it.
  jit: 'off',
};

/** Settings that hold from the first statement on, because the startup packet carries them. */
export function startupOptions(options: SessionOptions): string {
  const settings: Record<string, string | number> = {
    // Names in our SQL mean the system's objects, whatever was created in public.
    search_path: 'pg_catalog',
    default_transaction_read_only: options.readOnly ? 'on' : 'off',
    statement_timeout: options.statementTimeoutMs ?? 0,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 0,
    ...(options.asItsUsers === true ? {} : OUR_FORMS),
    // Planning them in each new session costs more than running them: the order of joins is that in which they are written.
    ...(options.repeats === true ? { join_collapse_limit: 1, from_collapse_limit: 1 } : {}),
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${escapeOption(String(value))}`)
    .join(' ');
}

/**
 * Part of a SELECT that sets what is set once the session is there, and that the server has; see where it is prepared.
 * client_connection_check_interval (14, where the server can poll): a killed sql-runner must not leave its statement
 * running for hours. The timeouts (14 and 17): what a database sets for its own users must not end a session that waits
 * for the other side.
 */
export const laterSettingsSql = (
  asItsUsers: boolean,
): string => `${asItsUsers ? '' : `set_config('lc_monetary', 'C', false),`}
  CASE WHEN current_setting('client_connection_check_interval', true) IS NOT NULL
       THEN set_config('client_connection_check_interval', '1s', false) END,
  CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL THEN set_config('idle_session_timeout', '0', false) END,
  CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL THEN set_config('transaction_timeout', '0', false) END`;

/** In `options` a backslash protects white space and itself (PostgreSQL manual, libpq `options`). */
function escapeOption(value: string): string {
  return value.replace(/[\\\s]/g, '\\$&');
}
