import type { PublicationRows } from '../postgres/catalog/publications';
import type { PublishedRows } from '../postgres/catalog/published-rows';

export interface Alteration {
  readonly what: string;
  /** What it is now: another one when it is altered once more. */
  readonly state: string;
}

const TABLE = 'renamed, moved to another schema or given to another owner, on either side';
const SCHEMA = 'renamed, or given other rights, on either side';
/** What is said of a schema: also what a right on it looks like, which writes its row. */
export const schemaLent = (schema: string): string => `schema ${schema} (${SCHEMA})`;

const COLUMNS = 'columns renamed or altered on one side, and put back';

/**
 * A worker finds tables and columns by their names, and leaves out a table that its subscription does not take. What
 * had the name of another one for a while got what was sent, or nobody did. As long as the names or definitions of both
 * sides differ, that is said instead.
 */
export function lentNames(source: PublicationRows, inherited: PublicationRows): Alteration[] {
  const all = Object.entries(source.tables).flatMap(([oid, now]) => {
    const then = inherited.tables[oid];
    return then === undefined || now.name !== then.name ? [] : [...ofTable(now, then), ...ofColumns(oid, now, then)];
  });
  // A schema is told once, however many of its tables are published.
  return [...new Map(all.map((one) => [one.state, one])).values()];
}

function ofTable(now: PublishedRows, then: PublishedRows): Alteration[] {
  const known = { what: `${now.name} (${TABLE})`, state: `${now.known} known ${then.known}` };
  const housed = { what: schemaLent(now.schema), state: `${now.housed} housed ${then.housed}` };
  return [...(now.known === then.known ? [] : [known]), ...(now.housed === then.housed ? [] : [housed])];
}

/**
 * Definitions written again on both sides are one change that both were to get. Rows that were rewritten, and a
 * partition that was attached, which writes its columns as well, are told as that.
 */
function ofColumns(oid: string, now: PublishedRows, then: PublishedRows): Alteration[] {
  if (now.defined !== then.defined || now.stored !== then.stored || now.joined !== then.joined) return [];
  const alone = [
    ...onlyOf(now.rewritten, then.rewritten).map((column) => `source ${column}`),
    ...onlyOf(then.rewritten, now.rewritten),
  ];
  return alone.length === 0 ? [] : [{ what: `${now.name} (${COLUMNS})`, state: `${oid} put back ${alone.join(', ')}` }];
}

/** By the numbers of the columns. */
function onlyOf(columns: readonly string[], others: readonly string[]): string[] {
  const numbers = new Set(others.map(numberOf));
  return columns.filter((column) => !numbers.has(numberOf(column))).sort();
}

const numberOf = (column: string): string => column.split(' ')[0]!;
