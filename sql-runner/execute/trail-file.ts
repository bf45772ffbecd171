import { appendFile, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { redact } from '../explain/redaction';
import { latestRuns, runRecord, type RunRecord } from '../model/run-record';
import { KEPT_RUNS } from './trail-table';

/** A run writes a line when it begins, as it goes on, and when it ends. From so many on what is not needed is left out. */
const MOST_BYTES = 4_000_000;
const LOCK_TRIES = 40;
const LOCK_STALE_MS = 10_000;

/** Adds the state of a run to a file of JSON lines, which is of its owner only. */
export async function keepRunInFile(file: string, record: RunRecord): Promise<void> {
  await withLock(file, async () => {
    await appendFile(file, `${redact(JSON.stringify(record))}\n`, { mode: 0o600 });
    if (record.ended !== null && (await stat(file)).size > MOST_BYTES) await shorten(file);
  });
}

export interface RunsInFile {
  readonly records: readonly RunRecord[];
  /** Lines that are none of ours, or not whole. */
  readonly unreadable: number;
}

/** @returns null: there is no such file */
export async function runsInFile(file: string): Promise<RunsInFile | null> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw cause;
  });
  if (text === null) return null;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const records = lines.flatMap((line) => parsed(line) ?? []);
  return { records, unreadable: lines.length - records.length };
}

function parsed(line: string): RunRecord | null {
  try {
    return runRecord.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** In place of the old file at once: whoever reads it meanwhile has one or the other. Of each run its last state stays. */
async function shorten(file: string): Promise<void> {
  const { records } = (await runsInFile(file))!;
  const kept = latestRuns(records).slice(0, KEPT_RUNS).reverse();
  const fresh = `${file}.${process.pid}.new`;
  await writeFile(fresh, kept.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
  await rename(fresh, file);
}

/** Of several runs at once each adds to the file that there is, and not to one that has just been replaced. */
async function withLock(file: string, work: () => Promise<void>): Promise<void> {
  const lock = `${file}.lock`;
  for (let tries = 1; ; tries += 1) {
    try {
      await (await open(lock, 'wx')).close();
      break;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST' || tries >= LOCK_TRIES) throw cause;
      // Of one that was killed.
      const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > LOCK_STALE_MS) await rm(lock, { force: true });
      await pause(50);
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}
