import type { Link, SourceContract, Side } from '../../contract/contract';
import { propose, sqlChange, type Finding, type Proposal } from '../model/change';
import type { HeartbeatElsewhere } from '../model/heartbeat-facts';
import type { SourceObservation, TargetObservation } from '../model/observation';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { heartbeatTable } from './heartbeat';
import { displayTable } from '../model/table-selection';
import { HEARTBEAT_TABLE } from '../../contract/naming';
import { streamOf, type StreamOf } from '../model/streams';

type Elsewhere = { readonly heartbeatsElsewhere?: readonly HeartbeatElsewhere[] };
type Observed = Pick<SourceObservation | TargetObservation, 'databases'>;

const shown = ({ schema, table }: HeartbeatElsewhere): string =>
  table === null ? `schema ${schema}` : `table ${displayTable({ schema, name: table })}`;

/** All but a schema that has its name, and from which the table has gone. */
function movedAway(observed: Observed, of: StreamOf): HeartbeatElsewhere[] {
  const all = observed.databases[of.database]?.heartbeatsElsewhere ?? [];
  return all.filter(({ schema, table }) => table !== null || schema !== of.stream.publication);
}

export const hasMovedAway = (observed: Observed, of: StreamOf): boolean => movedAway(observed, of).length > 0;

/** The stream that it is of: the one whose heartbeat is not in its place; of several, the first. */
function streamMissing({ database, streams }: Link, observed: Observed): StreamOf {
  const facts = observed.databases[database]?.heartbeats ?? [];
  const inPlace = new Set(facts.filter(({ comment }) => comment !== null).map(({ schema }) => schema));
  return streamOf(database, streams.find(({ publication }) => !inPlace.has(publication)) ?? streams[0]!);
}

/**
 * A heartbeat with our mark under another name. No beat is sent by it, and on one side alone the next beat would stop
 * the apply worker, which finds tables by name.
 */
export function findRenamedHeartbeats(contract: SourceContract, observed: Observed, side: Side): Finding[] {
  return contract.links.flatMap((link) => {
    const { database } = link;
    const of = streamMissing(link, observed);
    const elsewhere = movedAway(observed, of);
    if (elsewhere.length === 0) return [];
    const home = heartbeatTable(of);
    const where = side === 'source' ? 'source' : 'clone';
    return [
      {
        code: 'HEARTBEAT_RENAMED',
        severity: 'block',
        stops: ['publish', 'slot', 'ticket', 'connect'],
        seen: `${elsewhere.map(shown).join(' and ')} in database ${database} on the ${where} carries the mark of the heartbeat, which is ${displayTable(home)} by its right name`,
        why: 'the beats that prove that nothing was skipped are written and found by that name; where the two sides differ in it, the next one stops the apply worker',
        next: `give it its name again, in database ${database} on the ${where}: ${putBack(elsewhere, home).join(' ')}`,
      },
    ];
  });
}

function putBack(elsewhere: readonly HeartbeatElsewhere[], home: ReturnType<typeof heartbeatTable>): string[] {
  const schema = elsewhere.find(({ table }) => table === null)?.schema ?? null;
  const table = elsewhere.find((one) => one.table !== null);
  const now = table === undefined || table.schema === schema ? home.schema : table.schema;
  const name = table?.table ?? HEARTBEAT_TABLE;
  return [
    ...(schema === null ? [] : [`ALTER SCHEMA ${quoteIdent(schema)} RENAME TO ${quoteIdent(home.schema)};`]),
    ...(now === home.schema
      ? []
      : [`ALTER TABLE ${quoteQualified({ schema: now, name })} SET SCHEMA ${quoteIdent(home.schema)};`]),
    ...(name === HEARTBEAT_TABLE
      ? []
      : [`ALTER TABLE ${quoteQualified({ schema: home.schema, name })} RENAME TO ${quoteIdent(HEARTBEAT_TABLE)};`]),
  ];
}

/** Teardown, on either side: after the publication that the table is part of. */
export function planRenamedHeartbeatDrop(observed: Observed, side: Side): Proposal {
  return propose(
    Object.entries<Elsewhere>(observed.databases).flatMap(([database, { heartbeatsElsewhere: elsewhere = [] }]) => {
      if (elsewhere.length === 0) return [];
      const drops = [
        ...elsewhere.flatMap(({ schema, table }) =>
          table === null ? [] : [{ text: `DROP TABLE ${quoteQualified({ schema, name: table })}` }],
        ),
        ...elsewhere.flatMap(({ schema, table }) =>
          table === null ? [{ text: `DROP SCHEMA ${quoteIdent(schema)}` }] : [],
        ),
      ];
      return [
        sqlChange({
          address: { side, database, kind: 'renamed-heartbeat' },
          action: 'delete',
          reason: 'it carries the mark of the heartbeat, under another name',
          place: { side, database },
          guards: [],
          statements: drops,
        }),
      ];
    }),
  );
}
