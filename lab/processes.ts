import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** What goes on in the background of a lab until it is told to stop, or the lab goes down. */
export const JOBS = ['writers', 'lock'] as const;
export type Job = (typeof JOBS)[number];

export interface LabProcess {
  readonly pid: number;
  readonly kind: 'daemon' | 'server' | Job;
}

export function isJob(kind: LabProcess['kind']): kind is Job {
  return JOBS.some((job) => job === kind);
}

interface Seen {
  readonly pid: number;
  /** Path of the program. */
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The processes that belong to a lab, also when their parent is long dead. The
 * servers run from the copy of PostgreSQL in the lab's own directory, and the
 * daemon and the jobs are told that directory, so no other process can be taken
 * for them, whatever a stale pid file says.
 */
export function labProcesses(directory: string): LabProcess[] {
  return runningProcesses().flatMap(({ pid, program, args }): LabProcess[] => {
    if (pid === process.pid) return [];
    if (program.startsWith(`${directory}/`)) return [{ pid, kind: 'server' }];
    if (!args.includes(directory)) return [];
    if (args.some((arg) => arg.endsWith('/lab/daemon.ts'))) return [{ pid, kind: 'daemon' }];
    const job = args.some((arg) => arg.endsWith('/lab/background.ts')) && JOBS.find((one) => args.includes(one));
    return job ? [{ pid, kind: job }] : [];
  });
}

function runningProcesses(): Seen[] {
  if (process.platform !== 'linux') return processesFromPs();
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
        return [{ pid: Number(entry), program: programOf(entry) ?? args[0] ?? '', args }];
      } catch {
        // It ended meanwhile, or belongs to somebody else.
        return [];
      }
    });
}

/** Unknown for other users' processes where root lacks CAP_SYS_PTRACE, as in many containers; pg_ctl starts servers by their full path. */
function programOf(entry: string): string | undefined {
  try {
    return readlinkSync(`/proc/${entry}/exe`);
  } catch {
    return undefined;
  }
}

function processesFromPs(): Seen[] {
  return execFileSync('ps', ['-axo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, command = ''] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined ? [] : [{ pid: Number(pid), program: command, args: command.split(' ') }];
    });
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until a condition holds; false when it did not within `milliseconds`. */
export async function eventually(condition: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (!(await condition())) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}
