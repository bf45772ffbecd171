import { parameterSettings, type ExtraParameters } from '../../../environments/parameters/setting';

/** Values of parameters, as RDS takes them: text. */
export type Parameters = Record<string, string>;

/** Table synchronisation workers of one subscription: the default of max_sync_workers_per_subscription. */
const SYNC_WORKERS = 2;
/** Slots for others: other replication, a later environment, a tool that makes one for a while. */
const OTHER_SLOTS = 10;
/** Senders that hold no logical slot, such as a base backup or a replica outside of Aurora. */
const OTHER_SENDERS = 5;
/** Parallel query and autovacuum workers of the largest classes (AWS: GREATEST(DBInstanceVCPU/2, 8) and about 10). */
const OTHER_WORKERS = 64;
/** RDS sets 20 for both where nothing else is said; a stack never lowers them. */
const LEAST_SLOTS = 20;

/** Parameters that decide whether a copy of the data directory starts at all, so the clone needs at least the source's. */
const NEEDED_BY_A_COPY = ['max_prepared_transactions'];

/**
 * Parameters of the publisher. Each stream holds one slot and, while tables are
 * added, one more for every synchronisation worker; each slot has one sender
 * (PostgreSQL manual, Logical Replication, Configuration Settings: Publishers).
 *
 * @param streams number of streams of the environment
 * @param extraParameters parameters carried over from the group in use today; larger numbers win
 * @param others numbers of streams of the other environments on the cluster, which has one group: theirs comes to the
 * same, so that whichever is attached has room for all of them, and none is attached in the place of another
 */
export function sourceParameters(
  streams: number,
  extraParameters: ExtraParameters = {},
  others: readonly number[] = [],
): Parameters {
  const counts = [streams, ...others];
  const together = counts.reduce((sum, count) => sum + count, 0);
  const extra = valuesOf(extraParameters);
  const slots = Math.max(
    LEAST_SLOTS,
    together * (1 + SYNC_WORKERS),
    ...counts.map((count) => count * (1 + SYNC_WORKERS) + OTHER_SLOTS),
    numberOf(extra['max_replication_slots']),
  );
  const senders = Math.max(slots + OTHER_SENDERS, numberOf(extra['max_wal_senders']));
  return {
    ...extra,
    'rds.logical_replication': '1',
    max_replication_slots: String(slots),
    max_wal_senders: String(senders),
  };
}

/** What replication needs for itself, and what the clone, which starts with a copy of the server, has to know of it. */
const NEEDED_BY_REPLICATION = [
  'rds.logical_replication',
  'max_replication_slots',
  'max_wal_senders',
  'max_active_replication_origins',
  ...NEEDED_BY_A_COPY,
];

/** Of a group that stays its owner's: the rest of it is theirs, and is neither printed nor judged. */
export function ownersParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => NEEDED_BY_REPLICATION.includes(name)));
}

/**
 * Parameters of the subscriber (PostgreSQL manual, Configuration Settings:
 * Subscribers). The clone inherits the source's slots, and a server that finds
 * more slots than it may have, or a logical slot while wal_level is lower, does
 * not start (slot.c, RestoreSlotFromDisk): hence logical replication and the
 * source's number of slots here as well. Replication origins take from
 * max_replication_slots up to 17 and have a parameter of their own from 18.
 *
 * @param source parameters of the source, which the clone takes over as far as they can work there
 * @param own what the file has for the clone alone; of what replication needs, larger numbers win
 */
export function targetParameters(
  streams: number,
  majorVersion: number,
  { source, own = {} }: { readonly source: Parameters; readonly own?: ExtraParameters },
): Parameters {
  const asked = { ...inheritable(source), ...valuesOf(own) };
  const atLeast = (name: string, least: number) => String(Math.max(least, numberOf(asked[name])));
  const applyWorkers = streams * (1 + SYNC_WORKERS) + 4;
  const origins = Math.max(
    streams * (1 + SYNC_WORKERS) + OTHER_SLOTS,
    // What the source has of them comes along, and has to find room (StartupReplicationOrigin in origin.c).
    numberOf(source['max_active_replication_origins']),
  );
  return {
    ...asked,
    'rds.logical_replication': '1',
    max_replication_slots: atLeast(
      'max_replication_slots',
      Math.max(numberOf(source['max_replication_slots']), origins),
    ),
    max_wal_senders: atLeast('max_wal_senders', numberOf(source['max_wal_senders'] ?? String(LEAST_SLOTS))),
    max_logical_replication_workers: atLeast('max_logical_replication_workers', applyWorkers),
    // AWS, Setting up logical replication: at least the sum of the logical, autovacuum and parallel workers.
    max_worker_processes: atLeast('max_worker_processes', applyWorkers + OTHER_WORKERS),
    ...Object.fromEntries(
      NEEDED_BY_A_COPY.filter((name) => name in asked).map((name) => [name, atLeast(name, numberOf(source[name]))]),
    ),
    ...(majorVersion >= 18
      ? { max_active_replication_origins: atLeast('max_active_replication_origins', origins) }
      : {}),
  };
}

/**
 * pg_cron would do production's work a second time, and knows its database by a parameter. Memory is that of production's
 * class, with which a smaller one does not start. The clone publishes nothing.
 */
const NOT_ON_A_CLONE = /^(cron\..*|shared_buffers|aurora\.enhanced_logical_replication)$/;
const NOT_LOADED_ON_A_CLONE = ['pg_cron'];

function inheritable(source: Parameters): Parameters {
  const { shared_preload_libraries: libraries, ...others } = source;
  const loaded = (libraries ?? '')
    .split(',')
    .map((library) => library.trim())
    .filter((library) => library !== '' && !NOT_LOADED_ON_A_CLONE.includes(library));
  return {
    ...Object.fromEntries(Object.entries(others).filter(([name]) => !NOT_ON_A_CLONE.test(name))),
    ...(loaded.length > 0 ? { shared_preload_libraries: loaded.join(',') } : {}),
  };
}

const valuesOf = (extra: ExtraParameters): Parameters =>
  Object.fromEntries(parameterSettings(extra).map(({ name, value }) => [name, value]));

function numberOf(value: string | undefined): number {
  return Number.isFinite(Number(value)) ? Number(value) : 0;
}
