import { usage, type Charge } from './charge';
import type { Block } from './resources';

export const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';

/** What a cluster that the stack makes may have switched on, and what is billed by use. */
export const clusterOptions = (block: Block): Charge[] => [
  ...(block['enable_http_endpoint'] === true
    ? [usage('requests to the Data API', 'https://aws.amazon.com/rds/aurora/pricing/')]
    : []),
  ...insights(block),
  ...(block['master_user_secret_kms_key_id'] === undefined
    ? []
    : [usage('requests to the key of the secret', 'https://aws.amazon.com/kms/pricing/')]),
];

/** A week of history in the standard mode is free (CloudWatch pricing, "Database Insights"); the rest goes by vCPU. */
function insights(block: Block): Charge[] {
  const [mode, days] = [block['database_insights_mode'], block['performance_insights_retention_period']];
  if (mode !== 'advanced' && (days === undefined || days === 7)) return [];
  return [usage(`Database Insights, ${String(mode ?? 'standard')}, ${String(days ?? 'unknown')} days`, CLOUDWATCH)];
}

export const instanceOptions = (block: Block): Charge[] => [
  // It is billed as logs that CloudWatch takes in.
  ...(Number(block['monitoring_interval'] ?? 0) === 0 ? [] : [usage('Enhanced Monitoring', CLOUDWATCH)]),
  ...(block['publicly_accessible'] === true
    ? [usage('a public IPv4 address', 'https://aws.amazon.com/vpc/pricing/')]
    : []),
];
