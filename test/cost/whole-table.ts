import type { Price, PriceTable } from '../../cost/estimate/price-table';

const source = 'test';

/** Every item has a price that is no other's, so that a test sees which one was taken. */
const prices: readonly Price[] = [
  { item: 'instance-hour', class: 'db.r6g.large', storage: 'standard', usd: 0.5, source },
  { item: 'instance-hour', class: 'db.r6g.large', storage: 'io-optimized', usd: 0.75, source },
  { item: 'instance-hour', class: 'db.t4g.medium', storage: 'standard', usd: 0.25, source },
  { item: 'acu-hour', storage: 'standard', usd: 0.125, source },
  { item: 'acu-hour', storage: 'io-optimized', usd: 0.2, source },
  { item: 'storage-gb-month', storage: 'standard', usd: 0.11, source },
  { item: 'storage-gb-month', storage: 'io-optimized', usd: 0.22, source },
  { item: 'io-million', usd: 0.21, source },
  { item: 'backup-gb-month', usd: 0.03, source },
  { item: 'secret-month', usd: 0.41, source },
  { item: 'alarm-month', usd: 0.12, source },
  { item: 'composite-alarm-month', usd: 0.52, source },
  { item: 'dashboard-month', usd: 3.1, source },
  { item: 'custom-metric-month', usd: 0.31, source },
  { item: 'peering-gb', usd: 0.013, source },
  { item: 'fargate-vcpu-hour', usd: 0.04, source },
  { item: 'fargate-gb-hour', usd: 0.005, source },
  { item: 'fargate-arm-vcpu-hour', usd: 0.03, source },
  { item: 'fargate-arm-gb-hour', usd: 0.004, source },
];

export const WHOLE_TABLE: PriceTable = {
  region: 'us-east-1',
  currency: 'USD',
  sources: { test: { title: 'made up', url: 'https://example.com/', asOf: '2026-01-01', seen: 'page' } },
  prices: [...prices],
};
