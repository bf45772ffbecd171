import { displayedSql } from '../text/quoting';
import type { Session } from '../session';
import { publicationCommentSql } from './comments';
import { subscribedSql } from './written-here';
import { publishedBelowSql, type WaysToName } from './published-relations';

/** A type of the database's own that published columns have, or are made of. */
export interface PublishedType {
  /** As displayQualified() shows it. */
  readonly name: string;
  /** Enum, composite, domain. */
  readonly kind: 'e' | 'c' | 'd';
  /** Equal when the definitions are; may differ although they are. */
  readonly defined: string;
  /**
   * Rows of the catalog that say how a stored value reads, by oid or number: a label of an enum, or an attribute of a
   * composite type, whose name is null once it was dropped; with the row's xmin.
   */
  readonly parts: Readonly<Record<string, readonly [name: string | null, written: string]>>;
}

/** Who wrote a row, as text: differs from what every row has that came with the clone where the clone wrote it since. */
const written = (xmin: string): string =>
  `(${xmin} || CASE WHEN ${xmin}::text::int8 > m.subscribed THEN ' here' ELSE '' END)`;

/**
 * As `types (pubid, list)`, of publications in `marked (oid, subscribed)` with tables in `below (pubid, relid)`. Without arrays and
 * ranges, of which nothing can be altered but what they are made of.
 */
const publishedTypesSql = ({ serverVersionNum }: Session): string => `
     uses (pubid, typid) AS (
       SELECT b.pubid, a.atttypid FROM below b JOIN marked m ON m.oid = b.pubid
         JOIN pg_attribute a ON a.attrelid = b.relid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
       UNION
       SELECT u.pubid, p.typid FROM uses u JOIN pg_type t ON t.oid = u.typid CROSS JOIN LATERAL (
         SELECT t.typelem AS typid UNION ALL SELECT t.typbasetype
         UNION ALL SELECT r.rngsubtype FROM pg_range r
                    WHERE r.rngtypid = t.oid ${serverVersionNum < 140000 ? '' : 'OR r.rngmultitypid = t.oid'}
         UNION ALL SELECT a.atttypid FROM pg_attribute a
                    WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) p
        WHERE p.typid >= 16384),
     types AS (
       SELECT u.pubid, jsonb_object_agg(c.oid, jsonb_build_object('name', ${displayedSql()}, 'kind', c.typtype,
                'defined', md5(ROW(c.typtype, c.typnotnull, c.typbasetype, c.typtypmod, e.text, a.text, k.text)::text),
                'parts', coalesce(e.parts, a.parts, '{}'))) AS list
         FROM uses u
         JOIN marked m ON m.oid = u.pubid
         JOIN (SELECT *, typname AS relname FROM pg_type) c ON c.oid = u.typid AND c.typtype IN ('e', 'd', 'c')
         JOIN pg_namespace n ON n.oid = c.typnamespace
         LEFT JOIN LATERAL (
           SELECT string_agg(ROW(l.oid, l.enumlabel)::text, ';' ORDER BY l.enumsortorder) AS text,
                  jsonb_object_agg(l.oid, jsonb_build_array(l.enumlabel, ${written('l.xmin')})) AS parts
             FROM pg_enum l WHERE l.enumtypid = c.oid) e ON c.typtype = 'e'
         LEFT JOIN LATERAL (
           SELECT string_agg(ROW(a.attnum, a.attname, a.atttypid, a.atttypmod)::text, ';' ORDER BY a.attnum)
                    FILTER (WHERE NOT a.attisdropped) AS text,
                  jsonb_object_agg(a.attnum, jsonb_build_array(CASE WHEN NOT a.attisdropped THEN a.attname END, ${written('a.xmin')})) AS parts
             FROM pg_attribute a WHERE a.attrelid = c.typrelid AND a.attnum > 0) a ON c.typtype = 'c'
         LEFT JOIN LATERAL (
           SELECT string_agg(ROW(d.conname, d.conbin)::text, ';' ORDER BY d.conname) AS text
             FROM pg_constraint d WHERE d.contypid = c.oid) k ON c.typtype = 'd'
        GROUP BY 1)`;

/** Of each publication with a comment, by its name, the types by their oid. */
export async function publishedTypes(
  session: Session,
  ways: WaysToName,
): Promise<Map<string, Readonly<Record<string, PublishedType>>>> {
  const rows = await session.query<{ publication: string; types: Readonly<Record<string, PublishedType>> }>(
    `WITH RECURSIVE ${publishedBelowSql(session, ways)},
     marked AS MATERIALIZED (
       SELECT p.oid, p.pubname, ${subscribedSql()} AS subscribed FROM pg_publication p WHERE ${publicationCommentSql()} IS NOT NULL),
     ${publishedTypesSql(session)}
     SELECT m.pubname::text AS publication, t.list AS types FROM marked m JOIN types t ON t.pubid = m.oid`,
  );
  return new Map(rows.map(({ publication, types }) => [publication, types]));
}
