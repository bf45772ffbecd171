import type { Client } from 'pg';
import { NOT_JUDGED } from './scene';

export interface TableRows {
  readonly name: string;
  /** As text, sorted; a row that is there twice stands there twice. */
  readonly rows: readonly string[];
  /** Whether a publication of this side has it, by itself or as a part of another table. */
  readonly sent: boolean;
}

interface Leaf {
  readonly oid: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly sent: boolean;
}

const LEAVES = `WITH sent AS MATERIALIZED (SELECT format('%I.%I', schemaname, tablename)::regclass::oid AS oid FROM pg_publication_tables)
  SELECT c.oid::text AS oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name,
    coalesce((SELECT json_agg(quote_ident(a.attname) ORDER BY a.attname COLLATE "C") FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns,
    c.oid IN (SELECT s.oid FROM sent s) OR EXISTS (SELECT FROM pg_partition_ancestors(c.oid) a JOIN sent s ON s.oid = a.relid) AS sent
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND (${NOT_JUDGED} OR n.nspname = 'judge' AND c.relname = 'once')`;

/** Rows of every table that has rows of its own, by the table's oid: its name may change. Columns go by name. */
export async function rowsImage(client: Client): Promise<Map<string, TableRows>> {
  const { rows: leaves } = await client.query<Leaf>({ name: 'leaves', text: LEAVES });
  const image = new Map<string, { name: string; sent: boolean; rows: string[] }>(
    leaves.map(({ oid, name, sent }) => [oid, { name, sent, rows: [] }]),
  );
  if (leaves.length === 0) return image;
  const parts = leaves.map(
    ({ oid, name, columns }) =>
      `SELECT '${oid}' AS oid, ARRAY[${columns.map((column) => `${column}::text`).join(', ')}]::text[]::text AS row FROM ONLY ${name}`,
  );
  const { rows } = await client.query<{ oid: string; row: string }>(parts.join(' UNION ALL '));
  for (const { oid, row } of rows) image.get(oid)!.rows.push(row);
  for (const table of image.values()) table.rows.sort();
  return image;
}

/** What one table's rows are on both sides, in words; null where they are the same, each as often. */
export function rowDifference({ name, rows }: TableRows, clone: TableRows | undefined): string | null {
  if (clone === undefined)
    return rows.length === 0 ? null : `${name}: the clone has no such table; ${rows.length} rows lost`;
  const [lost, surplus] = [without(rows, clone.rows), without(clone.rows, rows)];
  if (lost.length + surplus.length === 0) return null;
  const first = (words: string, list: readonly string[]): string =>
    list.length === 0 ? '' : `; first ${words}: ${list[0]!.slice(0, 200)}`;
  return `${name}: ${lost.length} rows lost, ${surplus.length} surplus${first('lost', lost)}${first('surplus', surplus)}`;
}

function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return all.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}
