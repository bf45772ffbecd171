import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { CopyEnd } from './physical-copy';
import { writeOwned, writeSeedSettings } from './server-files';

/** Exists in the cluster's directory from the copy until the seed LSN is recorded. */
const PENDING_FILE = 'clone-pending.json';

/** What aurora_volume_logical_start_lsn() reads; a custom setting is the same in every database. */
const SEED_SETTING = 'aurora.volume_logical_start_lsn';

/**
 * No checkpoint may come between the first start and the reading of the seed
 * LSN, or it would move redo_lsn: until then neither time nor log volume
 * starts one.
 */
export const NO_CHECKPOINTS = { checkpoint_timeout: '1d', max_wal_size: '1TB' };

export async function markPending(clusterDirectory: string, end: CopyEnd): Promise<void> {
  await writeOwned(join(clusterDirectory, PENDING_FILE), JSON.stringify(end));
}

export async function readPending(clusterDirectory: string): Promise<CopyEnd | undefined> {
  const text = await readFile(join(clusterDirectory, PENDING_FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as CopyEnd);
}

/**
 * Reads where the clone's data stands: the redo position of the checkpoint
 * that ended its recovery. It has to be the end of the log that was copied;
 * anything else means that the server already wrote, and that nobody can tell
 * the true position any more.
 */
export async function readSeedLsn(admin: Client, expected: CopyEnd): Promise<string> {
  const { rows } = await admin.query<{ lsn: string; same: boolean }>(
    'SELECT redo_lsn::text AS lsn, redo_lsn = $1::pg_lsn AS same FROM pg_control_checkpoint()',
    [expected.endOfLog],
  );
  const { lsn = '', same = false } = rows[0] ?? {};
  if (!same) {
    throw new Error(`The clone's recovery ended at ${lsn}, but its log was copied up to ${expected.endOfLog}.`);
  }
  return lsn;
}

/** Makes the seed LSN permanent and lets checkpoints happen again; takes effect at the next reload. */
export async function recordSeedLsn(clusterDirectory: string, dataDirectory: string, lsn: string): Promise<void> {
  await writeSeedSettings(dataDirectory, { [SEED_SETTING]: lsn });
  await rm(join(clusterDirectory, PENDING_FILE));
}
