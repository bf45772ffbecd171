import { HEARTBEAT_TABLE } from '../../resources/heartbeat';
import { quoteQualified } from '../quoting';
import type { Session } from '../session';

/** True of a table of ours that holds a heartbeat; the query calls pg_class `c`. */
export const holdsHeartbeatSql = (): string => `EXISTS (
              SELECT FROM pg_description hb WHERE hb.classoid = 'pg_class'::regclass AND hb.objoid = c.oid AND hb.objsubid = 0
                 AND hb.description LIKE 'aurora-cross-account-sync {"kind":"heartbeat"%')`;

export interface Beat {
  readonly id: string;
  /** Id of the beat before; null of the very first. */
  readonly previous: string | null;
  /** Counts the beats of a heartbeat, from 1 on. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** A position of the source behind its commit; null when the run died before it was known. */
  readonly passed: string | null;
}

/** A schema of the name that a heartbeat's has. */
export interface Heartbeat {
  readonly schema: string;
  /** Comment of the table in it; null: there is no such table, or nobody marked it. */
  readonly comment: string | null;
  /** In their order; those that were pruned are missing at the beginning. */
  readonly beats: readonly Beat[];
}

/** Heartbeats of the current database, by schema; beats are read of marked tables only. */
export async function heartbeats(session: Session, schemas: readonly string[]): Promise<Heartbeat[]> {
  const found = await session.query<{ schema: string; comment: string | null; marked: boolean }>(
    `SELECT n.nspname::text AS schema, obj_description(c.oid, 'pg_class') AS comment, coalesce(${holdsHeartbeatSql()}, false) AS marked
       FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2 AND c.relkind = 'r'
      WHERE n.nspname = ANY ($1) ORDER BY 1`,
    [schemas, HEARTBEAT_TABLE],
  );
  const read: Heartbeat[] = [];
  for (const { schema, comment, marked } of found) {
    read.push({ schema, comment, beats: marked ? await beatsOf(session, schema) : [] });
  }
  return read;
}

export async function beatsOf(session: Session, schema: string): Promise<Beat[]> {
  return session.query<Beat>(
    `SELECT id::text, previous::text, number::float8, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, passed::text
       FROM ${quoteQualified({ schema, name: HEARTBEAT_TABLE })} ORDER BY 3`,
  );
}
