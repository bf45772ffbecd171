import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
/** A few seeds at a time, each with two clusters; containers often have 64 MB there. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * Where a workshop puts its servers: in memory where there is room, as a seed
 * writes and copies a few hundred megabytes that nobody needs afterwards.
 */
export async function scratchDirectory(): Promise<string> {
  if (process.env['TMPDIR'] !== undefined) return tmpdir();
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    await access(MEMORY, constants.W_OK);
    return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
