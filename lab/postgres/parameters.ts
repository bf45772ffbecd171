import type { Client } from 'pg';
import { OperatorError } from '../../errors/operator-error';

const NAME = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i;

/** Fixed by the lab itself: changing them would cut the lab off its own server. */
const RESERVED =
  /^(port|listen_addresses|unix_socket_.*|ssl|ssl_.*_file|hba_file|ident_file|data_directory|config_file|external_pid_file)$/i;

/** @throws OperatorError LAB_PARAMETER_REJECTED for names that can never be set */
export function assertNames(values: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(values)) {
    if (!NAME.test(name)) {
      throw rejected(name, 'is not a parameter name');
    }
    if (RESERVED.test(name)) {
      throw rejected(name, 'belongs to the lab itself');
    }
  }
}

/**
 * Refuses values that the server would ignore. A static parameter's change is
 * listed by pg_file_settings with an error as well, only because it cannot be
 * applied without a restart.
 */
export async function assertAccepted(admin: Client, values: Readonly<Record<string, string>>): Promise<void> {
  const names = Object.keys(values).map((name) => name.toLowerCase());
  const { rows } = await admin.query<{ name: string; error: string }>(
    `SELECT f.name, f.error FROM pg_file_settings f LEFT JOIN pg_settings s ON lower(s.name) = lower(f.name)
     WHERE f.error IS NOT NULL AND lower(f.name) = ANY ($1)
       AND (s.context IS DISTINCT FROM 'postmaster')`,
    [names],
  );
  const first = rows[0];
  if (first !== undefined) {
    throw rejected(first.name, `is refused by the server: ${first.error} (value '${values[first.name] ?? ''}')`);
  }
}

/**
 * Makes the server read its files again, and waits until this session has the
 * result: pg_reload_conf() only sends a signal.
 */
export async function reload(admin: Client): Promise<void> {
  const loadTime = async (): Promise<string> =>
    (await admin.query<{ at: string }>('SELECT pg_conf_load_time()::text AS at')).rows[0]?.at ?? '';
  const before = await loadTime();
  await admin.query('SELECT pg_reload_conf()');
  const deadline = Date.now() + 60_000;
  while ((await loadTime()) === before) {
    if (Date.now() > deadline) {
      throw new Error('The server did not reload its configuration within a minute.');
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Names of settings whose new value waits for a restart, sorted. */
export async function pendingRestart(admin: Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    'SELECT name FROM pg_settings WHERE pending_restart ORDER BY name',
  );
  return rows.map((row) => row.name);
}

/** Current values as SHOW prints them; names that the server does not know are left out. */
export async function currentSettings(admin: Client, names: readonly string[]): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ name: string; value: string | null }>(
    'SELECT n AS name, current_setting(n, true) AS value FROM unnest($1::text[]) AS n',
    [names],
  );
  return Object.fromEntries(rows.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
}

function rejected(name: string, fault: string): OperatorError {
  return new OperatorError({
    code: 'LAB_PARAMETER_REJECTED',
    seen: `The parameter ${name} ${fault}.`,
    why: 'The server would go on without it, or not start again.',
    next: 'Correct the parameter group.',
  });
}
