import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from '../errors/operator-error';
import type { DaemonMessage, DaemonOptions } from './daemon-options';
import { CHECKOUT } from './directory';

/** A start takes seconds; a machine under load may need many of them. */
const PATIENCE = 120_000;

/**
 * Starts the daemon so that it outlives this process, and returns when the lab
 * is ready. On a failure the daemon has ended or is about to; the caller cleans up.
 */
export async function startDaemon(options: DaemonOptions): Promise<void> {
  const logFile = join(options.directory, 'daemon.log');
  const log = openSync(logFile, 'a', 0o600);
  const script = join(CHECKOUT, 'lab', 'daemon.ts');
  const args = ['--require', require.resolve('tsx/cjs'), script, options.directory, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { cwd: CHECKOUT, detached: true, stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  try {
    const message = await firstMessage(child);
    if (message?.ready === true) return;
    if (message?.operatorError !== undefined) throw new OperatorError(message.operatorError);
    throw startFailed(message?.message ?? lastLines(logFile));
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** What the daemon says, or undefined when it ends or stays silent. */
function firstMessage(child: ChildProcess): Promise<DaemonMessage | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE);
    const settle = (message?: DaemonMessage): void => {
      clearTimeout(timer);
      resolve(message);
    };
    child.once('message', (message) => settle(message as DaemonMessage));
    child.once('exit', () => settle());
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.slice(-5).join(' | ') || 'it ended, or did not answer in time, without a word';
}

function startFailed(seen: string): OperatorError {
  return new OperatorError({
    code: 'LAB_START_FAILED',
    seen: `The lab did not start: ${seen}`,
    why: 'Without it there are no accounts and no clusters to work with. Nothing of it was left behind.',
    next: 'Correct what the message names and run the command again. If it names nothing, the machine may be too busy for a start within two minutes, or short of memory or disk space.',
  });
}
