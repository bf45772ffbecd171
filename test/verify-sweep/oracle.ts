import type { Client } from 'pg';
import { EXTRA, STILL, type SweepTable } from './tables';

/** Row (its key, or all of its texts where there is none) to how often it is there, and its texts. */
type Rows = Map<string, { count: number; texts: string }>;

/**
 * The judge: reads every row of both sides as the text that the server sends,
 * and compares them one by one here. It has nothing in common with verify.
 *
 * @returns what verify must find, one entry a row and kind: `different 7`,
 *          `missing 7`, `extra 7`; rows without a key are named by all of their texts
 */
export async function differences(source: Client, target: Client, table: SweepTable): Promise<string[]> {
  const [here, there] = [await read(source, table), await read(target, table)];
  const found: string[] = [];
  for (const [row, { count, texts }] of here) {
    const other = there.get(row);
    if ((other?.count ?? 0) < count) found.push(`missing ${row}`);
    else if (other!.texts !== texts) found.push(`different ${row}`);
  }
  for (const [row, { count }] of there) if ((here.get(row)?.count ?? 0) < count) found.push(`extra ${row}`);
  return found;
}

async function read(client: Client, { name, key }: SweepTable): Promise<Rows> {
  const result = await client.query({
    text: `SELECT * FROM ${name} WHERE id <= ${STILL} OR id >= ${EXTRA}`,
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  });
  const rows: Rows = new Map();
  for (const row of result.rows as (string | null)[][]) {
    const texts = JSON.stringify(row);
    const id = key === null ? texts : row[key === 'id' ? 0 : 1]!;
    rows.set(id, { count: (rows.get(id)?.count ?? 0) + 1, texts });
  }
  return rows;
}
