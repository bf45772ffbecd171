import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOwned } from '../../../lab/postgres/server-files';
import { startServer, stopServer } from '../../../lab/postgres/server-process';
import { giveToServer } from '../../../lab/postgres/server-user';
import { serverOf } from '../../../lab/servers';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION, type BrokenWorld } from '../broken-world';

const FAILING = {
  states: ['retrying', 'stopped'],
  causes: ['APPLY_WORKER_FAILING', 'APPLY_WORKER_STOPPED'],
} as const satisfies Partial<Breakage>;

const smallDisk = ({ lab }: BrokenWorld): string => join(lab.lab.directory, 'small disk');
const mount = (...words: readonly string[]): Buffer => execFileSync('mount', ['-t', 'tmpfs', ...words]);

/** Whoever has a file open there keeps it until it is closed. */
const unmount = (disk: string) => spawnSync('umount', ['--lazy', disk]);

function mountable(): string | null {
  if (process.getuid?.() !== 0) return 'a small disk is mounted by root alone';
  try {
    const tried = join('/tmp', `small disk ${process.pid}`);
    mkdirSync(tried);
    try {
      mount('-o', 'size=64k', 'none', tried);
      execFileSync('umount', [tried]);
    } finally {
      rmSync(tried, { recursive: true });
    }
    return null;
  } catch (error) {
    return `a small disk cannot be mounted: ${(error as Error).message.split('\n')[0]}`;
  }
}

const withoutSetting = async (world: BrokenWorld, name: string): Promise<void> => {
  const file = join(serverOf(world.lab.lab, 'source').dataDirectory, 'postgresql.auto.conf');
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeOwned(file, lines.filter((line) => !line.startsWith(name)).join('\n'));
};

/** Where there is no room for what arrives, and a server that may not start as it is set up. */
export const ROOM_ROWS: readonly Breakage[] = [
  {
    ...FAILING,
    name: 'temp_file_limit on the clone',
    beside: ['SETTING_HARMS_APPLY'],
    words: /temporary file size exceeds/,
    breaks: async (world) => {
      await world.asAdmin(
        'clone',
        `ALTER DATABASE shop SET temp_file_limit = '64kB'`,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname = '${SUBSCRIPTION}'`,
      );
      // What does not fit is sent before its commit, and waits for that in a file; the limit is of what is sent at first alone.
      // The server does not count what it adds to a file that it has opened again (PathNameOpenTemporaryFile in fd.c).
      await world.beside('source', `ALTER SYSTEM SET logical_decoding_work_mem = '1MB'`);
      await world.beside('source', 'SELECT pg_reload_conf()');
      await world.endReplication();
      // Beyond the row of a conflict that other ways to break make.
      const first = Math.max(world.id, 5_000) + 1;
      world.id = first + 20_000;
      await world.onSource(
        `INSERT INTO orders SELECT n, repeat('x', 100) FROM generate_series(${first}, ${world.id}) AS n`,
      );
    },
    afterwards: async (world) => {
      await world.beside('source', 'ALTER SYSTEM RESET logical_decoding_work_mem');
      await world.beside('source', 'SELECT pg_reload_conf()');
      await world.asAdmin('clone', 'ALTER DATABASE shop RESET temp_file_limit');
    },
  },
  {
    ...FAILING,
    name: 'disk of the clone full',
    unable: mountable,
    words: /No space left on device/,
    breaks: async (world) => {
      const disk = smallDisk(world);
      mkdirSync(disk, { recursive: true });
      mount('-o', 'size=1m', 'none', disk);
      world.endings.push(() => unmount(disk));
      await giveToServer(disk);
      await world.asAdmin(
        'clone',
        `CREATE TABLESPACE small LOCATION '${disk}'`,
        'ALTER TABLE lines SET TABLESPACE small',
      );
      const first = world.id + 1;
      world.id += 40_000;
      await world.onSource(`INSERT INTO lines SELECT n, 1, 1 FROM generate_series(${first}, ${world.id}) AS n`);
    },
    byHand: (world) => Promise.resolve(mount('-o', 'remount,size=64m', 'none', smallDisk(world))),
    afterwards: async (world) => {
      await world.asAdmin(
        'clone',
        'ALTER TABLE lines SET TABLESPACE pg_default',
        'CHECKPOINT',
        'DROP TABLESPACE small',
      );
      unmount(smallDisk(world));
    },
  },
  {
    name: 'source with too low a wal_level',
    states: ['not read'],
    causes: ['CONNECT_REFUSED'],
    breaks: async (world) => {
      const place = serverOf(world.lab.lab, 'source');
      await world.beside('source', `ALTER SYSTEM SET wal_level = 'replica'`);
      await stopServer(place, 'fast');
      // It ends as soon as it sees a logical slot (RestoreSlotFromDisk in slot.c).
      await startServer(place).then(
        () => Promise.reject(new Error('it has started')),
        () => undefined,
      );
    },
    byHand: async (world) => {
      await withoutSetting(world, 'wal_level');
      await world.startAll();
    },
  },
];
