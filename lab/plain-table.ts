import type { QueryArrayResult } from 'pg';

/** What a statement gave, as the server writes its values: a table and how many rows, or what was done. */
export function plainTable({ fields, rows, command, rowCount }: QueryArrayResult<(string | null)[]>): string {
  if (fields.length === 0) return rowCount === null ? command : `${command} ${rowCount}`;
  const names = fields.map(({ name }) => name);
  const cells = rows.map((row) => row.map((value) => (value ?? '').replaceAll('\n', '\\n')));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((value, i) => value.padEnd(widths[i] ?? 0))
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  return [line(names), rule, ...cells.map(line), count].join('\n');
}
