import { runHistory } from '../postgres/catalog/run-history';
import type { Session } from '../postgres/session';
import { quoteQualified } from '../postgres/text/quoting';
import { redact } from '../explain/redaction';
import { ownMark } from '../model/mark';
import type { RunRecord } from '../model/run-record';
import { historyStatements, historyTable } from '../resources/run-history';

/** So many runs are kept; those before them are forgotten. */
export const KEPT_RUNS = 1_000;

/** Two runs that begin at once make one table. */
const MAKING_LOCK = 7_236_104_512_093;

/**
 * Has the table on the clone, and makes it where `make` says so.
 * @returns false: there is none, and none is to be made
 */
export async function haveHistory(session: Session, environment: string, make: boolean): Promise<boolean> {
  const table = historyTable(environment);
  const found = await runHistory(session, table);
  if (found === null && !make) return false;
  if (found === null) {
    await session.transaction(async () => {
      await session.query('SELECT pg_advisory_xact_lock($1::bigint)', [MAKING_LOCK]);
      if ((await runHistory(session, table)) !== null) return;
      // Made of constants and quoted values; see resources/run-history.ts.
      // eslint-disable-next-line local/safe-sql
      for (const statement of historyStatements(environment)) await session.query(statement);
    });
    return true;
  }
  if (ownMark(found.comment, 'history', environment) === null)
    throw new Error(`schema ${table.schema} is on the clone, and does not carry our mark`);
  return true;
}

export async function keepRun(session: Session, record: RunRecord): Promise<void> {
  const table = quoteQualified(historyTable(record.environment));
  const { run, part, began } = record;
  await session.query(
    `INSERT INTO ${table} (run, part, began, record) VALUES ($1, $2, $3, $4)
     ON CONFLICT (run, part) DO UPDATE SET record = excluded.record`,
    [run, part, began, redact(JSON.stringify(record))],
  );
  if (record.ended === null) return;
  await session.query(
    `DELETE FROM ${table} WHERE began < (SELECT began FROM ${table} ORDER BY began DESC OFFSET $1 LIMIT 1)`,
    [KEPT_RUNS - 1],
  );
}

/** What is kept, the latest first; how it was written is for whoever reads it. */
export async function keptRuns(session: Session, environment: string, most = KEPT_RUNS): Promise<unknown[]> {
  const rows = await session.query<{ record: unknown }>(
    `SELECT record FROM ${quoteQualified(historyTable(environment))} ORDER BY began DESC, part DESC LIMIT $1`,
    [most],
  );
  return rows.map(({ record }) => record);
}

/** Of each database and outcome the latest comparison of rows; one that compared several databases may come more than once. */
export async function latestComparisons(session: Session, environment: string): Promise<unknown[]> {
  const rows = await session.query<{ record: unknown }>(
    `SELECT DISTINCT ON (one->>'database', one->>'outcome') record
       FROM ${quoteQualified(historyTable(environment))},
            jsonb_array_elements(
              CASE WHEN jsonb_typeof(record->'comparison'->'databases') = 'array'
                   THEN record->'comparison'->'databases' ELSE '[]' END) AS one
      ORDER BY one->>'database', one->>'outcome', began DESC, part DESC`,
  );
  return rows.map(({ record }) => record);
}
