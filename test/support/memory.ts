import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';

const MEMORY = '/dev/shm';

/** Wherever `scratchBase` may have led, when there was more room or less. */
export const scratchBases = (): readonly string[] => [...new Set([MEMORY, tmpdir()])].filter(existsSync);

/**
 * Where servers for a test are best put: in memory where there is room, as they write and copy much that nobody needs
 * afterwards, and a disk makes each of a thousand small files expensive. `TMPDIR` overrides it.
 */
export function scratchBase(bytes: number): string {
  return process.env.TMPDIR === undefined && inMemory(bytes) ? MEMORY : tmpdir();
}

/** The servers' programs are there too, so it must be a file system that lets them start. */
function inMemory(bytes: number): boolean {
  try {
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, directory]) => directory === MEMORY);
    const options = mount?.[3]?.split(',') ?? ['noexec'];
    const { bavail, bsize } = statfsSync(MEMORY);
    return options.includes('rw') && !options.includes('noexec') && Math.min(bavail * bsize, freemem()) > bytes;
  } catch {
    return false;
  }
}
