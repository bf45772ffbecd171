import { moved } from '../drift/table-place';
import { changeOf, type Change } from '../model/change';
import type { NewTableFacts } from '../model/new-tables';
import type { StreamFacts } from '../model/stream-state';
import { streamOf } from '../model/streams';
import type { AddingTo } from '../model/table-operations';
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
