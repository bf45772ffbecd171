import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../errors/operator-error';
import { CHECKOUT } from './directory';
import type { Lab } from './lab';
import { eventually, type Job, labProcesses, signal } from './processes';

const PATIENCE_MS = 60_000;

/** The process that does a job for a lab; undefined when nobody does. */
export function jobPid(directory: string, job: Job): number | undefined {
  return labProcesses(directory).find(({ kind }) => kind === job)?.pid;
}

export function writersRun(directory: string): boolean {
  return jobPid(directory, 'writers') !== undefined;
}

/**
 * Starts a job that outlives this process, and returns when it is at work.
 * @throws OperatorError LAB_JOB_FAILED
 */
export async function startJob(lab: Lab, job: Job, settings: object): Promise<void> {
  const { directory } = lab;
  const log = openSync(logOf(directory, job), 'w', 0o600);
  const script = join(CHECKOUT, 'lab', 'background.ts');
  const args = ['--require', require.resolve('tsx/cjs'), script, directory, job, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  if (message !== 'at work') throw failed(directory, job);
  child.disconnect();
  child.unref();
}

/** Asks it to end, and waits. @returns the last line that it said; undefined when nobody did the job */
export async function stopJob(directory: string, job: Job): Promise<string | undefined> {
  const pid = jobPid(directory, job);
  if (pid === undefined) return undefined;
  signal(pid, 'SIGTERM');
  const gone = (): boolean => jobPid(directory, job) !== pid;
  if (!(await eventually(gone, PATIENCE_MS))) signal(pid, 'SIGKILL');
  return lastLine(directory, job);
}

/** What it said last, also after it has ended by itself; undefined when it never began, or said nothing. */
export function lastLine(directory: string, job: Job): string | undefined {
  try {
    return readFileSync(logOf(directory, job), 'utf8').trim().split('\n').at(-1) || undefined;
  } catch {
    return undefined;
  }
}

function logOf(directory: string, job: Job): string {
  return join(directory, `${job}.log`);
}

function failed(directory: string, job: Job): OperatorError {
  return new OperatorError({
    code: 'LAB_JOB_FAILED',
    seen: `The process for "${job}" ended before it was at work: ${lastLine(directory, job) ?? 'it said nothing'}`,
    why: 'What was asked for does not happen.',
    next: `Correct what it names, and try again. Its whole log is ${logOf(directory, job)}`,
  });
}
