import { moved } from '../drift/table-place';
import { changeOf, sqlChange, type Change } from '../model/change';
import type { NewTableFacts } from '../model/new-tables';
import type { StreamFacts } from '../model/stream-state';
import { streamOf } from '../model/streams';
import type { AddingTo } from '../model/table-operations';
import type { AddedTable } from '../model/table-notes';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { partitionGuard } from './added-table-guards';
import { isPlaced } from './gates/new-partition';

/**
 * Only another row of pg_publication_rel has a sender look up again what it sends (rel_sync_cache_publication_cb in
 * pgoutput.c). One that comes and goes in one transaction leaves nothing else, and its lock keeps out no writer. What is
 * written after it is sent for certain, and the copy has what was written before.
 */
export function lookedUpAnew(of: StreamFacts, table: AddedTable): Change {
  const own = quoteQualified(table);
  const alter = `ALTER PUBLICATION ${quoteIdent(of.stream.publication)}`;
  return sqlChange({
    address: { ...of.publisher, kind: 'published-table', name: displayTable(table) },
    action: 'update',
    reason: 'before PostgreSQL 15 a sender that knows it from before it was attached would not send it',
    place: of.publisher,
    guards: [partitionGuard(of, table)],
    statements: [
      { text: `SET LOCAL lock_timeout = '1s'` },
      { text: `${alter} ADD TABLE ONLY ${own}` },
      { text: `${alter} DROP TABLE ONLY ${own}` },
    ],
  });
}

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
