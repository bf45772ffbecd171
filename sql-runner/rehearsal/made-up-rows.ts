import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { refusedBy, type ScratchSession } from '../postgres/scratch-session';
import { plainValue } from './made-up-values';
import type { WrittenColumn, WrittenTable } from './written-tables';

/** Which values a table takes: of the columns that rules bind, the place among their candidates. */
export type Recipe = ReadonlyMap<string, number>;

/** The server takes no longer to say no, and rules that need more than this are beyond guessing. */
const TRIES = 400;

/** A value by its text, as SQL. */
export const valueSql = ({ type }: WrittenColumn, text: string | null): string =>
  text === null ? 'NULL' : `${quoteLiteral(text)}::${type}`;

const writable = ({ columns }: WrittenTable): readonly WrittenColumn[] => columns.filter(({ generated }) => !generated);

/** A new row of the table. @param others by column: instead of what the recipe says */
export function insertSql(
  table: WrittenTable,
  recipe: Recipe,
  n: number,
  others: ReadonlyMap<string, string> = new Map(),
): string {
  const columns = writable(table);
  const into = `INSERT INTO ${quoteQualified(table)}`;
  if (columns.length === 0) return `${into} DEFAULT VALUES`;
  const values = columns.map((column) => others.get(column.name) ?? valueSql(column, madeUp(column, recipe, n)));
  return `${into} (${columns.map(({ name }) => quoteIdent(name)).join(', ')}) OVERRIDING SYSTEM VALUE VALUES (${values.join(', ')})`;
}

/** The value of a column in the row of that number. */
export function madeUp(column: WrittenColumn, recipe: Recipe, n: number): string | null {
  const candidates = candidatesOf(column, n);
  return candidates[(recipe.get(column.name) ?? 0) % candidates.length]!;
}

function candidatesOf(column: WrittenColumn, n: number): readonly (string | null)[] {
  const plain = plainValue(column, n);
  const small = /^(int|float|numeric)/.test(column.base) ? [String(n % 10), '1', '0'] : [];
  const found = [plain, ...column.literals, ...small, ...(column.notNull ? [] : [null])];
  return [...new Set(found)];
}

/** Where a row must be new in each try, or could not be told from one that is there. */
export interface Tried {
  readonly recipe: Recipe | null;
  /** What the server said last. */
  readonly said: string;
}

/** Tries values until a row is taken. The row is left out again. */
export async function findRecipe(session: ScratchSession, table: WrittenTable, n: number): Promise<Tried> {
  const bound = writable(table).filter((column) => candidatesOf(column, n).length > 1);
  // Those that a rule names are tried first, and in all combinations before others are.
  const order = [...bound].sort((a, b) => b.literals.length - a.literals.length);
  let said = 'it has a column of a type that no value is known of';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const recipe = combination(order, n, attempt);
    if (recipe === null) break;
    const refused = await tried(session, insertSql(table, recipe, n));
    if (refused === null) return { recipe, said: '' };
    said = refused;
  }
  return { recipe: null, said };
}

/** The attempts count through the candidates of all columns, the first column fastest. */
function combination(columns: readonly WrittenColumn[], n: number, attempt: number): Recipe | null {
  let rest = attempt;
  const recipe = new Map<string, number>();
  for (const column of columns) {
    const many = candidatesOf(column, n).length;
    recipe.set(column.name, rest % many);
    rest = Math.floor(rest / many);
  }
  return rest > 0 ? null : recipe;
}

async function tried(session: ScratchSession, sql: string): Promise<string | null> {
  await session.query('BEGIN');
  try {
    await session.query(sql);
    return null;
  } catch (error) {
    return refusedBy(error).message;
  } finally {
    await session.query('ROLLBACK');
  }
}
