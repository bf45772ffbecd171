import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';

/** Opens a session on one database of the source cluster as its master user; the caller of this ends it. */
export type Connect = (database: string) => Promise<Client>;

/** The databases of the demo's production cluster; each has a folder of that name beside this file. */
export const WORKLOAD_DATABASES = ['shop', 'ledger'] as const;

/** One table as it was filled; a partitioned table counts once. */
export interface SeededTable {
  database: string;
  schema: string;
  name: string;
  rows: number;
}

/**
 * Creates and fills the tables of both databases. The content depends on `rows` alone.
 * @param opts.rows the least number of rows in all; at least 5,000, so that there are keys for everybody
 */
export async function seedWorkload(connect: Connect, opts: { rows: number }): Promise<SeededTable[]> {
  if (!Number.isInteger(opts.rows) || opts.rows < 5000) {
    throw new RangeError(`rows is a whole number of at least 5000, not ${opts.rows}`);
  }
  const perDatabase = await Promise.all(
    WORKLOAD_DATABASES.map((database) => seedDatabase(connect, database, opts.rows)),
  );
  return perDatabase.flat();
}

async function seedDatabase(connect: Connect, database: string, rows: number): Promise<SeededTable[]> {
  const client = await connect(database);
  try {
    // Texts such as '2026-01-01' mean the same everywhere only in one time zone.
    await client.query("SET TimeZone = 'UTC'");
    // Data-modifying statements are not parallel anyway, and compiling them costs more than it saves.
    await client.query('SET jit = off');
    await client.query("SELECT set_config('workload.rows', $1, false)", [String(rows)]);
    for (const text of sqlFiles(database)) await client.query(text);
    await client.query('ANALYZE');
    return await countTables(client, database);
  } finally {
    await client.end();
  }
}

function sqlFiles(database: string): string[] {
  const folder = join(__dirname, 'sql', database);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** Counts every table of a database exactly. */
export async function countTables(client: Client, database: string): Promise<SeededTable[]> {
  const tables = await client.query<{ schema: string; name: string; quoted: string }>(`
    SELECT n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2`);
  if (tables.rows.length === 0) return [];
  const counts = tables.rows.map((table, i) => `SELECT ${i} AS i, count(*) AS rows FROM ${table.quoted}`);
  const counted = await client.query<{ i: number; rows: string }>(counts.join(' UNION ALL ') + ' ORDER BY i');
  return tables.rows.map(({ schema, name }, i) => ({ database, schema, name, rows: Number(counted.rows[i]?.rows) }));
}
