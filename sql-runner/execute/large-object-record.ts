import { largeObjectRecord } from '../resources/run-history';
import type { Session } from '../postgres/session';
import { quoteQualified } from '../postgres/text/quoting';
import { haveHistory } from './trail-table';

/** The table is made by the first run that copies some; see resources/run-history.ts. */
export async function haveRecord(session: Session, environment: string): Promise<void> {
  await haveHistory(session, environment, true);
  await session.query(
    `CREATE TABLE IF NOT EXISTS ${quoteQualified(largeObjectRecord(environment))}
       (object oid PRIMARY KEY, content int8, properties int8)`,
  );
}

/** In the transaction that writes them. */
export async function recordWrites(
  session: Session,
  environment: string,
  oid: number,
  wrote: { readonly content: boolean; readonly properties: boolean },
): Promise<void> {
  const table = quoteQualified(largeObjectRecord(environment));
  await session.query(
    `INSERT INTO ${table} AS r (object, content, properties)
     SELECT $1::oid, CASE WHEN $2 THEN x END, CASE WHEN $3 THEN x END FROM (SELECT txid_current() % 4294967296 AS x) t
     ON CONFLICT (object) DO UPDATE SET content = CASE WHEN $2 THEN excluded.content ELSE r.content END,
                                        properties = CASE WHEN $3 THEN excluded.properties ELSE r.properties END`,
    [String(oid), wrote.content, wrote.properties],
  );
}

export async function forgetWrites(session: Session, environment: string, oids: readonly number[]): Promise<void> {
  await session.query(`DELETE FROM ${quoteQualified(largeObjectRecord(environment))} WHERE object = ANY ($1::oid[])`, [
    oids.map(String),
  ]);
}
