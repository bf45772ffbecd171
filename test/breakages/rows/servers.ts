import type { Breakage } from '../breakage';

const AWAY = ['stopped', 'cut off'] as const;
const NO_WORKER = ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING'] as const;

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
    states: ['stopped', 'cut off', 'blocked', 'not proven', 'not read'],
    causes: ['SOURCE_DATABASE_RENAMED', 'DATABASE_MISSING', 'SLOT_NAME_TAKEN', ...NO_WORKER],
    breaks: async (world) => {
      await world.endSessions();
      await world.beside(
        'source',
        'ALTER DATABASE shop ALLOW_CONNECTIONS false',
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'shop'`,
        'ALTER DATABASE shop RENAME TO store',
        'ALTER DATABASE store ALLOW_CONNECTIONS true',
      );
    },
  },
  {
    name: 'database of the clone renamed',
    states: ['stopped', 'cut off', 'blocked', 'not connected yet', 'streaming'],
    causes: ['DATABASE_RENAMED', ...NO_WORKER],
    breaks: async (world) => {
      await world.endSessions();
      await world.beside(
        'clone',
        'ALTER DATABASE shop ALLOW_CONNECTIONS false',
        `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'shop'`,
        'ALTER DATABASE shop RENAME TO store',
        'ALTER DATABASE store ALLOW_CONNECTIONS true',
      );
    },
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
