import type { Guard } from '../model/change';
import type { StreamOf } from '../model/streams';
import { uncoveredSql } from '../postgres/text/published-part';

/**
 * The plan has looked whether something identifies the rows of each table. Until they are published anybody may take that
 * away, and production would be refused its UPDATE and DELETE at once (CheckCmdReplicaIdentity in execReplication.c). From
 * the statement on its lock keeps keys and identity of what it names as they are (SHARE UPDATE EXCLUSIVE). It locks no
 * partition below, and locking thousands could take the room for locks from production: what a migration commits there
 * after this look is told as what it does to a table that is published already.
 */
export function writesGoOn(environment: string, of: StreamOf): Guard {
  return {
    place: of.publisher,
    sql: `WITH RECURSIVE below AS (
  SELECT pr.prrelid AS relid FROM pg_publication_rel pr JOIN pg_publication p ON p.oid = pr.prpubid WHERE p.pubname = $1
  UNION SELECT i.inhrelid FROM below b JOIN pg_class c ON c.oid = b.relid AND c.relkind = 'p' JOIN pg_inherits i ON i.inhparent = b.relid)
SELECT count(*) = 0 AS ok, string_agg(n.nspname || '.' || c.relname, ', ' ORDER BY n.nspname, c.relname) AS tables
  FROM below b JOIN pg_class c ON c.oid = b.relid AND c.relkind = 'r' AND c.relpersistence = 'p' JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE CASE c.relreplident WHEN 'f' THEN false WHEN 'n' THEN true ELSE NOT EXISTS (
         SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisvalid AND x.indisunique AND x.indimmediate AND x.indpred IS NULL
            AND CASE c.relreplident WHEN 'i' THEN x.indisreplident ELSE x.indisprimary END) END`,
    values: [of.stream.publication],
    refusal: {
      code: 'REPLICA_IDENTITY_MISSING',
      seen: `nothing identifies the rows of tables of database ${of.database} any more, since it was looked at`,
      why: 'once they are published production refuses UPDATE and DELETE of them; so nothing of this change was made',
      next: `sql-runner plan ${environment} says what gives each of them an identity`,
    },
  };
}

/**
 * The same of tables of which a part is published: the columns of a condition, and those that are listed, are judged by the
 * server itself only when a row is written (pub_rf_contains_invalid_column and pub_collist_contains_invalid_column in
 * publicationcmds.c). From 15 on.
 */
export function partsIdentify(environment: string, of: StreamOf): Guard {
  return {
    place: of.publisher,
    sql: `SELECT count(*) = 0 AS ok, string_agg(n.nspname || '.' || c.relname, ', ' ORDER BY n.nspname, c.relname) AS tables
  FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
  JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE p.pubname = $1 AND ${uncoveredSql()}`,
    values: [of.stream.publication],
    refusal: {
      code: 'PART_NOT_IN_IDENTITY',
      seen: `what identifies the rows of tables of database ${of.database} does not go with the parts of them that are published`,
      why: 'once they are published production refuses UPDATE and DELETE of them; so nothing of this change was made',
      next: `sql-runner plan ${environment} says what each of them needs`,
    },
  };
}
