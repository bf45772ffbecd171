import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What of a lab is still there; both empty after `down`. */
export interface Leftovers {
  /** `pid command line` of each process that names the directory or works in it. */
  processes: string[];
  files: string[];
}

/** Looks for processes and files of a lab's directory, asking the system and not the lab. */
export function findLeftovers(directory: string): Leftovers {
  return {
    processes: processesOf(directory),
    files: existsSync(directory) ? [directory, ...readdirSync(directory)] : [],
  };
}

function processesOf(directory: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      const command = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
      const places = [command, ...['cwd', 'exe'].map((link) => read(() => readlinkSync(`/proc/${pid}/${link}`)))];
      return places.some((place) => place.includes(directory)) ? [`${pid} ${command}`] : [];
    });
}

/** A process may end while it is looked at, or belong to another user: then there is nothing to read. */
function read(get: () => string): string {
  try {
    return get();
  } catch {
    return '';
  }
}
