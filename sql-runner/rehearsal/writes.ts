import { displayQualified, quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { findRecipe, insertSql, madeUp, valueSql, type Recipe, type Tried } from './made-up-rows';
import { extremeValues } from './made-up-values';
import type { Stage } from './stage';
import { writtenTables, type WrittenColumn, type WrittenTable } from './written-tables';

/** What an application met while it wrote. */
export interface Written {
  /** Tables that took no row, and what the server said last. */
  readonly unwritten: ReadonlyMap<string, string>;
  /** Writes that production would refuse for want of a replica identity. */
  readonly refused: readonly string[];
}

/** Rows that each table has before anything is tried, and how many numbers one round of writes takes. */
const SEEDS = 8;
const FIRST = 101;
const ROUND = 300;
const REFUSED = 'sql_runner_refused';
const NOTHING = 'sql_runner_nothing';

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

/** varchar takes no more (MaxAttrSize). */
const MOST = 10_485_760;

/** As in varchar(400). */
export function longerThanNamed(texts: readonly string[]): number {
  const named = texts.flatMap((text) => [...text.matchAll(/\(\s*(\d{1,8})\s*\)/g)].map(([, digits]) => Number(digits)));
  return Math.max(0, ...named.filter((one) => one <= MOST)) + 1;
}

const keyOf = ({ schema, name }: WrittenTable): string => JSON.stringify([schema, name]);

/**
 * The first rows, in tables that may refer to one another. On a clone rows lie in another order than on the source once
 * they were written to, and its sequences stand elsewhere: what numbers rows as it finds them must not look alike.
 */
export async function seedRows(session: ScratchSession, writer: Writer, side: 'source' | 'clone'): Promise<Written> {
  const tables = await writtenTables(session);
  const unwritten = await prepared(session, writer, tables);
  await asReplica(session, async () => {
    for (const table of tables) {
      const recipe = writer.recipes.get(keyOf(table));
      if (recipe === undefined) continue;
      const numbers = Array.from({ length: SEEDS }, (_, k) => FIRST + k);
      const rows = (side === 'source' ? numbers : numbers.reverse()).map((n) => insertSql(table, recipe, n));
      await session.query(eachForItselfSql(rows, table));
    }
  });
  if (side === 'source') await session.query(`SELECT nextval(oid::regclass) FROM pg_class WHERE relkind = 'S'`);
  writer.unwritable = new Set(unwritten.keys());
  return { unwritten, refused: [] };
}

/** Those rows and no others. */
export async function seedAnew(session: ScratchSession, writer: Writer, side: 'source' | 'clone'): Promise<void> {
  await asReplica(session, async () => {
    for (const table of await writtenTables(session)) await session.query(`TRUNCATE ${quoteQualified(table)} CASCADE`);
  });
  await seedRows(session, writer, side);
}

/**
 * Writes of each kind to every table that is published, as an application does: what a table refuses is refused, and the
 * rest goes on.
 */
export async function writeRound(stage: Stage, writer: Writer): Promise<Written> {
  const session = stage.writer;
  const tables = await writtenTables(session);
  const unwritten = await prepared(session, writer, tables);
  const first = FIRST + SEEDS + writer.round++ * ROUND;
  session.notices();
  for (const table of tables) {
    const recipe = writer.recipes.get(keyOf(table));
    if (recipe !== undefined)
      await session.query(eachForItselfSql(writesTo(table, recipe, first, writer.longer), table));
  }
  const heard = session.notices();
  const told = (word: string): string[] => heard.filter((n) => n.startsWith(word)).map((n) => n.slice(word.length + 1));
  for (const nothing of told(NOTHING)) {
    const [table, ...said] = nothing.split(' ');
    unwritten.set(table!, said.join(' '));
  }
  return { unwritten, refused: [...new Set(told(REFUSED))] };
}

/** Looks what each table takes, where that is not known of it as it is now. */
async function prepared(
  session: ScratchSession,
  writer: Writer,
  tables: readonly WrittenTable[],
): Promise<Map<string, string>> {
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
  return unwritten;
}

/** Foreign keys and triggers are left out: whether a row is possible at all is asked. */
async function asReplica<T>(session: ScratchSession, work: () => Promise<T>): Promise<T> {
  await session.query('SET session_replication_role = replica');
  return work().finally(() => session.query('RESET session_replication_role'));
}

/** Rows 0 to 5 are those of before; each round takes others of them as long as there are. */
function writesTo(table: WrittenTable, recipe: Recipe, first: number, longer: number): string[] {
  const columns = table.columns.filter(({ generated }) => !generated);
  const name = quoteQualified(table);
  let n = first;
  const writes = [insertSql(table, recipe, n++), insertSql(table, recipe, n++), ...byDefaultSql(table, recipe, n++)];
  for (const column of columns) {
    for (const text of extremeValues(column, n, longer)) {
      writes.push(insertSql(table, recipe, n++, new Map([[column.name, valueSql(column, text)]])));
    }
    if (!column.key) writes.push(copiedSql(table, recipe, column, n++));
  }
  let row = rowSql(name, 1);
  for (const column of columns) {
    const values = [madeUp(column, recipe, n++), ...extremeValues(column, n++, longer)];
    for (const text of values.slice(0, 4)) {
      writes.push(`UPDATE ${name} SET ${quoteIdent(column.name)} = ${valueSql(column, text)} WHERE ${row}`);
      row = lastRowSql(name);
    }
  }
  writes.push(`DELETE FROM ${name} WHERE ${rowSql(name, 0)}`, `DELETE FROM ${name} WHERE ${rowSql(name, 2)}`);
  return writes;
}

/** One of the oldest rows. Of a partitioned table each partition is written to by its own name. */
const rowSql = (name: string, place: number): string =>
  `ctid = (SELECT ctid FROM ${name} ORDER BY ctid LIMIT 1 OFFSET ${String(place)})`;

/**
 * The row that was written last. An UPDATE sends all of its row, and so puts right on the clone whatever differed in it: were
 * each done to another row, there would be none left to tell of what a statement did.
 */
const lastRowSql = (name: string): string => `ctid = (SELECT ctid FROM ${name} ORDER BY ctid DESC LIMIT 1)`;

/** A row in which every column that can takes its default. */
function byDefaultSql(table: WrittenTable, recipe: Recipe, n: number): string[] {
  const columns = table.columns.filter(({ generated }) => !generated);
  if (!columns.some(({ hasDefault, identity }) => hasDefault || identity)) return [];
  const others = new Map(columns.flatMap((c) => (c.hasDefault || c.identity ? [[c.name, 'DEFAULT'] as const] : [])));
  return [insertSql(table, recipe, n, others).replace(' OVERRIDING SYSTEM VALUE', '')];
}

/** A row that has in one column what another has already. */
function copiedSql(table: WrittenTable, recipe: Recipe, { name }: WrittenColumn, n: number): string {
  const other = `(SELECT ${quoteIdent(name)} FROM ${quoteQualified(table)} ORDER BY ctid LIMIT 1)`;
  return insertSql(table, recipe, n, new Map([[name, other]]));
}

/** The two errors of CheckCmdReplicaIdentity (execReplication.c): no replica identity, or not all of it is published. */
function eachForItselfSql(writes: readonly string[], { schema, name }: WrittenTable): string {
  const refused = quoteLiteral(`${REFUSED} ${schema}.${name}: `);
  const blocks = writes.map(
    (write) => `BEGIN EXECUTE ${quoteLiteral(write)}; done := done + 1; EXCEPTION
      WHEN object_not_in_prerequisite_state OR invalid_column_reference THEN said := SQLERRM;
        IF SQLERRM ~ '^cannot (update|delete from) table' THEN RAISE NOTICE '%', ${refused} || SQLERRM; END IF;
      WHEN OTHERS THEN said := SQLERRM; END;`,
  );
  const nothing = `IF done = 0 THEN RAISE NOTICE '%', ${quoteLiteral(`${NOTHING} ${displayQualified({ schema, name })}`)} || ' ' || said; END IF;`;
  return `DO ${quoteLiteral(`DECLARE done int := 0; said text; BEGIN ${blocks.join('\n')} ${nothing} END`)}`;
}
