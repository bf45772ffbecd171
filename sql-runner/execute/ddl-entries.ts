import type { DdlEntry, DdlOnClone, DdlOnSource, DdlOutcome } from '../model/ddl';
import type { Session } from '../postgres/session';
import { quoteIdent } from '../postgres/text/quoting';

/** @param schema of a log that is there */
export async function ddlOnSource(session: Session, schema: string, most: number): Promise<DdlOnSource> {
  const s = quoteIdent(schema);
  const entries = await session.query<DdlEntry>(
    `SELECT l.number::float8 AS number, l.tag, to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, l.login, l.role,
            l.lsn::text AS lsn, l.transaction, l.settings ->> 'search_path' AS "searchPath", l.statement,
            ARRAY(SELECT concat_ws(' ', o ->> 0, o ->> 1) FROM jsonb_array_elements(l.facts -> 'same') o) AS objects,
            j.verdict, j.reason, j.part
       FROM (SELECT * FROM ${s}.log WHERE event = 'ddl_command_end' ORDER BY number DESC LIMIT $1) l
      CROSS JOIN LATERAL ${s}.judge(l.number) j ORDER BY l.number`,
    [most],
  );
  const [row] = await session.query<{ missed: number }>(
    `SELECT CASE WHEN is_called THEN last_value ELSE 0 END::float8 AS missed FROM ${s}.missed`,
  );
  return { entries, missed: row!.missed };
}

/** @param schema of a log that is there */
export async function ddlOnClone(session: Session, schema: string, first: number): Promise<DdlOnClone> {
  const s = quoteIdent(schema);
  const outcomes = await session.query<DdlOutcome>(
    `SELECT l.number::float8 AS number, o.outcome, o.detail, to_char(o.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at
       FROM ${s}.log l LEFT JOIN ${s}.outcome o USING (number) WHERE l.event = 'ddl_command_end' AND l.number >= $1 ORDER BY 1`,
    [first],
  );
  // A sequence, as it has to outlive the transaction that was rolled back.
  const [row] = await session.query<{ stopped: number | null }>(
    `SELECT nullif(last_value, 0)::float8 AS stopped FROM ${s}.stopped`,
  );
  const decisions = await session.query<DdlOnClone['decisions'][number]>(
    `SELECT number::float8 AS number, decision, login FROM ${s}.decision WHERE number >= $1 ORDER BY 1`,
    [first],
  );
  return { outcomes, stopped: row!.stopped, decisions };
}

/** One statement, so that it is there or not. What is decided again is decided anew. */
export async function decideDdl(
  session: Session,
  schema: string,
  number: number,
  decision: 'apply' | 'skip',
): Promise<void> {
  await session.query(
    `INSERT INTO ${quoteIdent(schema)}.decision VALUES ($1::bigint, $2, clock_timestamp(), session_user)
     ON CONFLICT (number) DO UPDATE SET decision = excluded.decision, at = excluded.at, login = excluded.login`,
    [String(number), decision],
  );
}
