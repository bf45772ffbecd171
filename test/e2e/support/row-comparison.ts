import type { Client } from 'pg';
import type { Connect } from '../../../lab/workload/seed';

/** Where a table first differs; undefined on a side that has run out of rows. */
export interface RowDifference {
  table: string;
  source: string | undefined;
  clone: string | undefined;
}

export interface RowComparison {
  tables: number;
  rows: number;
  differences: RowDifference[];
}

/**
 * Reads every row of the replicated tables of a database from both sides and compares them one by one. Slow and
 * simple on purpose: it shares no code with `sql-runner verify`, so that the two can check each other.
 */
export async function compareRows(source: Connect, clone: Connect, database: string): Promise<RowComparison> {
  const [here, there] = await Promise.all([readTables(source, database), readTables(clone, database)]);
  const result: RowComparison = { tables: here.size, rows: 0, differences: [] };
  for (const table of new Set([...here.keys(), ...there.keys()])) {
    const [left, right] = [here.get(table) ?? [], there.get(table) ?? []];
    const length = Math.max(left.length, right.length);
    const at = Array.from({ length }, (_, i) => i).find((i) => left[i] !== right[i]);
    if (at !== undefined)
      result.differences.push({ table, source: left[at]?.slice(0, 200), clone: right[at]?.slice(0, 200) });
    result.rows += left.length;
  }
  return result;
}

async function readTables(connect: Connect, database: string): Promise<Map<string, string[]>> {
  const client = await connect(database);
  try {
    await client.query(
      "SET TimeZone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = hex; SET IntervalStyle = iso_8601",
    );
    const tables = new Map<string, string[]>();
    for (const name of await replicatedTables(client)) tables.set(name, await readRows(client, name));
    return tables;
  } finally {
    await client.end();
  }
}

/** Leaves and plain tables of the schemas that environments/demo.yaml replicates. */
async function replicatedTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'Audit') ORDER BY 1`);
  return rows.map((row) => row.name);
}

async function readRows(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ row: string }>(
    `SELECT t::text AS row FROM ${table} AS t ORDER BY t::text COLLATE "C"`,
  );
  return rows.map((row) => row.row);
}
