import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes the System V segment of a server that was killed. Each has a tiny one, by which servers keep off each other's
 * data (PostgreSQL's sysv_shmem.c); the kernel keeps it until somebody removes it, and only the next start on the same
 * data directory would. Does nothing where a server ended by itself, or where there is no /proc.
 */
export function removeSharedMemory(dataDirectory: string): void {
  const segment = recordedSegment(dataDirectory);
  if (segment !== undefined && exists(segment)) execFileSync('ipcrm', ['-m', segment.id], { stdio: 'ignore' });
}

interface Segment {
  readonly key: string;
  readonly id: string;
}

/** The seventh line of postmaster.pid, which a server that ends by itself removes. */
function recordedSegment(dataDirectory: string): Segment | undefined {
  const lines = textOf(join(dataDirectory, 'postmaster.pid')).split('\n');
  const [, key, id] = /^\s*(\d+)\s+(\d+)\s*$/.exec(lines[6] ?? '') ?? [];
  return key === undefined || id === undefined ? undefined : { key, id };
}

/** The id alone may be another's by now. */
function exists({ key, id }: Segment): boolean {
  const [, ...rows] = textOf('/proc/sysvipc/shm').split('\n');
  return rows.some((row) => {
    const [rowKey, rowId] = row.trim().split(/\s+/);
    // The kernel prints keys signed, the server unsigned.
    return rowId === id && Number(rowKey) >>> 0 === Number(key) >>> 0;
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
