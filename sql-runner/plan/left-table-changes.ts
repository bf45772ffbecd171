import type { SourceContract } from '../../contract/contract';
import { changeOf, type Change } from '../model/change';
import type { AddingTo } from '../model/table-operations';
import type { StreamFacts } from '../model/stream-state';
import { streamOf } from '../model/streams';
import { displayTable } from '../model/table-selection';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { unpublishing } from '../resources/added-table/unpublishing';
import { heartbeatTable } from '../resources/heartbeat';
import { addingTo } from './added-table-changes';
import type { Leaving } from './left-tables';

/**
 * In the order that makes it safe: out of the publication, all that was sent until then applied, out of the
 * subscription. Each looks at what is there, so that a run that was killed is carried on.
 */
export function leavingChanges(contract: SourceContract, of: StreamFacts, leaving: Leaving): Change[] {
  const { deselected, dropped, stale, forgotten } = leaving;
  const stream = addingTo(contract, of);
  const leaves = deselected.length > 0 || dropped.length > 0 || stale;
  if (!leaves && forgotten.length === 0) return [];
  return [
    ...deselected.map((table) => unpublish(of, stream, table)),
    ...(leaves ? [drain(of)] : []),
    leave(of, stream, leaving),
  ];
}

function unpublish(of: StreamFacts, stream: AddingTo, table: Leaving['deselected'][number]): Change {
  const partitioned = table.kind === 'root';
  const again = partitioned ? '; a partitioned table comes again with a new clone only' : '';
  return changeOf({
    address: { ...of.publisher, kind: 'published-table', name: displayTable(table) },
    action: 'delete',
    reason: `the environment does not select it: no change of it is sent any more, and the clone keeps its rows${again}`,
    preview: [
      `-- noted in the mark of subscription ${of.stream.subscription}`,
      ...unpublishing(of.stream.publication, table, partitioned).map((text) => `${text};`),
    ],
    operation: {
      kind: 'unpublish-table',
      stream,
      table: { oid: table.oid, schema: table.schema, name: table.name },
      partitioned,
    },
  });
}

function drain(of: StreamFacts): Change {
  return changeOf({
    address: { ...of.publisher, kind: 'sent-before', name: of.stream.publication },
    action: 'update',
    reason: 'what was sent of it is applied first: once the subscription does not know a table, it skips its changes',
    preview: [`INSERT INTO ${quoteQualified(heartbeatTable(of))} (…);  -- and wait until the clone has it`],
    operation: { kind: 'drain', streams: [streamOf(of.database, of.stream)], onTheWay: true },
  });
}

function leave(of: StreamFacts, stream: AddingTo, { deselected, dropped, stale, forgotten }: Leaving): Change {
  const names = [...deselected, ...dropped].map(displayTable);
  const refreshes = names.length > 0 || stale;
  const gone = dropped.length === 0 ? '' : `; dropped on the source: ${dropped.map(displayTable).join(', ')}`;
  const reason = !refreshes
    ? `${forgotten.map(displayTable).join(', ')}: what was noted of it is so no more`
    : names.length === 0
      ? 'what is not sent any more is not taken any more'
      : `${names.join(', ')}: not taken any more; the clone keeps the rows${gone}`;
  return changeOf({
    address: { ...of.subscriber, kind: 'left-tables', name: of.stream.subscription },
    action: 'update',
    reason,
    preview: [
      ...(refreshes
        ? [`ALTER SUBSCRIPTION ${quoteIdent(of.stream.subscription)} REFRESH PUBLICATION WITH (copy_data = true);`]
        : []),
      `-- noted in the mark of subscription ${of.stream.subscription}`,
    ],
    operation: {
      kind: 'leave-tables',
      stream,
      dropped,
      refreshes,
      forgotten: forgotten.map(({ oid }) => oid),
    },
  });
}
