import { closeSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as othersFirst } from 'node:timers/promises';
import type { Client } from 'pg';
import { giveOpenFileToServer, giveToServer } from './server-user';
import { writeOwned } from './server-files';

/** Directories whose contents a backup leaves out (PostgreSQL manual 25.3.4), and the log, which is copied last. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'backup_label.old',
  'tablespace_map.old',
]);
const WAL_SEGMENT = /^[0-9A-F]{24}$/;
/** SizeOfXLogLongPHD: a segment's first record stands behind this many bytes. */
const SEGMENT_HEADER = 40n;

/** Where the copied log ends. */
export interface CopyEnd {
  /** Position of the first record that the copy does not have: `0/5000028`. */
  readonly endOfLog: string;
}

interface BackupResult {
  readonly lsn: string;
  readonly label: string;
  /** Where recovery begins. */
  readonly firstSegment: string;
  readonly lastSegment: string;
}

/**
 * Copies the data directory of a running server without hindering its writers.
 * pg_replslot is copied too, as an Aurora clone has the source's slots.
 *
 * The log is copied up to the end of the segment in which the backup ended,
 * and no further. pg_backup_stop closes that segment, so the copy ends at a
 * record's end. Copying the segment that is being written could catch half a
 * record; recovery from PostgreSQL 14 on then skips to the next page, and the
 * clone would stand behind a commit that it does not have.
 */
export async function copyRunningData(source: Client, sourceData: string, targetData: string): Promise<CopyEnd> {
  const version = await settingNumber(source, 'server_version_num');
  await mkdir(targetData, { recursive: true, mode: 0o700 });
  await giveToServer(targetData);
  const slotSegment = await oldestSlotSegment(source);
  await startBackup(source, version);
  await copyTree(sourceData, targetData, true);
  const backup = await stopBackup(source, version);
  await copyLog(sourceData, targetData, { ...backup, slotSegment });
  await writeOwned(join(targetData, 'backup_label'), backup.label);
  await writeBeyondCopy(source);
  return { endOfLog: nextSegmentStart(backup.lsn, BigInt(await settingNumber(source, 'wal_segment_size'))) };
}

/**
 * The copy ends behind the header of a segment that an idle source has not begun.
 * The commit of a transaction begins it, so that the clone never stands ahead of
 * its source, as it never does on a shared volume. It has to write something: an
 * empty transaction does not wait for its commit to be flushed (RecordTransactionCommit).
 */
async function writeBeyondCopy(source: Client): Promise<void> {
  await source.query(
    "SELECT set_config('synchronous_commit', 'local', true), pg_logical_emit_message(true, 'lab', '')",
  );
}

async function settingNumber(client: Client, name: string): Promise<number> {
  const { rows } = await client.query<{ setting: string }>('SELECT setting FROM pg_settings WHERE name = $1', [name]);
  return Number(rows[0]?.setting);
}

/** An immediate checkpoint rather than one spread over minutes: nobody waits for this disk but the lab. */
async function startBackup(source: Client, version: number): Promise<void> {
  const call = version >= 150_000 ? "pg_backup_start('lab clone', true)" : "pg_start_backup('lab clone', true, false)";
  await source.query(`SELECT ${call}`);
}

async function stopBackup(source: Client, version: number): Promise<BackupResult> {
  const call = version >= 150_000 ? 'pg_backup_stop(false)' : 'pg_stop_backup(false, false)';
  const { rows } = await source.query<{ lsn: string; labelfile: string }>(`SELECT lsn::text, labelfile FROM ${call}`);
  const { lsn = '', labelfile: label = '' } = rows[0] ?? {};
  // One byte back: for a position at a segment's very start, versions differ in which segment they name.
  const named = await source.query<{ name: string }>('SELECT pg_walfile_name($1::pg_lsn) AS name', [
    formatLsn(parseLsn(lsn) - 1n),
  ]);
  const firstSegment = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1] ?? '';
  return { lsn, label, firstSegment, lastSegment: named.rows[0]?.name ?? '' };
}

/**
 * A data directory has more than a thousand small files. Each call that waits for a thread of the pool costs more than
 * what it does, so all is done at once; others have their turn between two directories.
 *
 * @param top true for a data directory whose server runs: without what a backup leaves out
 */
export async function copyTree(from: string, to: string, top: boolean): Promise<void> {
  await othersFirst();
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      mkdirSync(target, { mode: 0o700 });
      await giveToServer(target);
      if (!(top && EMPTIED.has(entry.name)) && entry.name !== 'pgsql_tmp') {
        await copyTree(source, target, false);
      }
    } else if (entry.isFile() && !LEFT_OUT.has(entry.name)) {
      await copyOneFile(source, target);
    }
  }
}

/** A file that is dropped meanwhile is not missed: the log drops it too. */
async function copyOneFile(source: string, target: string): Promise<void> {
  try {
    await copyBytes(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const CHUNK_BYTES = 1024 * 1024;
/** One for all copies: what is read into it is written before anything else happens. */
const chunk = Buffer.allocUnsafe(CHUNK_BYTES);

/**
 * Up to wherever the file ends by then. Node's copyFile must have the size that
 * it saw at first: when TRUNCATE, DROP or VACUUM shortens the file meanwhile, it
 * tries for ever (libuv, uv__fs_copyfile). The copy is the server user's.
 */
export async function copyBytes(source: string, target: string): Promise<void> {
  const from = openSync(source, 'r');
  try {
    const to = openSync(target, 'w', 0o600);
    try {
      giveOpenFileToServer(to);
      while (copyChunk(from, to)) await othersFirst();
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from);
  }
}

/** @returns whether there may be more */
function copyChunk(from: number, to: number): boolean {
  const bytes = readSync(from, chunk, 0, CHUNK_BYTES, null);
  for (let written = 0; written < bytes;) written += writeSync(to, chunk, written, bytes - written);
  return bytes === CHUNK_BYTES;
}

/** What the oldest slot still needs, which the clone inherits with the slot; null without slots. */
async function oldestSlotSegment(source: Client): Promise<string | null> {
  const { rows } = await source.query<{ name: string | null }>(
    'SELECT pg_walfile_name(min(restart_lsn)) AS name FROM pg_replication_slots',
  );
  return rows[0]?.name ?? null;
}

/** Nothing older than recovery or a slot asks for: a source that was cloned often keeps a gigabyte of it. */
async function copyLog(
  sourceData: string,
  targetData: string,
  backup: BackupResult & { slotSegment: string | null },
): Promise<void> {
  const [from, to] = [join(sourceData, 'pg_wal'), join(targetData, 'pg_wal')];
  for (const directory of ['archive_status', 'summaries']) {
    await mkdir(join(to, directory), { recursive: true, mode: 0o700 });
    await giveToServer(join(to, directory));
  }
  const { firstSegment, lastSegment, slotSegment } = backup;
  const oldest = slotSegment !== null && slotSegment < firstSegment ? slotSegment : firstSegment;
  const wanted = (await readdir(from)).filter((name) =>
    WAL_SEGMENT.test(name) ? name >= oldest && name <= lastSegment : name.endsWith('.history'),
  );
  for (const name of wanted) {
    await copyOneFile(join(from, name), join(to, name));
  }
  const copied = new Set(await readdir(to));
  const lacking = [firstSegment, lastSegment].filter((name) => !copied.has(name));
  if (lacking.length > 0) {
    throw new Error(`The source recycled ${lacking.join(' and ')} during the copy: raise its wal_keep_size above 1GB.`);
  }
}

function nextSegmentStart(lsn: string, segmentSize: bigint): string {
  return formatLsn(((parseLsn(lsn) - 1n) / segmentSize + 1n) * segmentSize + SEGMENT_HEADER);
}

function parseLsn(lsn: string): bigint {
  const [high = '', low = ''] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
}

function formatLsn(value: bigint): string {
  return `${(value >> 32n).toString(16)}/${(value & 0xffff_ffffn).toString(16)}`.toUpperCase();
}
