import { tableCommentSql } from './comments';
import { HEARTBEAT_TABLE } from '../../../contract/naming';
import { quoteQualified } from '../text/quoting';
import type { Session } from '../session';

/** True of a table of ours that holds a heartbeat; the query calls pg_class `c`. */
export const holdsHeartbeatSql = (): string =>
  `EXISTS (SELECT FROM pg_description hb WHERE ${isHeartbeatCommentSql()})`;

/** Of pg_description `hb`: its mark on pg_class `c`, which has at most one comment. */
export const isHeartbeatCommentSql = (): string =>
  `hb.classoid = 'pg_class'::regclass AND hb.objoid = c.oid AND hb.objsubid = 0
                 AND hb.description LIKE 'aurora-cross-account-sync {"kind":"heartbeat"%'`;

/** The same where few tables are asked about: of each the comment is looked up, instead of one in all comments. */
export const isHeartbeatSql = (): string =>
  `coalesce(${tableCommentSql()} LIKE 'aurora-cross-account-sync {"kind":"heartbeat"%', false)`;

/** As well of one that keeps runs of an environment whose clone is the source of another. */
export const holdsHeartbeatOrHistorySql = (): string => `EXISTS (
              SELECT FROM pg_description own WHERE own.classoid = 'pg_class'::regclass AND own.objoid = c.oid AND own.objsubid = 0
                 AND (own.description LIKE 'aurora-cross-account-sync {"kind":"heartbeat"%'
                      OR own.description LIKE 'aurora-cross-account-sync {"kind":"history"%'
                      OR own.description LIKE 'aurora-cross-account-sync {"kind":"ddl"%'))`;

export interface Beat {
  readonly id: string;
  /** Id of the beat before; null of the very first. */
  readonly previous: string | null;
  /** Counts the beats of a heartbeat, from 1 on. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** A position of the source before its commit. */
  readonly lsn: string;
  /** A position of the source behind its commit; null when the run died before it was known. */
  readonly passed: string | null;
  /** Seconds since then, by the clock of the server that is asked. */
  readonly age?: number;
}

/** A schema of the name that a heartbeat's has. */
export interface Heartbeat {
  readonly schema: string;
  /** Comment of the table in it; null: there is no such table, or nobody marked it. */
  readonly comment: string | null;
  /** It carries the mark of a heartbeat, of whichever environment. */
  readonly marked: boolean;
  /** Whatever has the table's name, of whichever kind. */
  readonly named: boolean;
}

/** Heartbeats of the current database, by schema. */
export async function heartbeats(session: Session, schemas: readonly string[]): Promise<Heartbeat[]> {
  return session.query<Heartbeat>(
    `SELECT n.nspname::text AS schema, ${tableCommentSql()} AS comment, ${isHeartbeatSql()} AS marked,
            EXISTS (SELECT FROM pg_class x WHERE x.relnamespace = n.oid AND x.relname = $2) AS named
       FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = $2 AND c.relkind = 'r'
      WHERE n.nspname = ANY ($1) ORDER BY 1`,
    [schemas, HEARTBEAT_TABLE],
  );
}

/** What carries the mark of a heartbeat, of any environment and under any name. */
export interface MarkedHeartbeat {
  readonly schema: string;
  /** null: the schema itself carries it. */
  readonly table: string | null;
  readonly comment: string;
}

export async function markedHeartbeats(session: Session): Promise<MarkedHeartbeat[]> {
  return session.query<MarkedHeartbeat>(
    `SELECT coalesce(n.nspname, own.nspname)::text AS schema, c.relname::text AS "table", d.description AS comment
       FROM pg_description d
       LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid AND c.relkind IN ('r', 'p')
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_namespace own ON d.classoid = 'pg_namespace'::regclass AND own.oid = d.objoid
      WHERE d.objsubid = 0 AND d.description LIKE 'aurora-cross-account-sync {"kind":"heartbeat"%'
        AND coalesce(n.nspname, own.nspname) IS NOT NULL
      ORDER BY 1, 2`,
  );
}

export interface SchemaOwner {
  readonly schema: string;
  readonly owner: string;
  /** The login may drop it, and all that is in it, whoever owns that (RangeVarCallbackForDropRelation in tablecmds.c). */
  readonly mayDrop: boolean;
  /** The login may look up names in it, which its owner can lose too. */
  readonly mayUse: boolean;
}

/** Those of the names that exist. */
export async function schemaOwners(session: Session, schemas: readonly string[]): Promise<SchemaOwner[]> {
  return session.query<SchemaOwner>(
    `SELECT nspname::text AS schema, pg_get_userbyid(nspowner)::text AS owner, pg_has_role(nspowner, 'USAGE') AS "mayDrop",
            has_schema_privilege(oid, 'USAGE') AS "mayUse"
       FROM pg_namespace WHERE nspname = ANY ($1) ORDER BY 1`,
    [schemas],
  );
}

/** In their order; those that were pruned are missing at the beginning. Not of tables that inherit from it. */
export async function beatsOf(session: Session, schema: string): Promise<Beat[]> {
  return session.query<Beat>(
    `SELECT id::text, previous::text, number::float8, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, lsn::text, passed::text,
            extract(epoch FROM clock_timestamp() - at)::float8 AS age
       FROM ONLY ${quoteQualified({ schema, name: HEARTBEAT_TABLE })} ORDER BY 3`,
  );
}
