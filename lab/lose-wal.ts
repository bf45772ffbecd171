import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { eventually } from './processes';

/** Far below what a server usually keeps. */
const LITTLE = { max_slot_wal_keep_size: '1MB', wal_keep_size: '0', min_wal_size: '32MB', max_wal_size: '32MB' };
const PATIENCE_MS = 120_000;

/**
 * Lets the source throw away WAL that the slot needs, and gives it its settings
 * back. Nobody may read from the slot meanwhile.
 *
 * @param admin a session of the superuser in any database but rdsadmin
 */
export async function loseWal(admin: Client, slot: string): Promise<void> {
  for (const [name, value] of Object.entries(LITTLE))
    await admin.query(`ALTER SYSTEM SET ${escapeIdentifier(name)} = ${escapeLiteral(value)}`);
  await admin.query('SELECT pg_reload_conf()');
  const isLost = await eventually(() => switchedAndLost(admin, slot), PATIENCE_MS);
  for (const name of Object.keys(LITTLE)) await admin.query(`ALTER SYSTEM RESET ${escapeIdentifier(name)}`);
  await admin.query('SELECT pg_reload_conf()');
  if (!isLost) throw new Error(`the slot ${slot} has not lost its WAL`);
}

/** A segment is full only when something was written to it, and old WAL is removed at checkpoints. */
async function switchedAndLost(admin: Client, slot: string): Promise<boolean> {
  await admin.query('CREATE TABLE public.filler (id int)');
  await admin.query('DROP TABLE public.filler');
  await admin.query('SELECT pg_switch_wal()');
  await admin.query('CHECKPOINT');
  const { rows } = await admin.query<{ wal_status: string }>(
    'SELECT wal_status FROM pg_replication_slots WHERE slot_name = $1',
    [slot],
  );
  return rows[0]?.wal_status === 'lost';
}
