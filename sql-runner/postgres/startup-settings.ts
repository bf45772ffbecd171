import type { SessionOptions } from './session';

/** Settings that hold from the first statement on, because the startup packet carries them. */
export function startupOptions(options: SessionOptions): string {
  const settings: Record<string, string | number> = {
    // Names in our SQL mean the system's objects, whatever was created in public.
    search_path: 'pg_catalog',
    default_transaction_read_only: options.readOnly ? 'on' : 'off',
    statement_timeout: options.statementTimeoutMs ?? 0,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 0,
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
    ...options.settings,
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${escapeOption(String(value))}`)
    .join(' ');
}

/** Those that are set once the session is there; see where it is prepared. */
export function laterSettings(): Record<string, string> {
  return {
    lc_monetary: 'C',
    // A killed sql-runner must not leave its statement running for hours. From 14, and only where the server can poll.
    client_connection_check_interval: '1s',
    // From 14 and 17: what a database sets for its own users must not end a session that waits for the other side.
    idle_session_timeout: '0',
    transaction_timeout: '0',
  };
}

/** In `options` a backslash protects white space and itself (PostgreSQL manual, libpq `options`). */
function escapeOption(value: string): string {
  return value.replace(/[\\\s]/g, '\\$&');
}
