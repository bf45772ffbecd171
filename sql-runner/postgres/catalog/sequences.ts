import { isInDdlSchemaSql } from './ddl-logs';
import type { Session } from '../session';
import { quoteInteger, quoteLiteral, quoteQualified, type QualifiedName } from '../text/quoting';

/** Where a sequence stands; numbers as text, as int8 has more of them than Number. */
export interface SequencePosition {
  readonly last: string;
  /** False: the next value is `last` itself. */
  readonly called: boolean;
}

export interface SequenceDefinition {
  readonly type: string;
  readonly start: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** The column that a sequence belongs to: made as serial or by OWNED BY, or as its identity. */
export interface SequenceOwner {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly identity: boolean;
  /** Table and column by number, which a new name of either does not change. */
  readonly number: string;
}

/** Why it is not known where one stands: no right on its schema or on itself, somebody keeps readers out, it just changed. */
export type SequenceUnread = 'schema' | 'right' | 'locked' | 'changed';

export interface Sequence extends SequenceDefinition {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly role: string;
  /** The login has the rights of its owner. */
  readonly isOurs: boolean;
  readonly ownedBy: SequenceOwner | null;
  /** It, or the table of its column, is unlogged, or an extension made it. */
  readonly leftOut: 'unlogged' | 'extension' | null;
  readonly position: SequencePosition | SequenceUnread;
}

/** So many locks at a time are nothing to a server; see max_locks_per_transaction. */
const PAGE = 256;
/**
 * Who waits for one sequence holds the locks of those that it has read, and whoever wants to lock one of them, as DROP
 * does, keeps all from taking values meanwhile: so it never waits for long.
 */
const LOCK_MS = 100;

interface Page {
  readonly after: number;
  readonly size: number;
  /** As far as is known beforehand, what somebody has locked is not waited for. */
  readonly aroundLocks: boolean;
}

/**
 * Every sequence of the current database but temporary ones, and where it stands. That is a row of its own in each of
 * them, of which values that sessions keep in their cache are taken already (manual, CREATE SEQUENCE). Reading it locks
 * the sequence as SELECT does, until the end of the statement, which nobody notices who takes values.
 */
export const sequences = (session: Session): Promise<Sequence[]> => read(session, false);

/**
 * The same without columns, tables and extensions that they belong to: a third of the work in a session that is new. One of
 * an extension, or of an unlogged table before 15, is among the others here.
 */
export const sequencesInBrief = (session: Session): Promise<Sequence[]> => read(session, true);

async function read(session: Session, brief: boolean): Promise<Sequence[]> {
  const all: Sequence[] = [];
  let page: Page = { after: 0, size: PAGE, aroundLocks: false };
  for (;;) {
    const found = await readPage(session, page, brief).catch((cause: unknown) => failedBy(cause));
    if (typeof found !== 'string') {
      all.push(...found);
      if (found.length < page.size) return all;
      page = { after: found.at(-1)!.oid, size: Math.min(PAGE, page.size * 2), aroundLocks: page.aroundLocks };
    } else if (!page.aroundLocks) page = { ...page, aroundLocks: true };
    else if (page.size > 1) page = { ...page, size: Math.ceil(page.size / 4) };
    else {
      const [one] = await session.query<Row>(
        rows(afterwards(page.after), 'LIMIT 1', 'true', 'NULL::text', OWNER.columns, OWNER.joins),
      );
      if (one === undefined) return all;
      all.push({ ...sequenceOf(one), position: found });
      page = { ...page, after: one.oid };
    }
  }
}

/** Somebody has locked, renamed or dropped one of them, or taken a right away, since the catalog was read. */
const FAILURES: Readonly<Record<string, SequenceUnread>> = {
  '55P03': 'locked',
  '42P01': 'changed',
  '3F000': 'changed',
  '42501': 'right',
  // Of a relation that goes just then (relation_open in relation.c).
  XX000: 'changed',
};

function failedBy(cause: unknown): SequenceUnread {
  const failure = FAILURES[(cause as { code?: string }).code ?? ''];
  if (failure === undefined) throw cause;
  return failure;
}

/**
 * How one sequence is made, under a lock that keeps it so until the end of the transaction: that of nextval(), which
 * pg_sequence_last_value() takes. Where it stands is not read.
 * @param lockMs how long it is waited for
 */
export async function definitionNow(session: Session, name: QualifiedName, lockMs: number): Promise<Sequence | null> {
  const quoted = quoteLiteral(quoteQualified(name));
  const [row] = await session.query<Row>(
    `SET LOCAL lock_timeout = ${quoteInteger(lockMs)}; SELECT pg_sequence_last_value(${quoted}::regclass);
     ${rows(`c.oid = ${quoted}::regclass`, '', 'true', 'NULL::text', OWNER.columns, OWNER.joins)}`,
  );
  return row === undefined ? null : sequenceOf(row);
}

type Row = Omit<Sequence, 'ownedBy' | 'leftOut' | 'position'> & {
  readonly ownerSchema: string | null;
  readonly ownerTable: string | null;
  readonly ownerColumn: string | null;
  readonly ownerNumber: string | null;
  readonly identity: boolean | null;
  readonly unlogged: boolean;
  readonly extension: boolean;
  readonly enters: boolean;
  readonly reads: boolean;
  readonly free: boolean;
  readonly position: string | null;
};

async function readPage(session: Session, { after, size, aroundLocks }: Page, brief: boolean): Promise<Sequence[]> {
  const found = await session.query<Row>(
    `SET LOCAL lock_timeout = ${quoteInteger(LOCK_MS)};
     ${rows(afterwards(after), `LIMIT ${quoteInteger(size)}`, aroundLocks ? UNLOCKED_SQL : 'true', POSITION_SQL, brief ? NO_OWNER.columns : OWNER.columns, brief ? NO_OWNER.joins : OWNER.joins)}`,
  );
  return found.map(sequenceOf);
}

const afterwards = (oid: number): string => `c.oid > (${quoteInteger(oid)})::oid`;

function sequenceOf(row: Row): Sequence {
  const { oid, schema, name, role, isOurs, type, start, increment, min, max, cache, cycle } = row;
  const { enters, reads, free, unlogged, extension, position } = row;
  return {
    ...{ oid, schema, name, role, isOurs, type, start, increment, min, max, cache, cycle },
    ownedBy: ownerIn(row),
    leftOut: unlogged ? 'unlogged' : extension ? 'extension' : null,
    position: !enters ? 'schema' : !reads ? 'right' : !free ? 'locked' : positionIn(position, oid),
  };
}

function ownerIn({ ownerSchema, ownerTable, ownerColumn, ownerNumber, identity }: Row): SequenceOwner | null {
  if (ownerTable === null) return null;
  const column = { schema: ownerSchema!, table: ownerTable, column: ownerColumn! };
  return { ...column, identity: identity === true, number: ownerNumber! };
}

/** As query_to_xml writes it. The name may have come to mean another one since the catalog was read. */
function positionIn(text: string | null, oid: number): SequencePosition | SequenceUnread {
  const [, found, last, called] = /<o>(\d+)<\/o>\s*<l>(-?\d+)<\/l>\s*<c>(true|false)<\/c>/.exec(text ?? '') ?? [];
  return Number(found) === oid ? { last: last!, called: called === 'true' } : 'changed';
}

const UNLOCKED_SQL = `NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = p.oid AND l.granted AND l.mode = 'AccessExclusiveLock'
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

/**
 * Many in one statement: query_to_xml runs a query that is put together of what the catalog says. It is part of every
 * server, also of one without libxml (xml.c).
 */
const POSITION_SQL = `CASE WHEN p.enters AND p.reads AND p.free AND NOT p.unlogged AND NOT p.extension THEN query_to_xml(format(
    'SELECT tableoid::int8 AS o, last_value AS l, is_called AS c FROM %I.%I', p.schema, p.name), false, true, '')::text END`;

/** What they belong to. */
const OWNER = {
  columns: `tn.nspname::text AS "ownerSchema", t.relname::text AS "ownerTable", a.attname::text AS "ownerColumn",
               d.refobjid || '.' || d.refobjsubid AS "ownerNumber", d.deptype = 'i' AS identity,
               c.relpersistence = 'u' OR coalesce(t.relpersistence = 'u', false) AS unlogged,
               EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid
                         AND e.deptype = 'e') AS extension`,
  joins: `LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
          LEFT JOIN pg_class t ON t.oid = d.refobjid
          LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
          LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid`,
};
const NO_OWNER = {
  columns: `NULL AS "ownerSchema", NULL AS "ownerTable", NULL AS "ownerColumn", NULL AS "ownerNumber", NULL::boolean AS identity,
               c.relpersistence = 'u' AS unlogged, false AS extension`,
  joins: '',
};

/** How sequences are made, and what is asked of each besides. */
function rows(within: string, limit: string, free: string, position: string, columns: string, joins: string): string {
  return `WITH p AS MATERIALIZED (
    SELECT p.*, ${free} AS free,
           has_schema_privilege(p.namespace, 'USAGE') AS enters, has_sequence_privilege(p.oid, 'SELECT') AS reads
      FROM (
        SELECT c.oid, c.relnamespace AS namespace, n.nspname::text AS schema, c.relname::text AS name,
               pg_get_userbyid(c.relowner)::text AS role, pg_has_role(c.relowner, 'USAGE') AS ours,
               format_type(s.seqtypid, NULL) AS type, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
               ${columns}
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_sequence s ON s.seqrelid = c.oid
          ${joins}
         WHERE NOT ${isInDdlSchemaSql()} AND c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
           AND ${within}
         ORDER BY c.oid ${limit}) p)
  SELECT p.oid::int8::float8 AS oid, p.schema, p.name, p.role, p.ours AS "isOurs", p.type,
         p.seqstart::text AS start, p.seqincrement::text AS increment, p.seqmin::text AS min, p.seqmax::text AS max,
         p.seqcache::text AS cache, p.seqcycle AS cycle,
         p."ownerSchema", p."ownerTable", p."ownerColumn", p."ownerNumber", p.identity,
         p.unlogged, p.extension, p.enters, p.reads, p.free,
         ${position} AS position
    FROM p ORDER BY p.oid`;
}
