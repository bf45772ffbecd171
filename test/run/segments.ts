import { readFileSync } from 'node:fs';

/** Ids of the System V shared memory that no process uses any more: of servers that were killed. */
export function orphanedSegments(): string[] {
  const [, ...rows] = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n');
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , , , , attached]) => attached === '0')
    .map(([, id]) => id!);
}
