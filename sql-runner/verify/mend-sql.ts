import { quoteIdent, quoteInteger, quoteQualified } from '../postgres/text/quoting';
import { keyJsonSql, keyTexts, sameKeySql } from './row-key';
import { tableSql, type Asked, type TablePlan } from './table-sql';
import type { Side } from './types';

/**
 * Statements that make rows of the target those of the source. Rows are named as they are when they are compared, by
 * the texts of their keys; values travel as the output texts that replication would send, and go in by the types'
 * input functions, as the apply worker has it (slot_store_data in worker.c).
 */

/** The parameters of rows by their ids, and the condition that `t` is one of them. */
interface Wanted {
  readonly values: unknown[];
  /** Null: by the id alone. */
  readonly condition: string | null;
}

const wanted = (plan: TablePlan, ids: readonly string[]): Wanted => {
  const keys = ids.map(keyTexts);
  const condition = sameKeySql(plan.shape);
  return {
    condition,
    values: condition === null ? [ids] : [ids, ...plan.shape.key.map((_, i) => keys.map((key) => key[i]))],
  };
};

function listSql(plan: TablePlan): string {
  const names = plan.shape.key.map((_, i) => `k${quoteInteger(i)}`).join(', ');
  const lists = plan.shape.key.map((_, i) => `$${quoteInteger(i + 2)}::text[]`).join(', ');
  return `unnest($1::text[], ${lists}) AS wanted (id, ${names})`;
}

/** Whatever goes by these names on the target. */
export function deleteByIdSql(plan: TablePlan, ids: readonly string[]): Asked {
  const { values, condition } = wanted(plan, ids);
  const own = tableSql(plan, 'target');
  if (condition === null)
    return { sql: `DELETE FROM ${own} t WHERE ${keyJsonSql(plan.shape)} = ANY ($1::text[])`, values };
  // sameKeySql has been looked at.
  // eslint-disable-next-line local/safe-sql
  return { sql: `DELETE FROM ${own} t USING ${listSql(plan)} WHERE ${condition}`, values };
}

/** Rows: id, and `values`, the texts of these columns in their order, null for a null. */
export function valuesByIdSql(plan: TablePlan, side: Side, ids: readonly string[], columns: readonly string[]): Asked {
  const { values, condition } = wanted(plan, ids);
  const texts = columns
    .map((name) => `CASE WHEN t.${quoteIdent(name)} IS DISTINCT FROM NULL THEN concat(t.${quoteIdent(name)}) END`)
    .join(', ');
  const id = keyJsonSql(plan.shape);
  const from = tableSql(plan, side);
  if (condition === null)
    return {
      sql: `SELECT ${id} AS id, to_json(ARRAY[${texts}]::text[]) AS values FROM ${from} t WHERE ${id} = ANY ($1::text[])`,
      values,
    };
  return {
    // sameKeySql has been looked at.
    // eslint-disable-next-line local/safe-sql
    sql: `SELECT wanted.id, to_json(ARRAY[${texts}]::text[]) AS values FROM ${listSql(plan)} JOIN ${from} t ON ${condition}`,
    values,
  };
}

/** One row, its values as parameters. The clone's own generator of an identity column has no say, as in replication. */
export function insertRowSql(plan: TablePlan, columns: readonly string[]): string {
  const names = columns.map((name) => quoteIdent(name)).join(', ');
  const parameters = columns.map((_, i) => `$${quoteInteger(i + 1)}`).join(', ');
  return `INSERT INTO ${quoteQualified(plan.table)} (${names}) OVERRIDING SYSTEM VALUE VALUES (${parameters})`;
}
