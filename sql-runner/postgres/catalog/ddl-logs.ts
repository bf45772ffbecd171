import type { Session } from '../session';
import { quoteIdent } from '../text/quoting';

const MARK = `'aurora-cross-account-sync {"kind":"ddl"%'`;

/** Oids of relations that are part of a log of DDL of ours, of whichever environment. */
export const ddlLogRelationsSql = (): string =>
  `(SELECT log.objoid FROM pg_description log WHERE log.classoid = 'pg_class'::regclass AND log.objsubid = 0
                AND log.description LIKE ${MARK})`;

/** True of what is in such a schema; the query calls pg_namespace `n`. */
export const isInDdlSchemaSql = (): string =>
  `n.oid IN (SELECT log.objoid FROM pg_description log WHERE log.classoid = 'pg_namespace'::regclass AND log.objsubid = 0
                AND log.description LIKE ${MARK})`;

/** An event trigger, or the trigger of the table. */
export interface DdlTrigger {
  readonly name: string;
  /** As pg_event_trigger.evtenabled and pg_trigger.tgenabled have it. */
  readonly enabled: string;
}

/** A schema that DDL is written down in, or that has the name of one. */
export interface DdlLog {
  readonly schema: string;
  readonly comment: string | null;
  /** It has the table. */
  readonly log: boolean;
  /** What calls a function of it. */
  readonly eventTriggers: readonly DdlTrigger[];
  readonly triggers: readonly DdlTrigger[];
  /** Publications that name the table. */
  readonly publications: readonly string[];
  /** A subscription takes it. */
  readonly taken: boolean;
  /** On the source: statements that could not be noted; null: there are none, or it does not count them. */
  readonly missed: number | null;
  /** On the clone: the statement before which the stream stands; null as 0: before none. */
  readonly stopped: number | null;
  /** On the clone: statements that failed there while the stream went on, and that nobody has decided about; null: not known. */
  readonly failed: readonly number[] | null;
  /** The role that owns the table, and whether the one who asks is that. */
  readonly owner: string | null;
}

/** Of as many as that the numbers are told. */
const FAILED = 5;

async function failedIn(session: Session, schema: string): Promise<readonly number[]> {
  const s = quoteIdent(schema);
  const rows = await session.query<{ number: number }>(
    `SELECT o.number::float8 AS number FROM ${s}.outcome o WHERE o.outcome = 'failed'
        AND NOT EXISTS (SELECT FROM ${s}.decision d WHERE d.number = o.number AND d.decision = 'skip')
      ORDER BY 1 DESC LIMIT $1`,
    [FAILED],
  );
  return rows.map(({ number }) => number);
}

export async function ddlLogs(session: Session): Promise<readonly DdlLog[]> {
  const logs = await session.query<Omit<DdlLog, 'failed'> & { outcomes: boolean }>(
    `SELECT n.nspname::text AS schema, d.description AS comment, l.oid IS NOT NULL AS log, pg_get_userbyid(l.relowner)::text AS owner,
            coalesce((SELECT json_agg(json_build_object('name', e.evtname, 'enabled', e.evtenabled) ORDER BY e.evtname)
                        FROM pg_proc p JOIN pg_event_trigger e ON e.evtfoid = p.oid WHERE p.pronamespace = n.oid), '[]') AS "eventTriggers",
            coalesce((SELECT json_agg(json_build_object('name', t.tgname, 'enabled', t.tgenabled) ORDER BY t.tgname)
                        FROM pg_trigger t WHERE t.tgrelid = l.oid), '[]') AS triggers,
            ARRAY(SELECT p.pubname::text FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
                   WHERE r.prrelid = l.oid ORDER BY 1) AS publications,
            EXISTS (SELECT FROM pg_subscription_rel s WHERE s.srrelid = l.oid) AS taken,
            (SELECT pg_sequence_last_value(q.oid)::float8 FROM pg_class q WHERE q.relnamespace = n.oid AND q.relname = 'missed' AND q.relkind = 'S') AS missed,
            (SELECT pg_sequence_last_value(q.oid)::float8 FROM pg_class q WHERE q.relnamespace = n.oid AND q.relname = 'stopped' AND q.relkind = 'S') AS stopped,
            (SELECT count(*) = 2 AND bool_and(has_table_privilege(t.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')) FROM pg_class t
              WHERE t.relnamespace = n.oid AND t.relname IN ('outcome', 'decision') AND t.relkind = 'r') AS outcomes
       FROM pg_namespace n
       LEFT JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
       LEFT JOIN pg_class l ON l.relnamespace = n.oid AND l.relname = 'log' AND l.relkind = 'r'
      WHERE n.nspname LIKE 'acas\\_%\\_ddl' OR d.description LIKE ${MARK} ORDER BY 1`,
  );
  return Promise.all(
    logs.map(async ({ outcomes, ...log }) => ({
      ...log,
      failed: outcomes ? await failedIn(session, log.schema) : null,
    })),
  );
}
