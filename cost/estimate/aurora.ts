import { free, metered, untreated, usage, type Charge } from './charge';
import type { Treatment } from './treatment';
import type { PriceTable, Storage } from './price-table';
import { referredTo, type Block } from './resources';
import type { Stated } from './stated';

/** As AWS's own calculators take a month. */
export const HOURS = 730;

const GUIDE = 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide';
const PRICING = 'https://aws.amazon.com/rds/aurora/pricing/';

/** Settings that change nothing in the bill, or that are read below. Any other one may cost something, and is named. */
const CLUSTER_SETTINGS = [
  ...['//', 'count', 'depends_on', 'lifecycle', 'provider', 'tags', 'apply_immediately', 'cluster_identifier'],
  ...['db_cluster_parameter_group_name', 'db_subnet_group_name', 'vpc_security_group_ids', 'deletion_protection'],
  ...['engine', 'engine_version', 'iam_database_authentication_enabled', 'restore_to_point_in_time'],
  ...['skip_final_snapshot', 'storage_encrypted', 'storage_type', 'backup_retention_period', 'kms_key_id'],
  ...['serverlessv2_scaling_configuration', 'manage_master_user_password', 'enabled_cloudwatch_logs_exports'],
];
const INSTANCE_SETTINGS = [
  ...['//', 'count', 'depends_on', 'lifecycle', 'provider', 'tags', 'apply_immediately', 'auto_minor_version_upgrade'],
  ...['cluster_identifier', 'db_subnet_group_name', 'engine', 'identifier', 'instance_class', 'promotion_tier'],
];

/** The clone without its instances. */
export const cluster: Treatment = ({ block }, { prices, stated }) => [
  ...volume(block, prices, stated),
  backups(block, prices, stated),
  ...(block['manage_master_user_password'] === true
    ? // Secrets Manager user guide, "How Amazon Aurora uses AWS Secrets Manager": "You are charged for that secret".
      [metered(prices, { ...SECRET, what: "secret of the clone's master user" })]
    : []),
  ...(block['kms_key_id'] === undefined
    ? []
    : [usage('requests to the KMS key', 'https://aws.amazon.com/kms/pricing/')]),
  ...(exportsLogs(block) ? [usage('logs exported to CloudWatch', 'https://aws.amazon.com/cloudwatch/pricing/')] : []),
  ...unread(block, CLUSTER_SETTINGS),
];

export const instance: Treatment = ({ block }, { prices, all }) => {
  const its = referredTo(block['cluster_identifier'], all)?.block;
  const storage = its && storageOf(its);
  const kind = String(block['instance_class']);
  const rest = unread(block, INSTANCE_SETTINGS);
  if (storage === undefined) return [untreated(`instance of ${kind}, of a cluster that is not in the stack`), ...rest];
  if (kind !== 'db.serverless') {
    const key = { item: 'instance-hour', class: kind, storage } as const;
    return [metered(prices, { what: `hours of ${kind}`, key, quantity: [HOURS, HOURS], look: PRICING }), ...rest];
  }
  const capacity = capacityOf(its);
  const what = capacity === null ? 'ACU hours' : `ACU hours, ${capacity[0]} to ${capacity[1]} ACU`;
  const quantity = capacity && ([capacity[0] * HOURS, capacity[1] * HOURS] as const);
  return [metered(prices, { what, key: { item: 'acu-hour', storage }, quantity, look: PRICING }), ...rest];
};

export const SECRET = {
  key: { item: 'secret-month' },
  quantity: [1, 1],
  look: 'https://aws.amazon.com/secrets-manager/pricing/',
} as const;

/**
 * A clone shares every page with its source at first, and gets its own where either side changes one (Aurora user guide,
 * "Overview of Aurora cloning"): anything from none of the data to all of it.
 */
function volume(block: Block, prices: PriceTable, stated: Stated): Charge[] {
  const storage = storageOf(block);
  if (storage === undefined) return [untreated(`storage of type ${String(block['storage_type'])}`)];
  const [gb, millions] = [stated['storage-gb'], stated['io-millions']];
  const name = storage === 'standard' ? 'Standard' : 'I/O-Optimized';
  return [
    metered(prices, {
      what: `storage, ${name}${gb === undefined ? '' : `, none to ${gb} GB`}`,
      key: { item: 'storage-gb-month', storage },
      quantity: gb === undefined ? null : [0, gb],
      look: PRICING,
      option: 'storage-gb',
    }),
    storage === 'io-optimized'
      ? // I/O requests are billed "for the Aurora Standard DB cluster configuration only".
        free('I/O requests', `${GUIDE}/User_DBInstanceBilling.html`)
      : metered(prices, {
          what: 'I/O requests',
          key: { item: 'io-million' },
          quantity: millions === undefined ? null : [millions, millions],
          look: PRICING,
          option: 'io-millions',
        }),
  ];
}

/** "There is also no charge for an automated backup whose retention period is just 1 day" (Aurora user guide). */
function backups(block: Block, prices: PriceTable, stated: Stated): Charge {
  const days = block['backup_retention_period'];
  if (days === 1) return free('backups of 1 day', `${GUIDE}/aurora-storage-backup.html`);
  const gb = stated['backup-gb'];
  return metered(prices, {
    what: `backups of ${String(days ?? 'unknown')} days`,
    key: { item: 'backup-gb-month' },
    quantity: gb === undefined ? null : [gb, gb],
    look: PRICING,
    option: 'backup-gb',
  });
}

/** Absent is what a provider would do: Standard. Another one is not known. */
function storageOf(block: Block): Storage | undefined {
  const type = block['storage_type'] ?? 'aurora';
  return type === 'aurora' ? 'standard' : type === 'aurora-iopt1' ? 'io-optimized' : undefined;
}

function capacityOf(block: Block | undefined): readonly [number, number] | null {
  const scaling = [block?.['serverlessv2_scaling_configuration']].flat()[0] as Block | undefined;
  const [least, most] = [scaling?.['min_capacity'], scaling?.['max_capacity']];
  return typeof least === 'number' && typeof most === 'number' ? [least, most] : null;
}

/** Stated, or taken over from production. */
function exportsLogs(block: Block): boolean {
  const ignored = (block['lifecycle'] as { ignore_changes?: readonly string[] } | undefined)?.ignore_changes ?? [];
  return 'enabled_cloudwatch_logs_exports' in block || ignored.includes('enabled_cloudwatch_logs_exports');
}

function unread(block: Block, known: readonly string[]): Charge[] {
  return Object.keys(block)
    .filter((setting) => !known.includes(setting))
    .map((setting) => untreated(`the setting ${setting}`));
}
