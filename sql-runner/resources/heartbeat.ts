import { HEARTBEAT_TABLE } from '../../contract/naming';
import type { SourceContract } from '../../contract/contract';
import { block, NOTHING, propose, sqlChange, type Proposal, type Refusal } from '../model/change';
import type { HeartbeatFacts } from '../model/heartbeat-facts';
import type { SourceObservation, TargetObservation } from '../model/observation';
import { quoteIdent, quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { formatMark, ownMark } from '../model/mark';
import type { StreamOf } from '../model/streams';

/**
 * A small table of ours that is part of the stream's publication. Each beat has
 * a random id and names the one before, so that what both sides hold tells
 * whether they have one history; see history.ts. It is made before the
 * publication, so that the clone brings it along.
 */
export const HEARTBEAT_COLUMNS =
  '(id uuid PRIMARY KEY, previous uuid, number bigint NOT NULL, at timestamptz NOT NULL, lsn pg_lsn NOT NULL, passed pg_lsn)';

export const heartbeatTable = (of: StreamOf) => ({ schema: of.stream.publication, name: HEARTBEAT_TABLE });

/** The heartbeat of a stream on one side; null: it has none (or not ours), as all had that were made before there were any. */
export function heartbeatOf(
  contract: SourceContract,
  side: SourceObservation | TargetObservation,
  of: StreamOf,
): HeartbeatFacts | null {
  const found = findSchema(side, of);
  return found !== null && ownMark(found.comment, 'heartbeat', contract.environment) !== null ? found : null;
}

function findSchema(side: SourceObservation | TargetObservation, of: StreamOf): HeartbeatFacts | null {
  const all = side.databases[of.database]?.heartbeats ?? [];
  return all.find(({ schema }) => schema === of.stream.publication) ?? null;
}

/** @param open no ticket closes the list of tables yet: a heartbeat that came later would not be on the clone */
export function planHeartbeat(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamOf,
  open: boolean,
): Proposal {
  if (!open || heartbeatOf(contract, source, of) !== null) return NOTHING;
  const elsewhere = source.databases[of.database]?.heartbeatsElsewhere ?? [];
  // findRenamedHeartbeats has spoken.
  if (elsewhere.some(({ schema, table }) => table !== null || schema !== of.stream.publication)) return NOTHING;
  const there = findSchema(source, of);
  // Ours by its mark, which stays where only the table was dropped.
  const isLeft = there !== null && there.taken !== true && elsewhere.length > 0;
  if (there !== null && !isLeft) return block(nameTaken(of));
  const { schema } = heartbeatTable(of);
  const table = quoteQualified(heartbeatTable(of));
  const mark = quoteLiteral(formatMark({ kind: 'heartbeat', environment: contract.environment }));
  return propose([
    sqlChange({
      address: { ...of.publisher, kind: 'heartbeat', name: schema },
      action: 'create',
      reason: 'a small table of our own: what arrives of it on the clone proves that nothing before it was skipped',
      place: of.publisher,
      guards: [],
      statements: [
        ...(isLeft
          ? []
          : [
              { text: `CREATE SCHEMA ${quoteIdent(schema)}` },
              { text: `COMMENT ON SCHEMA ${quoteIdent(schema)} IS ${mark}` },
            ]),
        {
          text: `CREATE TABLE ${table} ${HEARTBEAT_COLUMNS}`,
        },
        { text: `COMMENT ON TABLE ${table} IS ${mark}` },
      ],
    }),
  ]);
}

function nameTaken(of: StreamOf): Refusal {
  const { schema } = heartbeatTable(of);
  return {
    code: 'HEARTBEAT_NAME_TAKEN',
    seen: `schema ${schema} in database ${of.database} exists on the source, and no heartbeat of ours is in it`,
    why: 'sql-runner keeps a small table of its own in a schema of that name, and touches nothing that is not its own',
    next: `rename the environment or, if the schema is empty and nobody needs it, in database ${of.database} on the source: DROP SCHEMA ${quoteIdent(schema)};`,
  };
}

/** Teardown: after the publication that it is part of. That of the clone: see clone-leftovers.ts. */
export function planHeartbeatDrop(contract: SourceContract, source: SourceObservation, of: StreamOf): Proposal {
  if (heartbeatOf(contract, source, of) === null) return NOTHING;
  const { schema } = heartbeatTable(of);
  return propose([
    sqlChange({
      address: { ...of.publisher, kind: 'heartbeat', name: schema },
      action: 'delete',
      reason: 'no publication sends it any more',
      place: of.publisher,
      guards: [],
      statements: [
        { text: `DROP TABLE ${quoteQualified(heartbeatTable(of))}` },
        { text: `DROP SCHEMA ${quoteIdent(schema)}` },
      ],
    }),
  ]);
}
