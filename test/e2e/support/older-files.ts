import { execFile } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { connectBy } from '../../../lab/demo/connections';
import type { Side } from '../../../lab/lab';
import { runProgram } from '../../../lab/postgres/server-process';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

/** The files of a server as they were at one moment. */
export interface OlderFiles {
  /** Stops the server, gives it these files and starts it: a restored backup under the same name. */
  putBack(): Promise<void>;
}

/** Stops a server, copies its files and starts it again. They go away with the lab. */
export async function keepFiles(world: DirectLab, side: Side): Promise<OlderFiles> {
  const server = await serverOf(world, side);
  const kept = `${server.directory} kept`;
  await server.whileStopped(() => copy(server.directory, kept));
  return {
    putBack: () =>
      server.whileStopped(async () => {
        await rm(server.directory, { recursive: true });
        await copy(kept, server.directory);
      }),
  };
}

/** Does something while nothing listens there. */
export async function whileStopped(world: DirectLab, side: Side, work: () => Promise<void>): Promise<void> {
  await (await serverOf(world, side)).whileStopped(work);
}

/** Ends it without a checkpoint, as a power failure does, and starts it again. */
export async function crash(world: DirectLab, side: Side): Promise<void> {
  await (await serverOf(world, side)).whileStopped(() => Promise.resolve(), 'immediate');
}

async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', '--reflink=auto', from, to]);
}

async function serverOf(world: DirectLab, side: Side) {
  const admin = connectBy((database) => world.lab.adminConnection(side, database));
  const [row] = await execute(await admin('shop'), [
    `SELECT current_setting('data_directory') AS directory, pg_backend_pid() AS pid`,
  ]);
  const directory = String(row!.directory);
  const pgCtl = await pgCtlOf(world, side);
  const call = (...args: string[]) => runProgram(pgCtl, [...args, '-w', '-D', directory], dirname(directory));
  return {
    directory,
    whileStopped: async (work: () => Promise<void>, mode: 'fast' | 'immediate' = 'fast') => {
      await call('stop', '-m', mode);
      await work();
      await call('start', '-l', join(dirname(directory), 'put-back.log'));
    },
  };
}

/** Beside the program that the server runs. */
async function pgCtlOf(world: DirectLab, side: Side): Promise<string> {
  const client = await connectBy((database) => world.lab.adminConnection(side, database))('shop');
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return join(dirname(readlinkSync(`/proc/${rows[0]!.pid}/exe`)), 'pg_ctl');
  } finally {
    await client.end();
  }
}

/** Statements that write, so many times, much more WAL than a server writes by itself. */
export function muchWal(times: number): string[] {
  return Array.from({ length: times }, () => [
    'CREATE TABLE w AS SELECT generate_series(1, 2000)',
    'DROP TABLE w',
  ]).flat();
}
