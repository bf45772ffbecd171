import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { OperatorError } from '../../errors/operator-error';
import type { Programs } from './programs';
import { giveTo, serverUser, type ServerUser } from './server-user';

/** Where the scratch servers of one run are. All of it goes with them. */
export interface ServerFiles {
  readonly root: string;
  readonly bin: string;
  readonly user: ServerUser | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** The path of a socket has 107 bytes at most (sun_path). */
const LONGEST_ROOT = 80;

export function makeFolder(programs: Programs): ServerFiles {
  const user = serverUser();
  const root = mkdtempSync(join(placeForFiles(), 'sqlr-ddl-'));
  giveTo(user, root);
  const bin = programs.native === null ? programs.bin : copyOfNpm(programs.native, root, user);
  return { root, bin, user, env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', HOME: root, TMPDIR: root } };
}

/** TMPDIR where it is set; else memory where it has room, as databases are made and dropped for each statement. */
function placeForFiles(): string {
  const inMemory = '/dev/shm';
  if (process.env.TMPDIR === undefined && existsSync(inMemory)) {
    const { bavail, bsize } = statfsSync(inMemory);
    if (bavail * bsize > ROOM_BYTES) return inMemory;
  }
  return tmpdir().length > LONGEST_ROOT ? '/tmp' : tmpdir();
}

const ROOM_BYTES = 2 * 1024 ** 3;

/** npm makes no links in a package, and another user may not be let into node_modules. */
function copyOfNpm(native: string, root: string, user: ServerUser | undefined): string {
  const copy = join(root, 'postgresql');
  mkdirSync(copy);
  for (const part of ['bin', 'lib', 'share']) {
    const filter = (path: string): boolean => !path.endsWith('.a');
    cpSync(join(native, part), join(copy, part), { recursive: true, verbatimSymlinks: true, filter });
  }
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(copy, target.replace(/^native\//, ''));
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
  // Whoever ends the servers after this process was killed removes it too, and is the other user.
  if (user !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, copy]);
  return join(copy, 'bin');
}

/**
 * What is kept is of no use after a crash, so nothing is synced. What the worker that applies says is read from the log,
 * which says which process speaks.
 */
const SETTINGS = `
listen_addresses = ''
fsync = off
full_page_writes = off
wal_level = logical
max_connections = 60
max_worker_processes = 24
max_logical_replication_workers = 12
max_replication_slots = 20
max_wal_senders = 20
max_prepared_transactions = 0
max_locks_per_transaction = 512
wal_retrieve_retry_interval = '100ms'
wal_receiver_status_interval = '1s'
max_wal_size = '4GB'
checkpoint_timeout = '1h'
autovacuum = off
jit = off
shared_buffers = '32MB'
dynamic_shared_memory_type = mmap
log_min_messages = warning
log_min_error_statement = panic
log_line_prefix = '[%p] '
log_timezone = 'UTC'
lc_messages = 'C'
`;

/** Two data directories, of which the second is a copy of the first. */
export async function makeDataDirectories(files: ServerFiles, names: readonly [string, string]): Promise<void> {
  const [first, second] = names.map((name) => join(files.root, name, 'data')) as [string, string];
  for (const name of names) {
    mkdirSync(join(files.root, name), { mode: 0o700 });
    giveTo(files.user, join(files.root, name));
  }
  const args = ['-D', first, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(files, join(files.bin, 'initdb'), args);
  appendFileSync(join(first, 'postgresql.conf'), SETTINGS);
  await run(files, 'cp', ['-a', first, second]);
}

/** @throws OperatorError DDL_SCRATCH_FAILED with the program's own words */
async function run(files: ServerFiles, program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, {
    cwd: files.root,
    env: files.env,
    ...files.user,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw scratchFailed(`${basename(program)} ended with ${code}: ${said.trim().slice(-600)}`);
}

const WHY =
  'what a statement does is found by running it on local servers; nothing was judged, and production was only read';

export const scratchFailed = (seen: string, cause?: unknown): OperatorError =>
  new OperatorError({
    code: 'DDL_SCRATCH_FAILED',
    seen,
    why: WHY,
    next: `look whether the disk of ${tmpdir()} is full; TMPDIR names another folder for them`,
    cause,
  });

/** The server runs, and does not let us in: no waiting helps, and no disk. */
export const scratchUnreachable = (seen: string, cause: unknown): OperatorError =>
  new OperatorError({
    code: 'DDL_SCRATCH_FAILED',
    seen,
    why: WHY,
    next: 'it listens on a socket of this machine alone: look what keeps this process from it; --bindir names other programs',
    cause,
  });
