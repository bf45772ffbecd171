import type { ScratchSession } from '../postgres/scratch-session';
import { quoteQualified } from '../postgres/text/quoting';
import { insertSql, madeUp, valueSql } from './made-up-rows';
import type { ScratchSide } from './scratch-pair';
import { asReplica, FIRST, keyOf, learnForms, type Forms, type Writer } from './writer';
import { eachForItselfSql } from './writes';
import { writtenTables, type WrittenTable } from './written-tables';

/** Rows that each table has before anything is tried. */
const SEEDS = 8;

/**
 * The first rows, in tables that may refer to one another. On a clone rows lie in another order than on the source once
 * they were written to, and its sequences stand elsewhere: what numbers rows as it finds them must not look alike.
 * @returns tables that took no row, and what the server said last
 */
export async function seedRows(
  session: ScratchSession,
  writer: Writer,
  side: ScratchSide,
): Promise<ReadonlyMap<string, string>> {
  const { tables, unwritten } = await learnForms(session, writer);
  await seed(session, tables, side, (table) => {
    const recipe = writer.recipes.get(keyOf(table));
    return recipe === undefined ? null : (n) => insertSql(table, recipe, n);
  });
  if (side === 'source') await session.query(`SELECT nextval(oid::regclass) FROM pg_class WHERE relkind = 'S'`);
  writer.unwritable = new Set(unwritten.keys());
  return unwritten;
}

/** Those rows and no others. */
export async function seedAnew(session: ScratchSession, writer: Writer, side: ScratchSide): Promise<void> {
  await emptied(session);
  await seedRows(session, writer, side);
}

export async function emptied(session: ScratchSession): Promise<void> {
  await asReplica(session, async () => {
    for (const table of await writtenTables(session)) await session.query(`TRUNCATE ${quoteQualified(table)} CASCADE`);
  });
}

/**
 * Instead of them, rows with the values that tables of another form have, as far as they have the same columns.
 * @returns whether every table that had rows has some again
 */
export async function seedFitting(
  session: ScratchSession,
  writer: Writer,
  { tables }: Forms,
  side: ScratchSide,
): Promise<boolean> {
  const had = await withRows(session);
  await emptied(session);
  const forms = new Map(tables.map((table) => [keyOf(table), table]));
  await seed(session, await writtenTables(session), side, (table) => {
    const [form, recipe] = [forms.get(keyOf(table)), writer.recipes.get(keyOf(table))];
    if (form === undefined || recipe === undefined) return null;
    return (n) => {
      const values = table.columns.flatMap((column) => {
        const other = form.columns.find(({ name }) => name === column.name);
        return other === undefined ? [] : [[column.name, valueSql(column, madeUp(other, recipe, n))] as const];
      });
      return insertSql(table, new Map(), n, new Map(values));
    };
  });
  const has = await withRows(session);
  return had.every((key) => has.includes(key));
}

async function seed(
  session: ScratchSession,
  tables: readonly WrittenTable[],
  side: ScratchSide,
  rowOf: (table: WrittenTable) => ((n: number) => string) | null,
): Promise<void> {
  const numbers = Array.from({ length: SEEDS }, (_, k) => FIRST + k);
  if (side === 'clone') numbers.reverse();
  await asReplica(session, async () => {
    for (const table of tables) {
      const row = rowOf(table);
      if (row !== null) await session.query(eachForItselfSql(numbers.map(row), table));
    }
  });
}

async function withRows(session: ScratchSession): Promise<string[]> {
  const found: string[] = [];
  for (const table of await writtenTables(session)) {
    const [row] = await session.query(`SELECT 1 FROM ${quoteQualified(table)} LIMIT 1`);
    if (row !== undefined) found.push(keyOf(table));
  }
  return found;
}
