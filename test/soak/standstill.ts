import { readdirSync, readFileSync } from 'node:fs';
import { serverPid } from '../../lab/postgres/server-process';
import { signal } from '../../lab/processes';
import type { ServerPlace } from '../../lab/postgres/server-process';

const stopped = new Set<number>();

/**
 * A whole server stands still: it ends no connection and says nothing, as one whose network loses whatever is sent. Its
 * postmaster first, so that nobody is born meanwhile.
 */
export function standStill({ dataDirectory }: Pick<ServerPlace, 'dataDirectory'>): void {
  const postmaster = serverPid(dataDirectory);
  if (postmaster === undefined) throw new Error(`no server runs in ${dataDirectory}`);
  halt(postmaster);
  for (const pid of childrenOf(postmaster)) halt(pid);
}

export function halt(pid: number): void {
  stopped.add(pid);
  signal(pid, 'SIGSTOP');
}

/** Whoever stands still goes on; a server that does not could not be stopped either. */
export function allGoOn(): void {
  for (const pid of stopped) signal(pid, 'SIGCONT');
  stopped.clear();
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && parentOf(entry) === parent)
    .map(Number);
}

/** The second field behind the name, which may hold anything but is in parentheses. */
function parentOf(entry: string): number | null {
  try {
    const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
