import type { Statement, Unit } from '../migration/statement';
import { refusedBy } from '../postgres/scratch-session';
import { runPlainly } from './run-unit';
import type { ScratchPair } from './scratch-pair';
import { emptied, seedFitting } from './seeds';
import type { Stage } from './stage';
import { learnForms, type Forms, type Writer } from './writer';
import { writeTo } from './writes';

/**
 * Whether a statement is refused for a row: SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation),
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const isOfRows = (sqlState: string): boolean => /^2[23]/.test(sqlState);

/**
 * Tries a unit on rows as an application may have written them: NULL, the ends of what a column takes, the same value
 * twice. All of it is rolled back.
 * @returns what the server said where such rows are refused; null: they are taken, or it cannot be tried so
 */
export async function refusedOfOtherRows(stage: Stage, writer: Writer, unit: Unit): Promise<string | null> {
  const session = stage.source;
  const { tables } = await learnForms(session, writer);
  await session.query('BEGIN');
  try {
    // What is pending would be in the way of ALTER TABLE.
    await session.query('SET CONSTRAINTS ALL IMMEDIATE');
    await writeTo(session, tables, writer);
    for (const { text } of unit.statements) await session.execute(text);
    await session.query('SET CONSTRAINTS ALL IMMEDIATE');
    return null;
  } catch (error) {
    const { sqlState, message } = refusedBy(error);
    return isOfRows(sqlState) ? message : null;
  } finally {
    await session.query('ROLLBACK');
    session.notices();
  }
}

/**
 * Where a unit is refused for the rows that were made up: looks which rows its tables take once they are defined so, and
 * gives both sides such rows instead.
 * @returns whether every table that had rows has some again
 */
export async function fitRows(
  pair: ScratchPair,
  writer: Writer,
  unit: Unit,
  prelude: readonly Statement[],
): Promise<boolean> {
  const stage = await pair.stage();
  const forms = await formsAfter(stage, writer, unit, prelude).finally(() => pair.drop(stage));
  await pair.tidy();
  if (forms === null) return false;
  let fits = true;
  await pair.onBase(async (session, side) => {
    fits = (await seedFitting(session, writer, forms, side)) && fits;
  });
  return fits;
}

/** On a pair without rows. @returns null: it is refused there too */
async function formsAfter(
  { source }: Stage,
  writer: Writer,
  unit: Unit,
  prelude: readonly Statement[],
): Promise<Forms | null> {
  await emptied(source);
  for (const { text } of prelude) await source.execute(text);
  return (await runPlainly(unit, unit.statements, source)) === null ? learnForms(source, writer) : null;
}
