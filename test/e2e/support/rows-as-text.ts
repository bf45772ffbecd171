import type { Connect } from '../../../lab/workload/seed';

/** All rows of a table of shop by their id, as one text. */
export async function rowsAsText(connect: Connect, table: string): Promise<string> {
  const client = await connect('shop');
  const { rows } = await client
    .query<{ all: string }>(`SELECT coalesce(string_agg(t::text, ',' ORDER BY t.id), '') AS all FROM ${table} t`)
    .finally(() => client.end());
  return rows[0]!.all;
}
