import type { ScratchSession } from '../postgres/scratch-session';
import { displayQualified } from '../postgres/text/quoting';
import { findRecipe, type Recipe, type Tried } from './made-up-rows';
import { writtenTables, type WrittenTable } from './written-tables';

/** What is known of how to write to the tables, and how far the numbers of rows have got. */
export interface Writer {
  round: number;
  recipes: Map<string, Recipe>;
  /** Tables that no row was found for before anything was tried. */
  unwritable: ReadonlySet<string>;
  /** What was tried, by all that is known of a table. */
  readonly forms: Map<string, Tried>;
  /** Characters: longer than each limit that what is tried names. */
  longer: number;
}

export const newWriter = (): Writer => ({
  round: 0,
  recipes: new Map(),
  unwritable: new Set(),
  forms: new Map(),
  longer: 0,
});

/** Number of the first row. */
export const FIRST = 101;

/** varchar takes no more (MaxAttrSize). */
const MOST = 10_485_760;

/** As in varchar(400). */
export function longerThanNamed(texts: readonly string[]): number {
  const named = texts.flatMap((text) => [...text.matchAll(/\(\s*(\d{1,8})\s*\)/g)].map(([, digits]) => Number(digits)));
  return Math.max(0, ...named.filter((one) => one <= MOST)) + 1;
}

export const keyOf = ({ schema, name }: Pick<WrittenTable, 'schema' | 'name'>): string =>
  JSON.stringify([schema, name]);

/** The tables as they are now. */
export interface Forms {
  readonly tables: readonly WrittenTable[];
  /** Those that take no row, and what the server said last. */
  readonly unwritten: Map<string, string>;
}

/** Looks what each table takes, where that is not known of it as it is now. Not in a transaction. */
export async function learnForms(session: ScratchSession, writer: Writer): Promise<Forms> {
  const tables = await writtenTables(session);
  const unwritten = new Map<string, string>();
  for (const table of tables) {
    // What it takes is asked again only where it is defined otherwise than it was.
    const form = JSON.stringify(table);
    const tried = writer.forms.get(form) ?? (await asReplica(session, () => findRecipe(session, table, FIRST + 997)));
    writer.forms.set(form, tried);
    if (tried.recipe === null) {
      writer.recipes.delete(keyOf(table));
      unwritten.set(displayQualified(table), tried.said);
    } else writer.recipes.set(keyOf(table), tried.recipe);
  }
  return { tables, unwritten };
}

/** Foreign keys and triggers are left out: whether a row is possible at all is asked. */
export async function asReplica<T>(session: ScratchSession, work: () => Promise<T>): Promise<T> {
  await session.query('SET session_replication_role = replica');
  return work().finally(() => session.query('RESET session_replication_role'));
}
