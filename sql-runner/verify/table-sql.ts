import { quoteIdent, quoteInteger, quoteQualified } from '../postgres/quoting';
import { bucketFilterSql, bucketSql, type Bucketed } from './bucketing';
import { hashSql } from './encoding';
import type { TableRef } from './types';

/** What the statements on one side are made from. `shape` is the source's on both sides. */
export interface TablePlan extends Bucketed {
  readonly table: TableRef;
}

/** Rows: bucket int8, rows int8, sum numeric. */
export function bucketSumsSql(plan: TablePlan): string {
  // OFFSET 0 keeps the planner from sorting the table for the GROUP BY. A sum and not an exclusive or:
  // two equal rows would cancel out. sum(int8) is numeric, so it cannot overflow.
  return `SELECT bucket, count(*) AS rows, sum(hash) AS sum
            FROM (SELECT ${bucketSql(plan)} AS bucket, ${rowHash(plan)} AS hash FROM ${quoteQualified(plan.table)} t OFFSET 0) s
           GROUP BY bucket`;
}

/** Rows: id text, content text. The id is the key as a JSON array; the row's hash for a table without a key. */
export function bucketRowsSql(plan: TablePlan, buckets: readonly bigint[]): string {
  const from = `FROM ${quoteQualified(plan.table)} t WHERE ${bucketFilterSql(plan, buckets)}`;
  if (plan.shape.key.length > 0) return `SELECT ${keyJson(plan)} AS id, (${rowHash(plan)})::text AS content ${from}`;
  return `SELECT id::text, count(*)::text AS content FROM (SELECT ${rowHash(plan)} AS id ${from}) s GROUP BY id`;
}

/**
 * Rows: id text (as asked for), content text, version text. Asks for single
 * rows by their ids; the version tells whether two readings met the same row
 * version, which the content alone does not: a value can change and change back.
 */
export function rowsByIdSql(plan: TablePlan, ids: readonly string[]): { sql: string; values: unknown[] } {
  const hash = rowHash(plan);
  const table = quoteQualified(plan.table);
  const rowVersion = `concat_ws(':', t.tableoid, t.xmin, t.ctid)`;
  if (plan.shape.key.length === 0) {
    const sql = `SELECT id::text, count(*)::text AS content, string_agg(version, ' ' ORDER BY version) AS version
                   FROM (SELECT ${hash} AS id, ${rowVersion} AS version FROM ${table} t OFFSET 0) s
                  WHERE id = ANY ($1::int8[]) GROUP BY id`;
    return { sql, values: [ids] };
  }
  const keys = ids.map((id) => JSON.parse(id) as string[]);
  // The type's name is SQL as it is: format_type has quoted what needs quotes.
  const types = plan.shape.key.map((name) => plan.shape.columns.find((column) => column.name === name)!.type);
  // eslint-disable-next-line local/safe-sql
  const sameSql = plan.shape.key.map((name, i) => `t.${quoteIdent(name)} = wanted.k${quoteInteger(i)}::${types[i]}`);
  const sql = `SELECT wanted.id, string_agg((${hash})::text, ' ' ORDER BY ${hash}) AS content,
                      string_agg(${rowVersion}, ' ' ORDER BY ${rowVersion}) AS version
                 FROM unnest($1::text[], ${types.map((_, i) => `$${quoteInteger(i + 2)}::text[]`).join(', ')})
                        AS wanted (id, ${types.map((_, i) => `k${quoteInteger(i)}`).join(', ')})
                 JOIN ${table} t ON ${sameSql.join(' AND ')}
                GROUP BY wanted.id`;
  return { sql, values: [ids, ...types.map((_, i) => keys.map((key) => key[i]))] };
}

/** One row: text, the start of a row with this hash, to show for a table without a key. */
export function rowTextSql(plan: TablePlan): string {
  return `SELECT left(t::text, 200) AS text FROM ${quoteQualified(plan.table)} t WHERE ${rowHash(plan)} = $1::int8 LIMIT 1`;
}

const rowHash = ({ shape, seed, versionNum }: TablePlan): string => hashSql(shape.columns, seed, versionNum);

const keyJson = (plan: TablePlan): string =>
  `to_json(ARRAY[${plan.shape.key.map((name) => `t.${quoteIdent(name)}::text`).join(', ')}])::text`;
