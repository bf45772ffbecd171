import type { Guard } from '../model/change';
import type { StreamFacts } from '../model/stream-state';
import type { AddedTable } from '../model/table-notes';
import { displayTable } from '../model/table-selection';

/** The table of the plan, under its name: one that was dropped and made again, or renamed, is another one. */
export function sameTableGuard(of: StreamFacts, table: Pick<AddedTable, 'oid' | 'schema' | 'name'>): Guard {
  return {
    place: of.publisher,
    sql: `SELECT count(*) = 1 AS ok FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid::int8 = $1::int8 AND n.nspname = $2 AND c.relname = $3 AND c.relkind = 'r' AND c.relpersistence = 'p'
   AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid OR h.inhparent = c.oid)`,
    values: [String(table.oid), table.schema, table.name],
    refusal: {
      code: 'NEW_TABLE_MOVED',
      seen: `table ${displayTable(table)} in database ${of.database} is no longer as it was planned with`,
      why: 'it was dropped, renamed or made another kind of table meanwhile; nothing of this change was made',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

export function mayCopy(of: StreamFacts, role: string, table: AddedTable): Guard {
  return {
    place: of.publisher,
    sql: `SELECT has_schema_privilege($1, n.oid, 'USAGE') AND has_table_privilege($1, c.oid, 'SELECT') AS ok
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid::int8 = $2::int8`,
    values: [role, String(table.oid)],
    refusal: {
      code: 'NEW_TABLE_MOVED',
      seen: `the login could not give ${role} the right to read ${displayTable(table)} in database ${of.database}`,
      why: 'without it the copy fails and begins anew for ever; nothing of this change was made',
      next: 'let the owner of its schema allow the login to give others the right to use it, and run the same command again',
    },
  };
}

/** The partition of the plan, under its name: one that was dropped, renamed or detached is another table. */
export function partitionGuard(of: StreamFacts, table: Pick<AddedTable, 'oid' | 'schema' | 'name'>): Guard {
  return {
    place: of.publisher,
    sql: `SELECT count(*) = 1 AS ok FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid::int8 = $1::int8 AND n.nspname = $2 AND c.relname = $3 AND c.relkind = 'r' AND c.relpersistence = 'p' AND c.relispartition`,
    values: [String(table.oid), table.schema, table.name],
    refusal: {
      code: 'NEW_TABLE_MOVED',
      seen: `partition ${displayTable(table)} in database ${of.database} is no longer as it was planned with`,
      why: 'it was dropped, renamed, detached or made another kind of table meanwhile; nothing of this change was made',
      next: 'run sql-runner plan to see where it stands',
    },
  };
}

/**
 * The partitioned table of the plan, under its name, with exactly the partitions that were made on the clone: one more would
 * be published with it, and stop the stream at its first row.
 */
export function sameTreeGuard(
  of: StreamFacts,
  table: Pick<AddedTable, 'oid' | 'schema' | 'name'>,
  below: readonly number[],
): Guard {
  return {
    place: of.publisher,
    sql: `WITH RECURSIVE below AS (
  SELECT $1::oid AS relid UNION ALL SELECT i.inhrelid FROM below b JOIN pg_inherits i ON i.inhparent = b.relid
   AND coalesce(to_jsonb(i) ->> 'inhdetachpending', 'false') = 'false')
SELECT (SELECT count(*) = 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = $1::oid AND n.nspname = $2 AND c.relname = $3 AND c.relkind = 'p' AND NOT c.relispartition)
   AND coalesce((SELECT array_agg(b.relid::int8 ORDER BY b.relid::int8) FROM below b WHERE b.relid <> $1::oid), '{}') = $4::int8[]
   AND NOT EXISTS (SELECT FROM below b JOIN pg_class c ON c.oid = b.relid WHERE c.relkind NOT IN ('r', 'p') OR c.relpersistence <> 'p') AS ok`,
    values: [String(table.oid), table.schema, table.name, `{${below.toSorted((a, b) => a - b).join(',')}}`],
    refusal: {
      code: 'NEW_TABLE_MOVED',
      seen: `partitioned table ${displayTable(table)} in database ${of.database}, or its partitions, are no longer as they were planned with`,
      why: 'one was made, attached, detached, dropped or renamed meanwhile; nothing of this change was made',
      next: 'run the same command again, which goes on with those that are there',
    },
  };
}
