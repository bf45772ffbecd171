import type { Session } from '../session';
import { ddlLogRelationsSql } from './ddl-logs';
import { attachedSql } from './partition-roots';

/** As is_publishable_class in pg_publication.c. */
const PUBLISHABLE = `c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND c.oid >= 16384`;

const BY_SCHEMA = `UNION SELECT p.oid, c.oid, p.pubviaroot FROM pg_publication p
               JOIN pg_publication_namespace s ON s.pnpubid = p.oid
               JOIN pg_class c ON c.relnamespace = s.pnnspid WHERE ${PUBLISHABLE}`;

const ALL = `UNION SELECT p.oid, c.oid, p.pubviaroot FROM pg_publication p CROSS JOIN pg_class c
              WHERE p.puballtables AND NOT c.relispartition AND ${PUBLISHABLE}`;

/**
 * Members of WITH RECURSIVE, in oids: `published (pubid, relid, via_root)` is what publications name, by table, by
 * schema or by FOR ALL TABLES; `published_tree (pubid, top, relid)` is every partitioned table of it with all that
 * is below; `sent (pubid, relid)` is what they send, as pg_publication_tables shows it: leaves, or roots where they
 * publish via the root.
 *
 * That view cannot be asked: from 16 on it opens each table (pg_get_publication_tables in pg_publication.c), and
 * waits behind whoever has locked one.
 */
export function publishedSql(session: Session): string {
  return `${publishedTreeSql(session)},
     sent (pubid, relid) AS (
       SELECT p.pubid, p.relid FROM published p
        WHERE p.via_root AND NOT EXISTS (SELECT FROM published_tree t
               WHERE t.pubid = p.pubid AND t.relid = p.relid AND t.top <> p.relid)
       UNION SELECT p.pubid, p.relid FROM published p JOIN pg_class c ON c.oid = p.relid
              WHERE NOT p.via_root AND c.relkind <> 'p'
       UNION SELECT p.pubid, t.relid FROM published p JOIN published_tree t ON t.pubid = p.pubid AND t.top = p.relid
               JOIN pg_class c ON c.oid = t.relid
              WHERE NOT p.via_root AND c.relkind <> 'p')`;
}

/** The first two of them. */
function publishedTreeSql(session: Session): string {
  return `${namedSql(session, { all: true, schemas: true })},
     published_tree (pubid, top, relid) AS (
       SELECT pubid, relid, relid FROM published JOIN pg_class c ON c.oid = relid AND c.relkind = 'p'
       UNION ALL
       SELECT t.pubid, t.top, i.inhrelid FROM published_tree t JOIN pg_inherits i ON i.inhparent = t.relid AND ${attachedSql(session)})`;
}

/**
 * `published`, and `below (pubid, relid)`: what publications name, and all partitions of it.
 * @param ways in which they name it: a part that is left out need not be planned, which costs a new session more than to
 *   find nothing there
 */
export function publishedBelowSql(session: Session, ways: WaysToName): string {
  return `${namedSql(session, ways)},
     below (pubid, relid) AS (
       SELECT pubid, relid FROM published
       UNION
       SELECT b.pubid, i.inhrelid FROM below b JOIN pg_class c ON c.oid = b.relid AND c.relkind = 'p'
         JOIN pg_inherits i ON i.inhparent = b.relid AND ${attachedSql(session)})`;
}

/** How else than table by table publications name what they send. */
export interface WaysToName {
  /** FOR ALL TABLES. */
  readonly all: boolean;
  /** FOR TABLES IN SCHEMA. */
  readonly schemas: boolean;
}

const namedSql = ({ serverVersionNum }: Session, { all, schemas }: WaysToName): string =>
  `published (pubid, relid, via_root) AS (
       SELECT p.oid, r.prrelid, p.pubviaroot FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid
        WHERE r.prrelid NOT IN ${ddlLogRelationsSql()}
       ${schemas && serverVersionNum >= 150000 ? BY_SCHEMA : ''}
       ${all ? ALL : ''})`;
