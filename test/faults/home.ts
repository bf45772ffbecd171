import { readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
/** What the servers of one lab may come to need: mostly the log that the source keeps. */
const LAB_BYTES = 3 * 2 ** 30;

/**
 * A directory of its own for the labs of this process, with a space in its name. In memory where that can be: a clone
 * is a copy of all files, and a disk makes it ten times as expensive.
 */
export function faultHome(labs: number): string {
  return join(inMemory(labs * LAB_BYTES) ? MEMORY : tmpdir(), `aurora faults ${process.pid}`);
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
