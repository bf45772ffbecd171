import { quoteIdent, quoteQualified } from '../postgres/quoting';
import { bucketExpression, bucketFilter, type Bucketing } from './bucketing';
import { hashOfColumns } from './encoding';
import type { TableShape } from './table-shape';
import type { TableRef } from './types';

/** What the statements on one side are made from. `shape` is the source's on both sides. */
export interface TablePlan {
  readonly table: TableRef;
  readonly shape: TableShape;
  readonly bucketing: Bucketing;
  /** Random per run, so that no data can be made to collide; the same on both sides. */
  readonly seed: bigint;
  /** Of the older side: both must hash in a form that both have. */
  readonly versionNum: number;
}

/** Rows: bucket int8, rows int8, sum numeric. */
export function bucketSumsSql(plan: TablePlan): string {
  const { bucket, rowHash } = expressions(plan);
  // OFFSET 0 keeps the planner from sorting the table for the GROUP BY. A sum and not an exclusive or:
  // two equal rows would cancel out. sum(int8) is numeric, so it cannot overflow.
  return `SELECT bucket, count(*) AS rows, sum(hash) AS sum
            FROM (SELECT ${bucket} AS bucket, ${rowHash} AS hash FROM ${quoteQualified(plan.table)} t OFFSET 0) s
           GROUP BY bucket`;
}

/** Rows: id text, content text. The id is the key as a JSON array; the row's hash for a table without a key. */
export function bucketRowsSql(plan: TablePlan, buckets: readonly bigint[]): string {
  const { bucket, rowHash } = expressions(plan);
  const from = `FROM ${quoteQualified(plan.table)} t WHERE ${bucketFilter(plan.bucketing, bucket, buckets)}`;
  if (plan.shape.key.length > 0) return `SELECT ${keyJson(plan)} AS id, (${rowHash})::text AS content ${from}`;
  return `SELECT id::text, count(*)::text AS content FROM (SELECT ${rowHash} AS id ${from}) s GROUP BY id`;
}

/**
 * Rows: id text (as asked for), content text, version text. Asks for single
 * rows by their ids; the version tells whether two readings met the same row
 * version, which the content alone does not: a value can change and change back.
 */
export function rowsByIdSql(plan: TablePlan, ids: readonly string[]): { sql: string; values: unknown[] } {
  const { rowHash } = expressions(plan);
  const table = quoteQualified(plan.table);
  const rowVersion = `concat_ws(':', t.tableoid, t.xmin, t.ctid)`;
  if (plan.shape.key.length === 0) {
    const sql = `SELECT id::text, count(*)::text AS content, string_agg(version, ' ' ORDER BY version) AS version
                   FROM (SELECT ${rowHash} AS id, ${rowVersion} AS version FROM ${table} t OFFSET 0) s
                  WHERE id = ANY ($1::int8[]) GROUP BY id`;
    return { sql, values: [ids] };
  }
  const keys = ids.map((id) => JSON.parse(id) as string[]);
  const types = plan.shape.key.map((name) => plan.shape.columns.find((column) => column.name === name)!.type);
  const same = plan.shape.key.map((name, i) => `t.${quoteIdent(name)} = wanted.k${i}::${types[i]}`);
  const sql = `SELECT wanted.id, string_agg((${rowHash})::text, ' ' ORDER BY ${rowHash}) AS content,
                      string_agg(${rowVersion}, ' ' ORDER BY ${rowVersion}) AS version
                 FROM unnest($1::text[], ${types.map((_, i) => `$${i + 2}::text[]`).join(', ')})
                        AS wanted (id, ${types.map((_, i) => `k${i}`).join(', ')})
                 JOIN ${table} t ON ${same.join(' AND ')}
                GROUP BY wanted.id`;
  return { sql, values: [ids, ...types.map((_, i) => keys.map((key) => key[i]))] };
}

/** One row: text, the start of a row with this hash, to show for a table without a key. */
export function rowTextSql(plan: TablePlan): string {
  const { rowHash } = expressions(plan);
  return `SELECT left(t::text, 200) AS text FROM ${quoteQualified(plan.table)} t WHERE ${rowHash} = $1::int8 LIMIT 1`;
}

function expressions(plan: TablePlan): { bucket: string; rowHash: string } {
  const keyColumns = plan.shape.columns.filter((column) => plan.shape.key.includes(column.name));
  const rowHash = hashOfColumns(plan.shape.columns, plan.seed, plan.versionNum);
  const keyHash = hashOfColumns(keyColumns, plan.seed, plan.versionNum);
  return { rowHash, bucket: bucketExpression(plan.bucketing, keyHash, rowHash) };
}

const keyJson = (plan: TablePlan): string =>
  `to_json(ARRAY[${plan.shape.key.map((name) => `t.${quoteIdent(name)}::text`).join(', ')}])::text`;
