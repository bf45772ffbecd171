import { quoteIdent, quoteLiteral } from '../postgres/text/quoting';
import type { ColumnShape } from '../postgres/catalog/table-shapes';
import { columnOf } from './column-pairs';
import type { ShapePair } from '../model/survey';

/**
 * What production's rows hold that were there before a column was added:
 * - known: this value, or NULL
 * - likely: NULL, but the rows were written anew since, and what they held before cannot be seen
 * - unknown: each a value of its own, or one that cannot be seen any more
 */
export type FormerRows =
  { readonly kind: 'known'; readonly value: string | null } | { readonly kind: 'likely' | 'unknown' };

/**
 * A constant default is kept beside the rows instead of being written into them
 * (pg_attribute.attmissingval); a volatile one, an identity column and a
 * constrained domain write every row (ATExecAddColumn, ATRewriteTables in
 * tablecmds.c). A clone begins with production's files: as long as both have the
 * same one, no row was written anew, and without a value beside them they hold NULL.
 */
export function formerRows(pair: ShapePair, { name }: ColumnShape): FormerRows {
  const stores = pair.leaves.filter(({ there }) => there.file !== 0);
  const found = (stores.length > 0 ? stores : [pair]).map((store) => formerRowsOf(store, name));
  const [first, ...others] = found;
  const alike = others.every((one) => JSON.stringify(one) === JSON.stringify(first));
  if (alike) return first!;
  return found.every(({ kind }) => kind === 'likely' || kind === 'known') && found.every((one) => valueOf(one) === null)
    ? { kind: 'likely' }
    : { kind: 'unknown' };
}

const valueOf = (rows: FormerRows): string | null => (rows.kind === 'known' ? rows.value : null);

function formerRowsOf({ there, here, same }: ShapePair, name: string): FormerRows {
  const column = columnOf(there, name);
  if (column === undefined) return { kind: 'unknown' };
  if (column.missing !== null) return { kind: 'known', value: column.missing };
  if (same && there.file === here.file) return { kind: 'known', value: null };
  const plain = column.expression === null && column.identity === '' && !column.notNull;
  return { kind: plain ? 'likely' : 'unknown' };
}

/** `ADD COLUMN …` that gives the clone's rows what production's had; null when nothing can. */
export function addColumn(pair: ShapePair, column: ColumnShape): string | null {
  const added = `ADD COLUMN ${quoteIdent(column.name)} ${typeOf(column)}`;
  if (column.generated !== '') return `${added} ${generation(column)}`;
  const rows = formerRows(pair, column);
  if (rows.kind === 'unknown') return null;
  const value = valueOf(rows);
  if (value === null) return added;
  // Rows that are still on their way without the column get the default as well.
  return `${added} DEFAULT ${constant(column, value)}${column.notNull ? ' NOT NULL' : ''}`;
}

export const typeOf = ({ type, collation }: ColumnShape): string =>
  collation === null ? type : `${type} COLLATE ${collation}`;

export const generation = ({ expression, generated }: ColumnShape): string =>
  `GENERATED ALWAYS AS (${expression}) ${generated === 'v' ? 'VIRTUAL' : 'STORED'}`;

/** In the words of production's default where that is the same constant. */
function constant({ type, expression }: ColumnShape, value: string): string {
  const literal = quoteLiteral(value);
  if (expression !== null && isConstant(expression, value, literal)) return expression;
  return `${literal}::${type}`;
}

function isConstant(expression: string, value: string, literal: string): boolean {
  if (expression === literal || expression.startsWith(`${literal}::`))
    return (
      !expression.includes('(', literal.length) ||
      /^::[\w ".]+\(\d+(,\d+)?\)[\w ]*$/.test(expression.slice(literal.length))
    );
  if (expression === 'true' || expression === 'false') return value === expression[0];
  // As text: large numbers that differ are the same one to JavaScript.
  return expression === value && !Number.isNaN(Number(value));
}
