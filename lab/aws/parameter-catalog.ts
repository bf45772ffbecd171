/** A cluster parameter that the stand-in knows, with the default of Aurora PostgreSQL. */
export interface ParameterDefinition {
  readonly name: string;
  /** As DescribeDBClusterParameters shows it; formulas included. Null: no value unless set. */
  readonly default: string | null;
  readonly applyType: 'static' | 'dynamic';
  /** The server's name for it; null when the lab's server has nothing of the kind. */
  readonly setting: string | null;
  /** What the server gets for a value of the group; identity unless said otherwise. */
  readonly toServer?: (value: string) => string;
}

const isStatic = (
  name: string,
  value: string | null,
  more: Partial<ParameterDefinition> = {},
): ParameterDefinition => ({
  name,
  default: value,
  applyType: 'static',
  setting: name,
  ...more,
});
const isDynamic = (name: string, value: string | null): ParameterDefinition => ({
  ...isStatic(name, value),
  applyType: 'dynamic',
});

/** AWS shows a formula over the instance class; the lab's machine gets the number it comes to on a small one. */
const formula = (result: string) => ({
  toServer: (value: string) => (value.startsWith('GREATEST(') || value.startsWith('LEAST(') ? result : value),
});

const DEFINITIONS: readonly ParameterDefinition[] = [
  isStatic('rds.logical_replication', '0', {
    setting: 'wal_level',
    toServer: (value) => (value === '1' ? 'logical' : 'replica'),
  }),
  isStatic('rds.force_ssl', '1', { applyType: 'dynamic', setting: null }),
  isStatic('aurora.enhanced_logical_replication', '0', { setting: null }),
  isStatic('aurora.logical_replication_backup', null, { setting: null }),
  isStatic('aurora.logical_replication_globaldb', null, { setting: null }),
  // Aurora's own libraries among them do not exist for the lab's server.
  isStatic('shared_preload_libraries', 'pg_stat_statements', { setting: null }),
  isStatic('max_replication_slots', '20'),
  isStatic('max_wal_senders', '20'),
  isStatic('max_logical_replication_workers', '4'),
  isStatic('max_worker_processes', 'GREATEST(${DBInstanceVCPU*2},8)', formula('8')),
  isStatic('max_connections', 'LEAST({DBInstanceClassMemory/9531392},5000)', formula('200')),
  isStatic('autovacuum_max_workers', 'GREATEST({DBInstanceClassMemory/64371566592},3)', formula('3')),
  isStatic('max_prepared_transactions', '0'),
  isStatic('track_commit_timestamp', '0'),
  isDynamic('max_sync_workers_per_subscription', '2'),
  isDynamic('max_parallel_apply_workers_per_subscription', '2'),
  isDynamic('max_parallel_workers', '8'),
  isDynamic('max_slot_wal_keep_size', '-1'),
  isDynamic('logical_decoding_work_mem', '65536'),
  isDynamic('wal_sender_timeout', '30000'),
  isDynamic('wal_receiver_timeout', '30000'),
  isDynamic('wal_retrieve_retry_interval', '5000'),
  isDynamic('idle_in_transaction_session_timeout', '86400000'),
  isDynamic('statement_timeout', '0'),
  isDynamic('lock_timeout', '0'),
  isDynamic('log_min_duration_statement', '-1'),
  isDynamic('work_mem', '4096'),
  isDynamic('maintenance_work_mem', '65536'),
  isDynamic('random_page_cost', '4'),
  isDynamic('timezone', 'UTC'),
];

/** Since version 18 the origins have a limit of their own. */
const ORIGINS_LIMIT = isStatic('max_active_replication_origins', '20');

/** The parameters of a family such as `aurora-postgresql17`. */
export function parametersOf(family: string): readonly ParameterDefinition[] {
  const major = Number(family.replace('aurora-postgresql', ''));
  return [...DEFINITIONS, ...(major >= 18 ? [ORIGINS_LIMIT] : [])].filter(
    (definition) => major >= 16 || definition.name !== 'max_parallel_apply_workers_per_subscription',
  );
}

export function findParameter(family: string, name: string): ParameterDefinition | undefined {
  return parametersOf(family).find((definition) => definition.name === name);
}
