import type { Accounts } from './accounts';
import type { Database } from './database';

/** What a seed really did on production, so that nobody has to take the generator's word for it. */
export interface Activity {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  /** Transactions too large for logical_decoding_work_mem: sent early, or written to disk. */
  readonly streamed: number;
  readonly spilled: number;
}

export async function activityOf(accounts: Accounts, databases: readonly Database[]): Promise<Activity> {
  const sum = { inserted: 0, updated: 0, deleted: 0 };
  for (const { name } of databases) {
    const client = await accounts.connect(accounts.production, name);
    const { rows } = await client.query<typeof sum>(`SELECT sum(n_tup_ins)::float8 AS inserted,
      sum(n_tup_upd)::float8 AS updated, sum(n_tup_del)::float8 AS deleted FROM pg_stat_user_tables`);
    await client.end();
    for (const key of ['inserted', 'updated', 'deleted'] as const) sum[key] += rows[0]?.[key] ?? 0;
  }
  const client = await accounts.connect(accounts.production, 'postgres', true);
  const { rows } = await client.query<{ streamed: number; spilled: number }>(`SELECT
    sum(stream_txns)::float8 AS streamed, sum(spill_txns)::float8 AS spilled FROM pg_stat_replication_slots`);
  await client.end();
  return { ...sum, ...rows[0]! };
}
