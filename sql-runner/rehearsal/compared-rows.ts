import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { refusedBy, type ScratchSession } from '../postgres/scratch-session';
import type { Stage } from './stage';
import { writtenTables, type WrittenTable } from './written-tables';

/** How the rows of a table differ; nothing where they do not. */
export interface RowsDiffer {
  readonly table: string;
  /** Rows that only one side has, as the source's columns show them. */
  readonly missing: number;
  readonly extra: number;
  readonly words: string;
}

/** Each row of each published table, in all columns that the source has. */
export async function compareRows(stage: Stage): Promise<readonly RowsDiffer[]> {
  const found: RowsDiffer[] = [];
  for (const table of await writtenTables(stage.source)) {
    const difference = await compareTable(stage, table);
    if (difference !== null) found.push(difference);
  }
  return found;
}

async function compareTable(stage: Stage, table: WrittenTable): Promise<RowsDiffer | null> {
  const name = `${table.schema}.${table.name}`;
  const source = await rowsOf(stage.source, table);
  const clone = await rowsOf(stage.clone, table).catch((error: unknown) => refusedBy(error).message);
  if (typeof clone === 'string')
    return { table: name, missing: source.length, extra: 0, words: `on the clone: ${clone}` };
  const missing = without(source, clone);
  const extra = without(clone, source);
  if (missing.length === 0 && extra.length === 0) return null;
  const words =
    missing.length === 0
      ? 'the clone has rows that are gone on the source'
      : missing.length > extra.length
        ? 'the clone lacks rows'
        : 'rows have other values on the clone';
  return { table: name, missing: missing.length, extra: extra.length, words };
}

async function rowsOf(session: ScratchSession, table: WrittenTable): Promise<string[]> {
  const values = table.columns.map(({ name }) => `${quoteIdent(name)}::text`).join(', ');
  const rows = await session.query<{ row: string }>(
    `SELECT ROW(${values})::text AS row FROM ONLY ${quoteQualified(table)}`,
  );
  return rows.map(({ row }) => row);
}

/** Those of the first that the second has not as often. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const many = left.get(row) ?? 0;
    if (many > 0) left.set(row, many - 1);
    return many === 0;
  });
}
