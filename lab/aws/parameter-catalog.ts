import { lookUp, settableNames } from '../../environments/parameters/lookup';
import type { ApplyType, Row } from '../../environments/parameters/table';

/** A cluster parameter as the stand-in has it. */
export interface ParameterDefinition {
  readonly name: string;
  /** As DescribeDBClusterParameters shows it; formulas included. Null: no value unless set. */
  readonly default: string | null;
  readonly applyType: ApplyType;
  /** What it takes; null: nobody may change it. */
  readonly takes: Row | null;
  /** The server's name for it; null when the lab's server has nothing of the kind. */
  readonly setting: string | null;
  /** What the server gets for a value of the group; null: its own default. */
  readonly toServer: (value: string) => string | null;
}

/** What Aurora starts a server with where nothing is set, as far as it matters to the lab. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'rds.logical_replication': '0',
  'rds.force_ssl': '1',
  'aurora.enhanced_logical_replication': '0',
  shared_preload_libraries: 'pg_stat_statements',
  max_replication_slots: '20',
  max_wal_senders: '20',
  max_logical_replication_workers: '4',
  max_worker_processes: 'GREATEST(${DBInstanceVCPU*2},8)',
  max_connections: 'LEAST({DBInstanceClassMemory/9531392},5000)',
  autovacuum_max_workers: 'GREATEST({DBInstanceClassMemory/64371566592},3)',
  max_prepared_transactions: '0',
  track_commit_timestamp: '0',
  max_sync_workers_per_subscription: '2',
  max_parallel_workers: '8',
  max_slot_wal_keep_size: '-1',
  logical_decoding_work_mem: '65536',
  wal_sender_timeout: '30000',
  wal_receiver_timeout: '30000',
  idle_in_transaction_session_timeout: '86400000',
  statement_timeout: '0',
  log_min_duration_statement: '-1',
  work_mem: '4096',
  maintenance_work_mem: '65536',
  random_page_cost: '4',
  timezone: 'UTC',
  max_active_replication_origins: '20',
};

/** AWS shows a formula over the instance class; the lab's machine gets the number it comes to on a small one. */
const FORMULAS: Readonly<Record<string, string>> = {
  max_worker_processes: '8',
  max_connections: '200',
  autovacuum_max_workers: '3',
};
const FORMULA = /^(GREATEST|LEAST|SUM)\(|\{/;

/** The lab's own: Aurora's libraries do not exist here, the log and TLS are as the lab reads them, memory is this machine's. */
const OF_THE_LAB =
  /^(shared_preload_libraries|shared_buffers|ssl.*|log_(destination|filename|rotation_age|rotation_size))$/;

/** What is too small is found sooner on a server of the lab than Aurora lets one be, which takes 5 and more. */
const SMALLER = /^max_(replication_slots|wal_senders)$/;

function definition(name: string, major: number): ParameterDefinition | undefined {
  const known = lookUp(name, major);
  if (known.kind === 'fixed')
    return { name, default: null, applyType: 'static', takes: null, setting: null, toServer: () => null };
  if (!('row' in known)) return undefined;
  return {
    name,
    default: DEFAULTS[name] ?? null,
    applyType: known.row.applyType,
    takes: SMALLER.test(name) ? { ...known.row, min: 0 } : known.row,
    ...(name === 'rds.logical_replication'
      ? { setting: 'wal_level', toServer: (value: string) => (value === '1' ? 'logical' : 'replica') }
      : {
          setting: name.includes('.') || !known.ofPostgresql || OF_THE_LAB.test(name) ? null : name,
          toServer: (value: string) => (FORMULA.test(value) ? (FORMULAS[name] ?? null) : value),
        }),
  };
}

const majorOf = (family: string): number => Number(family.replace('aurora-postgresql', ''));

/** The parameters that a group of a family such as `aurora-postgresql17` may set. */
export function parametersOf(family: string): ParameterDefinition[] {
  const major = majorOf(family);
  return settableNames(major)
    .sort()
    .map((name) => definition(name, major)!);
}

export function findParameter(family: string, name: string): ParameterDefinition | undefined {
  return definition(name, majorOf(family));
}
