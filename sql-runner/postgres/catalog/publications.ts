import { publicationCommentSql } from './comments';
import { ddlLogRelationsSql } from './ddl-logs';
import { isHeartbeatCommentSql } from './heartbeats';
import { publishedFormSql, uncoveredSql } from '../text/published-part';
import { displayQualified } from '../text/quoting';
import type { Session } from '../session';
import { publishedSql } from './published-relations';
import { publishedRows, type PublishedRows } from './published-rows';
import type { PublishedType } from './published-types';

export interface PublishedTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** Published columns when a column list is given (15+); null: all of them. */
  readonly columns: readonly string[] | null;
  readonly hasRowFilter: boolean;
  /** Its row filter, as this server shows it; null: none. */
  readonly filter: string | null;
  /** Equal where filter and list are, whatever the columns are called by now; null: neither. */
  readonly form: string | null;
  /** The list lacks a column of the replica identity, or the filter needs one that is not of it: then it refuses changes. */
  readonly uncovered: boolean;
}

/** Each row of the catalog with its oid and xmin, so that one written again is another. */
export interface PublicationRows {
  readonly self: string;
  /** In pg_publication_rel, by what displayQualified() shows. */
  readonly members: Readonly<Record<string, string>>;
  /** What it names and all partitions below, by oid; of one of ours only. */
  readonly tables: Readonly<Record<string, PublishedRows>>;
  /** Of the columns of these, by oid. */
  readonly types: Readonly<Record<string, PublishedType>>;
}

/** A publication of the current database. */
export interface Publication {
  readonly name: string;
  readonly owner: string;
  /** Who reads this, and whether it has the rights of the owner. */
  readonly login: string;
  readonly mayAlter: boolean;
  readonly comment: string | null;
  readonly allTables: boolean;
  readonly insert: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly truncate: boolean;
  readonly viaRoot: boolean;
  /** publish_generated_columns (18+). */
  readonly generatedColumns: boolean;
  /** It sends a heartbeat of ours, which is not among its tables. */
  readonly heartbeat: boolean;
  /** Tables it names itself: roots as roots, nothing for FOR ALL TABLES or schemas. */
  readonly tables: readonly PublishedTable[];
  /** FOR TABLES IN SCHEMA (15+). */
  readonly schemas: readonly string[];
  readonly rowFilters: number;
  readonly rows: PublicationRows;
}

type PublicationRow = Omit<Publication, 'heartbeat' | 'tables' | 'rowFilters' | 'rows'> & { self: string };

export async function publications(session: Session): Promise<Publication[]> {
  const asked = session.query<PublicationRow>(
    `SELECT p.pubname::text AS name, pg_get_userbyid(p.pubowner)::text AS owner,
            current_user::text AS login, pg_has_role(p.pubowner, 'USAGE') AS "mayAlter",
            ${publicationCommentSql()} AS comment, p.puballtables AS "allTables",
            p.pubinsert AS insert, p.pubupdate AS update, p.pubdelete AS delete, p.pubtruncate AS truncate,
            p.pubviaroot AS "viaRoot", p.oid || ' ' || p.xmin AS self,
            coalesce(to_jsonb(p) ->> 'pubgencols', 'n') NOT IN ('n', 'false') AS "generatedColumns",
            ${session.serverVersionNum < 150000 ? `'{}'::text[]` : SCHEMAS} AS schemas
       FROM pg_publication p ORDER BY 1`,
  );
  const [rows, tables] = await Promise.all([asked, namedTables(session)]);
  const ways = { all: rows.some((row) => row.allTables), schemas: rows.some((row) => row.schemas.length > 0) };
  const below = await publishedRows(session, ways, tables);
  return rows.map(({ self, ...row }) => {
    const all = tables.filter((table) => table.publication === row.name);
    const own = all.filter((table) => !table.heartbeat);
    return {
      ...row,
      heartbeat: all.length > own.length,
      tables: own.map(({ publication: _, heartbeat: __, row: ___, listed: ____, ...table }) => table),
      rowFilters: all.filter((table) => table.hasRowFilter).length,
      rows: {
        self,
        members: Object.fromEntries(all.map((table) => [displayQualified(table), table.row])),
        ...(below.get(row.name) ?? { tables: {}, types: {} }),
      },
    };
  });
}

const SCHEMAS = `ARRAY(SELECT n.nspname::text FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid
                   WHERE s.pnpubid = p.oid ORDER BY 1)`;

const LISTED = `CASE WHEN r.prattrs IS NOT NULL THEN
              (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs::int2[])) END`;

const PART = `pg_get_expr(r.prqual, r.prrelid) AS filter,
            ${publishedFormSql()} AS form`;
const NO_PART = 'NULL::text AS filter, NULL::text AS form';

type NamedTable = PublishedTable & { publication: string; heartbeat: boolean; row: string; listed: boolean };

/** Most publications have no list and no filter: what is asked of those is planned only where there are some. */
async function namedTables(session: Session): Promise<NamedTable[]> {
  const tables = await readNamed(session, false);
  return tables.some(({ hasRowFilter, listed }) => hasRowFilter || listed) ? readNamed(session, true) : tables;
}

function readNamed(session: Session, narrowed: boolean): Promise<NamedTable[]> {
  // Column lists and row filters came with 15.
  const older = session.serverVersionNum < 150000;
  return session.query(
    `SELECT p.pubname::text AS publication, n.nspname::text AS schema, c.relname::text AS name, c.oid::int8::float8 AS oid,
            ${narrowed ? LISTED : 'NULL::text[]'} AS columns, ${older ? 'false' : 'r.prqual IS NOT NULL'} AS "hasRowFilter",
            ${narrowed ? PART : NO_PART},
            hb.objoid IS NOT NULL AS heartbeat, ${narrowed ? uncoveredSql() : 'false'} AS uncovered,
            ${older ? 'false' : 'r.prattrs IS NOT NULL'} AS listed, r.oid || ' ' || r.prrelid || ' ' || r.xmin AS row
       FROM pg_publication_rel r
       JOIN pg_publication p ON p.oid = r.prpubid
       JOIN pg_class c ON c.oid = r.prrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_description hb ON ${isHeartbeatCommentSql()}
      WHERE r.prrelid NOT IN ${ddlLogRelationsSql()}
      ORDER BY 1, 2, 3`,
  );
}

/** What the publication sends, expanded by the server: leaves, or roots where it publishes via the root. */
export async function publishedTables(
  session: Session,
  publication: string,
): Promise<{ schema: string; name: string }[]> {
  return session.query(
    `WITH RECURSIVE ${publishedSql(session)}
     SELECT n.nspname::text AS schema, c.relname::text AS name
       FROM pg_publication p
       JOIN sent s ON s.pubid = p.oid
       JOIN pg_class c ON c.oid = s.relid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE p.pubname = $1 ORDER BY 1, 2`,
    [publication],
  );
}
