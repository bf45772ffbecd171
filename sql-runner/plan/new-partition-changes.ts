import { moved } from '../drift/table-place';
import { changeOf, type Change, type Guard } from '../model/change';
import type { NewTableFacts } from '../model/new-tables';
import type { StreamFacts } from '../model/stream-state';
import { streamOf } from '../model/streams';
import type { AddingTo } from '../model/table-operations';
import type { AddedTable } from '../model/table-notes';
import { displayTable } from '../model/table-selection';
import { isPlaced } from './gates/new-partition';

/**
 * Before 15 a sender that has decoded changes of a table before it was attached takes it for unpublished for as long as it
 * runs: nothing tells it that what is above the table is another one now. Whether it was attached, or filled before that
 * in the same transaction, nothing shows.
 */
export const SENDER_SEES_ATTACH = 150_000;

/** What puts it where it belongs at once; null: it is there, or has to wait for the default partition of the clone. */
export function attaching(facts: NewTableFacts): string | null {
  const { partition: own } = facts;
  return own === undefined || own.hasDefault || isPlaced(own) ? null : placing(facts);
}

/** It takes ACCESS EXCLUSIVE on the table itself and on the default partition, and of the table above what VACUUM takes. */
function placing({ schema, name, partition: own }: NewTableFacts): string {
  const relation = { schema, name };
  const there = { relation, parent: own!.parent, bound: own!.bound, inherits: [] };
  const [attach] = moved(there, { relation, parent: null, bound: null, inherits: [] });
  return attach!;
}

/**
 * The source has moved rows out of its default partition first, or could not have made it. The clone does so with the
 * changes that are on their way, and refuses the partition as long as such rows are in its default one.
 */
export function attachLater(of: StreamFacts, stream: AddingTo, facts: NewTableFacts): Change {
  const { oid, schema, name, partition: own } = facts;
  const attach = placing(facts);
  return changeOf({
    address: { ...of.subscriber, kind: 'partition', name: displayTable(facts) },
    action: 'update',
    reason: `${displayTable(own!.parent)} has a default partition on the clone, which holds its rows until all that is older is applied`,
    preview: ['-- a beat of the stream is waited for on the clone', `${attach};`],
    operation: {
      kind: 'attach-partition',
      stream,
      of: streamOf(of.database, of.stream),
      table: { oid, schema, name },
      attach,
    },
  });
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
