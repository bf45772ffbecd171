import { publicationCommentSql } from './comments';
import { isHeartbeatCommentSql } from './heartbeats';
import { displayQualified } from '../text/quoting';
import type { Session } from '../session';
import { publishedBelowSql, type WaysToName } from './published-relations';
import { publishedTypes, type PublishedType } from './published-types';
import { subscribedSql } from './written-here';

/** What tells that a published table, or one below it, may have changed its rows without sending them. */
export interface PublishedRows {
  /** As displayQualified() shows it. */
  readonly name: string;
  /** Of a partition that was attached after it was made: its row in pg_inherits, as oids and xmin. */
  readonly joined: string | null;
  /** The file its rows are in: another one when they were written anew; at first it has the number of the table. */
  readonly stored: string;
  /** Holds rows, and is published by what it is a partition of alone. */
  readonly indirect: boolean;
  /** Writes no WAL. */
  readonly unlogged: boolean;
  /** Another one when the definition of a column was written again. */
  readonly touched: string;
  /** Equal when the columns have the same names. */
  readonly names: string;
  /** Equal when the columns of these names are the same ones. */
  readonly order: string;
  /** Equal when the columns are, with all that the catalog has of them. */
  readonly defined: string;
  /** Equal when keys, unique indexes and constraints are; may differ although they are. */
  readonly keyed: string;
  /** Columns whose definition was written again since the heartbeat was made, before the clone was taken: each as number and xmin. */
  readonly rewritten: readonly string[];
  /**
   * Where whole rows identify a row: the columns whose value in old rows is kept beside them
   * (pg_attribute.attmissingval), each as number and xmin. Empty elsewhere.
   */
  readonly given: readonly string[];
  /** Of one that holds rows: its row in pg_type, which is written again with its name, its schema and its owner only. */
  readonly known: string | null;
  /** Of what it takes that its server refuses no UPDATE or DELETE of it; `false` may be as well. */
  readonly identified: boolean;
  /** What its schema is called. */
  readonly schema: string;
  /** Row of its schema in pg_namespace, where it was written since the heartbeat was made, and not by giving rights. */
  readonly housed: string | null;
}

interface Row extends Omit<PublishedRows, 'name' | 'indirect'> {
  readonly publication: string;
  readonly oid: string;
  readonly relname: string;
  readonly leaf: boolean;
}

/**
 * Whether one transaction began after another, on a circle of 2^32 as the server counts them (TransactionIdPrecedes in
 * transam.c). Not by age(), which is of this moment: of frozen rows it turns round one day, and on each side on another.
 */
const isAfter = (xid: string, other: string): string =>
  `(${xid}::text::int8 - ${other}::text::int8 + 4294967296) % 4294967296 BETWEEN 1 AND 2147483647`;

/** Who wrote a row, as text: differs from what every row has that came with the clone where the clone wrote it since. */
const written = (xmin: string): string =>
  `(${xmin} || CASE WHEN ${xmin}::text::int8 > subscribed THEN ' here' ELSE '' END)`;

/** All that may be altered of a column, so that one written again with nothing to show for it was put back. */
const definition = ({
  serverVersionNum,
}: Session): string => `a.attnum, a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attnotnull, a.attidentity,
                       a.attgenerated, a.attstorage, a.attstattarget, a.attislocal, a.attinhcount, a.attacl, a.attoptions,
                       ${serverVersionNum < 140000 ? '' : 'a.attcompression,'}
                       CASE WHEN a.atthasdef THEN
                         (SELECT d.adbin FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END`;

/** How rows are identified, and what may refuse one. */
const KEYED = `ROW(c.relreplident, x.keys,
              (SELECT string_agg(ROW(k.contype, k.convalidated, k.conexclop, k.conbin)::text, ';' ORDER BY k.conname)
                 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'x')))::text`;

/**
 * Of the indexes of a table `c`: all that may differ of those that refuse rows, and whether one identifies its rows; only
 * the plain cases, as catalogTables() says of all what is the matter.
 */
const INDEXES = `SELECT string_agg(ROW(x.indkey, x.indisprimary, x.indisunique, x.indimmediate, x.indisready, x.indisvalid, x.indisreplident, x.indexprs,
                                     x.indpred, x.indclass, x.indcollation, x.indnkeyatts)::text, ';' ORDER BY x.indkey::text, x.indexrelid)
                  FILTER (WHERE x.indisunique OR x.indisexclusion) AS keys,
                bool_or(CASE c.relreplident WHEN 'i' THEN x.indisreplident ELSE x.indisprimary END AND x.indisvalid AND x.indislive
                        AND x.indisunique AND x.indimmediate AND x.indpred IS NULL) AS identify
           FROM pg_index x WHERE x.indrelid = c.oid`;

const IDENTIFIED = `c.relkind <> 'r' OR NOT a.generated AND CASE c.relreplident WHEN 'n' THEN false WHEN 'f' THEN true
              ELSE coalesce(x.identify, false) END`;

/**
 * Whoever is given rights on a schema for the first time, or all of it, is noted in pg_shdepend by the transaction that
 * writes the schema's row (updateAclDependencies in pg_shdepend.c); a new name leaves nothing there. Asked only where a
 * schema was written again: to plan it costs each new session more than all that is found in most.
 */
async function givenRights(session: Session, written: readonly string[]): Promise<ReadonlySet<string>> {
  if (written.length === 0) return new Set();
  const oids = [...new Set(written.map((row) => Number(row.split(' ')[0])))];
  const given = await session.query<{ row: string }>(
    `SELECT d.objid || ' ' || d.xmin AS row FROM pg_shdepend d
      WHERE d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND d.classid = 'pg_namespace'::regclass AND d.objid = ANY ($1) AND d.objsubid = 0`,
    [oids],
  );
  return new Set(given.map(({ row }) => row));
}

/** Its oid and xmin, without who wrote it. */
const rowOf = (housed: string): string => housed.split(' ', 2).join(' ');

/** What a publication has, by oid. */
export interface PublishedParts {
  readonly tables: Record<string, PublishedRows>;
  readonly types: Readonly<Record<string, PublishedType>>;
}

/**
 * Of each publication with a comment (one of ours has its mark there), by oid. A partition that was made as such has
 * one xmin for its columns and for its place in the tree; the row of ctid, which every table has, is never written again.
 * A session that has just begun takes longer to plan it than to run it: what is materialized is not joined in every order.
 * @param ways in which the publications name tables, as they were read before
 * @param named tables that they name one by one
 */
export async function publishedRows(
  session: Session,
  ways: WaysToName,
  named: readonly { publication: string; oid: number }[],
): Promise<Map<string, PublishedParts>> {
  const rows = await session.query<Row & { typed: boolean | null }>(
    `WITH RECURSIVE ${publishedBelowSql(session, ways)},
     marked AS MATERIALIZED (
       SELECT p.oid, p.pubname, (
                SELECT made.xmin FROM pg_attribute made WHERE made.attnum = -1
                   AND made.attrelid = coalesce((SELECT max(c.oid) FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid
                                                   JOIN pg_description hb ON ${isHeartbeatCommentSql()} WHERE r.prpubid = p.oid),
                                                (SELECT max(r.prrelid) FROM pg_publication_rel r WHERE r.prpubid = p.oid))) AS since,
              ${subscribedSql()} AS subscribed
         FROM pg_publication p
        WHERE ${publicationCommentSql()} IS NOT NULL),
     columns AS MATERIALIZED (
       SELECT m.oid AS pubid, m.pubname, b.relid, m.since, m.subscribed, a.* FROM below b JOIN marked m ON m.oid = b.pubid CROSS JOIN LATERAL (
         SELECT sum(a.xmin::text::int8 + CASE WHEN a.xmin::text::int8 > m.subscribed THEN 4294967296 ELSE 0 END) FILTER (WHERE a.attnum > 0) AS touched,
                min(a.xmin::text) FILTER (WHERE a.attnum = -1) AS made,
                sum(hashtext(a.attname::text)::int8) FILTER (WHERE a.attnum > 0 AND NOT a.attisdropped) AS names,
                sum(hashtext(a.attname::text)::int8 * a.attnum) FILTER (WHERE a.attnum > 0 AND NOT a.attisdropped) AS "order",
                bool_or(a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384) AS typed,
                bool_or(a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> '') AS generated,
                array_agg(a.attnum || ' ' || ${written('a.xmin')}) FILTER (WHERE a.atthasmissing AND NOT a.attisdropped) AS given,
                sum(hashtext(ROW(${definition(session)})::text)::int8) FILTER (WHERE a.attnum > 0 AND NOT a.attisdropped) AS defined,
                array_agg(a.attnum || ' ' || a.xmin) FILTER (WHERE ${isAfter('a.xmin', 'm.since')} AND a.attnum > 0 AND NOT a.attisdropped) AS rewritten
           FROM pg_attribute a WHERE a.attrelid = b.relid AND a.attnum >= -1) a)
     SELECT a.pubname::text AS publication, c.oid::text AS oid, c.relname::text AS relname,
            CASE WHEN i.xmin::text <> a.made THEN i.inhrelid || ' ' || i.inhparent || ' ' || ${written('i.xmin')} END AS joined,
            c.relfilenode::text AS stored, coalesce(a.touched, 0)::text AS touched,
            coalesce(a.names, 0)::text AS names, coalesce(a."order", 0)::text AS "order",
            CASE WHEN c.relreplident = 'f' THEN coalesce(a.given, '{}') ELSE '{}' END AS given,
            CASE WHEN c.relkind = 'r' THEN y.oid || ' ' || ${written('y.xmin')} END AS known, n.nspname::text AS schema,
            CASE WHEN c.relkind = 'r' AND ${isAfter('n.xmin', 'a.since')} THEN n.oid || ' ' || ${written('n.xmin')} END AS housed,
            md5(${KEYED}) AS keyed, ${IDENTIFIED} AS identified, coalesce(a.defined, 0)::text AS defined, coalesce(a.rewritten, '{}') AS rewritten,
            c.relkind = 'r' AND c.relispartition AS leaf, c.relpersistence = 'u' AS unlogged, a.typed
       FROM columns a
       JOIN pg_class c ON c.oid = a.relid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_type y ON y.oid = c.reltype
       LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
       CROSS JOIN LATERAL (${INDEXES}) x`,
  );
  const given = await givenRights(
    session,
    rows.flatMap(({ housed }) => (housed ? rowOf(housed) : [])),
  );
  const direct = new Set(named.map((table) => `${table.oid} ${table.publication}`));
  // Most databases have no types of their own, and to plan what reads them costs each new session more than it finds.
  const types = rows.some(({ typed }) => typed) ? await publishedTypes(session, ways) : null;
  const found = new Map<string, PublishedParts>();
  for (const { publication, oid, relname, leaf, typed: _, ...row } of rows) {
    const parts = found.get(publication) ?? { tables: {}, types: types?.get(publication) ?? {} };
    found.set(publication, parts);
    parts.tables[oid] = {
      name: displayQualified({ schema: row.schema, name: relname }),
      ...row,
      indirect: leaf && !direct.has(`${oid} ${publication}`),
      housed: row.housed && !given.has(rowOf(row.housed)) ? row.housed : null,
    };
  }
  return found;
}
