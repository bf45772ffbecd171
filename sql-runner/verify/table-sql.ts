import { quoteFilter, quoteIdent, quoteInteger, quoteQualified } from '../postgres/text/quoting';
import { bucketFilterSql, bucketSql, type Bucketed } from './bucketing';
import { keyJsonSql, keyTexts, sameKeySql } from './row-key';
import { rowHashSql } from './row-hash';
import type { Side, TableRef } from './types';

/** What the statements are made from. `shape` is the source's on both sides. */
export interface TablePlan extends Bucketed {
  readonly table: TableRef;
  /** pg_class.relkind on each side; a table may be partitioned on one of them only. */
  readonly relkinds: Readonly<Record<Side, string>>;
}

/** Statement and its parameters. */
export interface Asked {
  readonly sql: string;
  readonly values: unknown[];
}

/** Rows: bucket int8, rows int8, sum numeric. */
export function bucketSumsSql(plan: TablePlan, side: Side): string {
  // OFFSET 0 keeps the planner from sorting the table for the GROUP BY. A sum and not an exclusive or: two equal rows
  // would cancel out. sum(int8) is numeric, so it cannot overflow.
  const { bucketing } = plan;
  const rows =
    bucketing.kind === 'row-hash'
      ? `SELECT hash & ${quoteInteger(bucketing.buckets - 1)} AS bucket, hash
           FROM (SELECT ${rowHash(plan)} AS hash ${from(plan, side)} OFFSET 0) h`
      : `SELECT ${bucketSql(plan)} AS bucket, ${rowHash(plan)} AS hash ${from(plan, side)} OFFSET 0`;
  return `SELECT bucket, count(*) AS rows, sum(hash) AS sum FROM (${rows}) s GROUP BY bucket`;
}

/** Rows: id text, content text. The id is the key as a JSON array; the row's hash for a table without a key. */
export function bucketRowsSql(plan: TablePlan, side: Side, buckets: readonly bigint[]): string {
  const rows = `${from(plan, side)} WHERE ${bucketFilterSql(plan, buckets)}`;
  if (hasKey(plan)) return `SELECT ${keyJsonSql(plan.shape)} AS id, (${rowHash(plan)})::text AS content ${rows}`;
  return `SELECT id::text, count(*)::text AS content FROM (SELECT ${rowHash(plan)} AS id ${rows}) s GROUP BY id`;
}

/**
 * Rows: id text (as asked for), content text, version text. Asks for single
 * rows by their ids; the version tells whether two readings met the same row
 * version, which the content alone does not: a value can change and change back.
 */
export function rowsByIdSql(plan: TablePlan, side: Side, ids: readonly string[]): Asked {
  const version = `concat_ws(':', t.tableoid, t.xmin, t.ctid)`;
  if (!hasKey(plan)) {
    const sql = `SELECT id::text, count(*)::text AS content, string_agg(version, ' ' ORDER BY version) AS version
                   FROM (SELECT ${rowHash(plan)} AS id, ${version} AS version ${from(plan, side)} OFFSET 0) s
                  WHERE id = ANY ($1::int8[]) GROUP BY id`;
    return { sql, values: [ids] };
  }
  const keys = ids.map(keyTexts);
  const columns = `${rowHash(plan)} AS hash, ${version} AS version`;
  const condition = keys.flat().includes(null) ? null : sameKeySql(plan.shape);
  if (condition === null) {
    const id = keyJsonSql(plan.shape);
    const sql = joined(`SELECT ${id} AS id, ${columns} ${from(plan, side)} WHERE ${id} = ANY ($1::text[])`);
    return { sql, values: [ids] };
  }
  const names = plan.shape.key.map((_, i) => `k${quoteInteger(i)}`).join(', ');
  const lists = plan.shape.key.map((_, i) => `$${quoteInteger(i + 2)}::text[]`).join(', ');
  const sql = joined(`SELECT wanted.id, ${columns} FROM unnest($1::text[], ${lists}) AS wanted (id, ${names})
                        JOIN ${tableSql(plan, side)} t ON ${condition}`);
  return { sql, values: [ids, ...plan.shape.key.map((_, i) => keys.map((key) => key[i]))] };
}

/** A target without the key's index may have several rows under one name. */
const joined = (rows: string): string =>
  `SELECT id, string_agg(hash::text, ' ' ORDER BY hash) AS content, string_agg(version, ' ' ORDER BY version) AS version
     FROM (${rows}) s GROUP BY id`;

/** One row: text, the start of a row with this hash, to show for a table without a key. */
export function rowTextSql(plan: TablePlan, side: Side): string {
  // What is filtered is read with columns of the system beside its own.
  const columns = plan.shape.columns.map(({ name }) => `t.${quoteIdent(name)}`).join(', ');
  const row = plan.table.filter == null || side === 'target' ? '(t.*)' : `ROW(${columns})`;
  return `SELECT left(${row}::text, 200) AS text ${from(plan, side)} WHERE ${rowHash(plan)} = $1::int8 LIMIT 1`;
}

/**
 * Without the tables that inherit from it: these are published and compared as
 * tables of their own, and a row of theirs is not a row of this one to
 * replication. A partitioned table has only the rows of its partitions.
 *
 * Of a filter only the source has rows outside: on the clone one would be in the way of what comes into it.
 */
export function tableSql({ table, relkinds }: Pick<TablePlan, 'table' | 'relkinds'>, side: Side): string {
  const own = relkinds[side] === 'p' ? quoteQualified(table) : `ONLY ${quoteQualified(table)}`;
  if (table.filter == null || side === 'target') return own;
  return `(SELECT tableoid, xmin, ctid, * FROM ${own} WHERE ${quoteFilter(table.filter)})`;
}

const from = (plan: TablePlan, side: Side): string => `FROM ${tableSql(plan, side)} t`;

const hasKey = (plan: TablePlan): boolean => plan.shape.key.length > 0;

const rowHash = ({ shape, seed }: TablePlan): string => rowHashSql(shape.columns, seed);
