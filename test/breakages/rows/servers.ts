import type { Side } from '../../../lab/lab';
import type { Breakage } from '../breakage';
import type { BrokenWorld } from '../broken-world';

const AWAY = ['stopped', 'cut off'] as const;
const NO_WORKER = ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING'] as const;

async function renameDatabase(world: BrokenWorld, side: Side, from: string, to: string): Promise<void> {
  await world.endSessions();
  await world.beside(
    side,
    `ALTER DATABASE ${from} ALLOW_CONNECTIONS false`,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${from}'`,
    `ALTER DATABASE ${from} RENAME TO ${to}`,
    `ALTER DATABASE ${to} ALLOW_CONNECTIONS true`,
  );
}

/** Servers that are down, or have no room, and databases that have gone or have another name. */
export const SERVER_ROWS: readonly Breakage[] = [
  {
    name: 'clone down',
    states: ['clone not reached'],
    causes: ['CONNECT_REFUSED'],
    restarted: false,
    breaks: async (world) => {
      await world.stop('clone');
      await world.write();
    },
    byHand: (world) => world.startAll(),
  },
  {
    name: 'source down',
    states: ['not read'],
    causes: ['CONNECT_REFUSED'],
    breaks: (world) => world.stop('source'),
    byHand: (world) => world.startAll(),
  },
  {
    name: 'both down',
    states: ['not read'],
    causes: ['CONNECT_REFUSED'],
    breaks: (world) => world.stop('source', 'clone'),
    byHand: (world) => world.startAll(),
  },
  {
    name: 'no workers on the clone',
    everywhere: true,
    states: AWAY,
    causes: [...NO_WORKER, 'TARGET_WORKERS_TOO_FEW'],
    beside: ['TARGET_PROCESSES_TOO_FEW'],
    breaks: async (world) => {
      await world.set('clone', 'max_logical_replication_workers', '0');
      await world.write();
    },
    byHand: (world) => world.set('clone', 'max_logical_replication_workers', null),
  },
  {
    name: 'no senders on the source',
    everywhere: true,
    states: AWAY,
    causes: [...NO_WORKER, 'SOURCE_SENDERS_TOO_FEW'],
    beside: ['SOURCE_REFUSES_LOGIN'],
    breaks: async (world) => {
      await world.set('source', 'max_wal_senders', '0');
      await world.write();
    },
    byHand: (world) => world.set('source', 'max_wal_senders', null),
  },
  {
    name: 'database of the source renamed',
    states: ['not read'],
    causes: ['CONNECT_DATABASE_MISSING'],
    breaks: (world) => renameDatabase(world, 'source', 'shop', 'store'),
    byHand: (world) => renameDatabase(world, 'source', 'store', 'shop'),
  },
  {
    name: 'database of the clone renamed',
    states: ['stopped', 'cut off', 'blocked', 'not connected yet', 'streaming'],
    causes: ['DATABASE_RENAMED', ...NO_WORKER],
    breaks: (world) => renameDatabase(world, 'clone', 'shop', 'store'),
  },
  {
    name: 'database of the clone closed',
    states: ['stopped', 'cut off', 'blocked', 'clone not reached'],
    causes: [...NO_WORKER, 'CONNECT_DATABASE_CLOSED'],
    breaks: async (world) => {
      await world.endSessions();
      await world.beside(
        'clone',
        'ALTER DATABASE shop ALLOW_CONNECTIONS false',
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'shop'`,
      );
      await world.write();
    },
    byHand: (world) => world.beside('clone', 'ALTER DATABASE shop ALLOW_CONNECTIONS true'),
  },
];
