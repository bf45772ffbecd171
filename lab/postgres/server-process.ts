import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperatorError } from '../../errors/operator-error';
import type { PostgresBinaries } from './binaries';
import { serverUser } from './server-user';
import { removeStalePidFile } from './stale-pid-file';

/** Seconds that pg_ctl waits for a server to come up or go down. */
const PATIENCE = 180;
/** Seconds until a fast stop becomes an immediate one, which loses nothing either. */
const FAST_STOP_PATIENCE = 5;

/** Where one server lives. */
export interface ServerPlace {
  readonly binaries: Pick<PostgresBinaries, 'pgCtl'>;
  readonly dataDirectory: string;
  readonly logFile: string;
}

/**
 * Runs one of PostgreSQL's programs as the server user, with none of the
 * caller's PG* variables, which would otherwise redirect it.
 *
 * @param input for its standard input
 * @throws OperatorError LAB_POSTGRES_FAILED with the program's own words
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  directory: string,
  input = '',
): Promise<void> {
  const user = serverUser();
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', HOME: user.home };
  await new Promise<void>((resolve, reject) => {
    const options = { cwd: directory, env, uid: user.uid, gid: user.gid, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve();
      } else {
        reject(programFailed(program, args, directory, `${stderr}${stdout}`.trim() || error.message));
      }
    });
    // A program that ends without having read it says why in its exit status and on stderr.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** Starts the server as a daemon that outlives this process, and returns once it accepts connections. */
export async function startServer(place: ServerPlace): Promise<void> {
  const wasThere = serverPid(place.dataDirectory) !== undefined;
  if (!wasThere) await removeStalePidFile(place.dataDirectory);
  const args = ['start', '-w', '-t', String(PATIENCE), '-D', place.dataDirectory, '-l', place.logFile];
  try {
    await runProgram(place.binaries.pgCtl, args, dirname(place.dataDirectory));
  } catch (error) {
    // One that was killed a moment ago was still there, and has gone by now.
    if (wasThere && serverPid(place.dataDirectory) === undefined) return startServer(place);
    throw startFailed(place, await lastLines(place.logFile, 15), error);
  }
}

/** Stops the server if it runs. A fast stop that takes too long becomes an immediate one. */
export async function stopServer(place: ServerPlace, mode: 'fast' | 'immediate'): Promise<void> {
  const stop = (how: 'fast' | 'immediate'): Promise<void> => {
    const seconds = String(how === 'fast' ? FAST_STOP_PATIENCE : PATIENCE);
    const args = ['stop', '-w', '-t', seconds, '-m', how, '-D', place.dataDirectory];
    return runProgram(place.binaries.pgCtl, args, dirname(place.dataDirectory));
  };
  if (serverPid(place.dataDirectory) === undefined) {
    return;
  }
  await stop(mode).catch(async (error: unknown) => {
    // It may have gone by itself meanwhile. A logical subscriber that hangs holds a fast stop up for ever; so does
    // a server that was recovering from a crash when it was told: its postmaster waits for the checkpointer.
    if (serverPid(place.dataDirectory) === undefined) {
      return;
    }
    if (mode === 'immediate') {
      throw error;
    }
    await stop('immediate');
  });
}

/**
 * The process id of the server on this data directory, or undefined when none runs.
 * After a crash the number in postmaster.pid may belong to any other process,
 * so where /proc exists it must also be a server of this data directory.
 */
export function serverPid(dataDirectory: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8'), 10);
    process.kill(pid, 0);
    return process.platform !== 'linux' || isServerOf(pid, dataDirectory) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** By its command line, which stays readable where a container denies /proc/<pid>/cwd even to root. */
function isServerOf(pid: number, dataDirectory: string): boolean {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return args[args.indexOf('-D') + 1] === dataDirectory;
}

async function lastLines(file: string, count: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-count).join('\n    ');
}

function startFailed(place: ServerPlace, log: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: 'LAB_POSTGRES_START_FAILED',
    seen: `The PostgreSQL server in ${place.dataDirectory} did not start. Its log ends with:\n    ${log}`,
    why: 'A cluster of the lab is down.',
    next: `Correct what the log names (a parameter, most often), and start again. The whole log is ${place.logFile}`,
    cause,
  });
}

function programFailed(program: string, args: readonly string[], directory: string, output: string): OperatorError {
  return new OperatorError({
    code: 'LAB_POSTGRES_FAILED',
    seen: `${program} ${args.join(' ')} failed: ${output}`,
    why: 'The lab could not set up or control one of its servers.',
    next: `Check that the user who runs the servers may enter ${directory}, and that the disk is not full.`,
  });
}
