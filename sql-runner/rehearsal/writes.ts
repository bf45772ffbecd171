import { displayQualified, quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import type { ScratchSession } from '../postgres/scratch-session';
import { insertSql, madeUp, valueSql, type Recipe } from './made-up-rows';
import { extremeValues } from './made-up-values';
import type { Stage } from './stage';
import { FIRST, keyOf, learnForms, type Writer } from './writer';
import type { WrittenColumn, WrittenTable } from './written-tables';

/** What an application met while it wrote. */
export interface Written {
  /** Tables that took no row, and what the server said last. */
  readonly unwritten: ReadonlyMap<string, string>;
  /** Writes that production would refuse for want of a replica identity. */
  readonly refused: readonly string[];
}

/** How many numbers one round of writes takes. */
const ROUND = 300;
/** Of one column. */
const MOST_NAMED = 5;
const REFUSED = 'sql_runner_refused';
const NOTHING = 'sql_runner_nothing';

/**
 * Writes of each kind to every table that is published, as an application does: what a table refuses is refused, and the
 * rest goes on.
 */
export async function writeRound(stage: Stage, writer: Writer): Promise<Written> {
  const session = stage.writer;
  const { tables, unwritten } = await learnForms(session, writer);
  session.notices();
  await writeTo(session, tables, writer);
  const heard = session.notices();
  const told = (word: string): string[] => heard.filter((n) => n.startsWith(word)).map((n) => n.slice(word.length + 1));
  for (const nothing of told(NOTHING)) {
    const [table, ...said] = nothing.split(' ');
    unwritten.set(table!, said.join(' '));
  }
  return { unwritten, refused: [...new Set(told(REFUSED))] };
}

/** What is known of the tables has to be of how they are now. */
export async function writeTo(session: ScratchSession, tables: readonly WrittenTable[], writer: Writer): Promise<void> {
  const first = FIRST + ROUND * ++writer.round;
  for (const table of tables) {
    const recipe = writer.recipes.get(keyOf(table));
    if (recipe !== undefined)
      await session.query(eachForItselfSql(writesTo(table, recipe, first, writer.longer), table));
  }
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
    if (!column.key) writes.push(copiedSql(table, recipe, [column], n++));
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
  // All but the key of a row that stays, what it refers to as well.
  const others = columns.filter(({ key }) => !key);
  if (others.length === 0) return writes;
  // Where a rule leaves the key few values, most are taken.
  const tries = columns.some(({ key, name: column }) => key && (recipe.get(column) ?? 0) > 0) ? 10 : 1;
  for (let i = 0; i < tries; i += 1) writes.push(copiedSql(table, recipe, others, n++));
  // And twice with each value that a rule names: of such alone an index or a constraint may be.
  for (const column of others) {
    for (const text of [...column.literals, ...column.labels].slice(0, MOST_NAMED)) {
      const value = new Map([[column.name, valueSql(column, text)]]);
      writes.push(copiedSql(table, recipe, others, n++, value), copiedSql(table, recipe, others, n++, value));
    }
  }
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

/** A row that has in some columns what another has already. */
function copiedSql(
  table: WrittenTable,
  recipe: Recipe,
  columns: readonly WrittenColumn[],
  n: number,
  instead: ReadonlyMap<string, string> = new Map(),
): string {
  const values = columns.map(({ name }) => {
    const other = `(SELECT ${quoteIdent(name)} FROM ${quoteQualified(table)} ORDER BY ctid LIMIT 1)`;
    return [name, other] as const;
  });
  return insertSql(table, recipe, n, new Map([...values, ...instead]));
}

/**
 * What is deferred would be refused at the end only, and all of it with one. The two errors of CheckCmdReplicaIdentity
 * (execReplication.c): no replica identity, or not all of it is published.
 */
export function eachForItselfSql(writes: readonly string[], { schema, name }: WrittenTable): string {
  const refused = quoteLiteral(`${REFUSED} ${schema}.${name}: `);
  const blocks = writes.map(
    (write) => `BEGIN EXECUTE ${quoteLiteral(write)}; done := done + 1; EXCEPTION
      WHEN object_not_in_prerequisite_state OR invalid_column_reference THEN said := SQLERRM;
        IF SQLERRM ~ '^cannot (update|delete from) table' THEN RAISE NOTICE '%', ${refused} || SQLERRM; END IF;
      WHEN OTHERS THEN said := SQLERRM; END;`,
  );
  const nothing = `IF done = 0 THEN RAISE NOTICE '%', ${quoteLiteral(`${NOTHING} ${displayQualified({ schema, name })}`)} || ' ' || said; END IF;`;
  return `DO ${quoteLiteral(`DECLARE done int := 0; said text; BEGIN SET CONSTRAINTS ALL IMMEDIATE; ${blocks.join('\n')} ${nothing} END`)}`;
}
