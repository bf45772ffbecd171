import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A server's processes end by themselves once its postmaster is gone, as soon as they wait for anything. */
const PATIENCE_MS = 30_000;

/**
 * A server that was killed leaves postmaster.pid behind. The next one refuses to start while the process of that number
 * is there (CreateLockFile in miscinit.c): also one that nobody has waited for yet, as where the first process of a
 * container adopts children and reaps none. It may be removed once no process uses the server's shared memory, which
 * is what PostgreSQL itself goes by where the number is free (PGSharedMemoryIsInUse in sysv_shmem.c).
 *
 * Whoever calls it has seen that no server of this data directory runs. Without /proc, everything is left to PostgreSQL.
 */
export async function removeStalePidFile(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  const [pid, , , , , , segment] = textOf(file)?.split('\n') ?? [];
  if (pid === undefined) return;
  for (const until = Date.now() + PATIENCE_MS; (attachedTo(segment) ?? 0) > 0 && Date.now() < until;) await pause(50);
  // Where the number is free PostgreSQL removes the file itself; and it may be that of another server by now.
  if (attachedTo(segment) === 0 && isTaken(Number.parseInt(pid, 10)) && textOf(file)?.split('\n')[0] === pid)
    rmSync(file);
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * How many processes use the segment of this line of postmaster.pid; null: not known.
 * https://man7.org/linux/man-pages/man5/proc_sysvipc.5.html
 */
function attachedTo(line = ''): number | null {
  const [, id] = /^\s*\d+\s+(\d+)\s*$/.exec(line) ?? [];
  const [head, ...rows] = textOf('/proc/sysvipc/shm')?.trimEnd().split('\n') ?? [];
  if (id === undefined || head === undefined) return null;
  const names = head.trim().split(/\s+/);
  const found = rows.map((row) => row.trim().split(/\s+/)).find((row) => row[names.indexOf('shmid')] === id);
  return found === undefined ? 0 : Number(found[names.indexOf('nattch')]);
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
