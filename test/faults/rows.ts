import type { Client } from 'pg';
import type { Connect } from '../../lab/workload/seed';
import { eventually } from '../support/eventually';

/** Counted over whole rows, so a row that differs counts once on each side. */
export interface RowCounts {
  rows: number;
  /** On the source only. */
  lost: number;
  /** On the clone only, or there more often. */
  doubled: number;
  /** Tables with either. */
  tables: string[];
}

/** Waits until the slots have passed what the source has written; the writers must have stopped. */
export async function caughtUp(source: Client, slots: readonly string[]): Promise<void> {
  const { rows } = await source.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
  await eventually(async () => {
    const passed = await source.query(
      'SELECT FROM pg_replication_slots WHERE slot_name = ANY ($1) AND confirmed_flush_lsn >= $2::pg_lsn',
      [slots, rows[0]!.lsn],
    );
    return passed.rows.length === slots.length;
  });
}

/** Texts of values that no setting of a database or role can change. */
const TEXT_FORM =
  "SET TimeZone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = hex; SET IntervalStyle = iso_8601";

/** Every row of every replicated table of a database, source against clone, as bags of texts. */
export async function countRows(
  source: Connect,
  clone: Connect,
  database: string,
  /** Tables that are not replicated at the time. */
  skipped: readonly string[] = [],
): Promise<RowCounts> {
  const [here, there] = [await source(database), await clone(database)];
  try {
    for (const client of [here, there]) await client.query(TEXT_FORM);
    const counts: RowCounts = { rows: 0, lost: 0, doubled: 0, tables: [] };
    const tables = (await replicatedTables(here)).filter((table) => !skipped.includes(table));
    for (const table of tables) await compareTable(here, there, table, counts);
    return counts;
  } finally {
    await here.end();
    await there.end();
  }
}

async function compareTable(here: Client, there: Client, table: string, counts: RowCounts): Promise<void> {
  const [mine, yours] = await Promise.all([printOf(here, table), printOf(there, table)]);
  counts.rows += mine.rows;
  if (mine.rows === yours.rows && mine.sum === yours.sum) return;
  const [left, right] = await Promise.all([bagOf(here, table), bagOf(there, table)]);
  const surplus = (of: Map<string, number>, over: Map<string, number>): number =>
    [...of].reduce((sum, [row, times]) => sum + Math.max(0, times - (over.get(row) ?? 0)), 0);
  const [lost, doubled] = [surplus(left, right), surplus(right, left)];
  counts.lost += lost;
  counts.doubled += doubled;
  if (lost + doubled > 0) counts.tables.push(table);
}

/** How many rows, and the sum of 64 bits of the text of each: the same for the same bag of rows, in any order. */
export async function printOf(client: Client, table: string): Promise<{ rows: number; sum: string }> {
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS sum FROM ${table} AS t`,
  );
  return { rows: Number(rows[0]!.rows), sum: rows[0]!.sum };
}

/** Row texts hashed by the server, with how often each occurs. */
async function bagOf(client: Client, table: string): Promise<Map<string, number>> {
  const { rows } = await client.query<{ row: string; times: string }>(
    `SELECT sha256(convert_to(t::text, 'UTF8'))::text AS row, count(*) AS times FROM ${table} AS t GROUP BY 1`,
  );
  return new Map(rows.map(({ row, times }) => [row, Number(times)]));
}

/** Leaves and plain tables of the schemas that environments/demo.yaml replicates, and of one that comes later. */
async function replicatedTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'Audit', 'later') ORDER BY 1`);
  return rows.map(({ name }) => name);
}
