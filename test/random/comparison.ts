import type { Client } from 'pg';
import type { Table } from './table';

export interface Difference {
  readonly table: string;
  /** Rows that only the source has, and only the clone. */
  readonly lost: readonly string[];
  readonly surplus: readonly string[];
}

/**
 * Every row of the tables on both sides, as text, with the partition it is in.
 * It knows the tables from the generator and compares here, in memory: nothing
 * of `sql-runner verify` takes part. Nobody may write meanwhile.
 */
export async function compareRows(
  source: Client,
  clone: Client,
  tables: readonly Table[],
): Promise<{ rows: number; differences: Difference[] }> {
  const differences: Difference[] = [];
  let rows = 0;
  for (const { name } of tables) {
    const [here, there] = await Promise.all([rowsOf(source, name), rowsOf(clone, name)]);
    rows += here.length;
    const [lost, surplus] = [without(here, there), without(there, here)];
    if (lost.length + surplus.length > 0) differences.push({ table: name, lost, surplus });
  }
  return { rows, differences };
}

async function rowsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ partition: string; row: string }>(
    `SELECT tableoid::regclass::text AS partition, t::text AS row FROM ${table} AS t`,
  );
  return rows.map(({ partition, row }) => `${partition} ${row}`);
}

/** What `all` has more often than `others`: a row may be there twice, and then it must be twice on both sides. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return all.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}

/** Both judges' findings, so that their disagreement shows as well. */
export class NotEqual extends Error {
  constructor(
    readonly differences: readonly Difference[],
    readonly verdicts: readonly { readonly schema: string; readonly name: string; readonly status: string }[],
  ) {
    const ofRows = differences.map(
      ({ table, lost, surplus }) =>
        `${table}: ${lost.length} rows lost, ${surplus.length} surplus; first: ${(lost[0] ?? surplus[0])?.slice(0, 300)}`,
    );
    const ofVerify = verdicts.map(({ schema, name, status }) => `${schema}.${name}: ${status}`);
    super(`Row by row:\n  ${ofRows.join('\n  ') || 'equal'}\nverify:\n  ${ofVerify.join('\n  ') || 'equal'}`);
  }
}
