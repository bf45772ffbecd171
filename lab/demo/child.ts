import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface ChildRun {
  /** Argument list, the program first. */
  argv: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** File that gets everything it prints. */
  log: string;
}

export interface ChildResult {
  /** Null when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningChild {
  pid: number;
  process: ChildProcess;
  result: Promise<ChildResult>;
}

/** Children that have not ended yet. */
const running = new Set<RunningChild>();

/**
 * Starts a child as the leader of its own process group: terraform and its plugins then end with it, and a Ctrl-C
 * reaches them once, from us, and not twice.
 */
export function startChild(run: ChildRun): RunningChild {
  const [program, ...args] = run.argv as [string, ...string[]];
  const child = spawn(program, args, { cwd: run.cwd, env: run.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const log = createWriteStream(run.log, { flags: 'a' });
  log.write(`$ ${run.argv.join(' ')}\n`);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      log.write(text);
    });
  }
  const result = once(child, 'close').then(([exitCode]) => {
    running.delete(entry);
    log.end(`# exit ${String(exitCode)}\n`);
    return { exitCode: exitCode as number | null, ...texts };
  });
  const entry: RunningChild = { pid: child.pid ?? 0, process: child, result };
  running.add(entry);
  return entry;
}

/** Ends all children and what they started: politely, and after five seconds by force. */
export async function endChildren(): Promise<void> {
  const children = [...running];
  const signalAll = (signal: NodeJS.Signals): void => children.forEach((child) => signalGroup(child.pid, signal));
  signalAll('SIGTERM');
  const force = setTimeout(() => signalAll('SIGKILL'), 5000);
  await Promise.allSettled(children.map((child) => child.result));
  clearTimeout(force);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
