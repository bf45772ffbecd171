import type { SourceContract } from '../../../contract/contract';
import { acknowledge } from '../../checks/acknowledge';
import { checkNewPartitions } from '../../checks/new-partitions';
import type { Finding } from '../../model/change';
import type { NewTableFacts } from '../../model/new-tables';
import type { SourceDatabaseFacts, SourceObservation } from '../../model/observation';
import type { StreamFacts } from '../../model/stream-state';
import { displayTable } from '../../model/table-selection';
import type { TableTree } from '../../model/table-tree';
import type { Doubt } from './doubt';
import { doubtAsPartition } from './new-partition';
import { doubtAsTable, ofExtension } from './new-table';
import { identityMissing, ownershipMissing } from './selected-tables';

type CatalogTable = SourceDatabaseFacts['tables'][number];

/**
 * Why a partitioned table cannot be added to a stream that follows, with all its partitions; none: it can. It is published as
 * a whole: so where one of them cannot be added, nothing of it is. What production would suffer by comes first.
 * @param facts of the table and of all that is below, as they are when each is made
 */
export function refusedNewRoot(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  { table, tree, facts }: { table: CatalogTable; tree: TableTree; facts: readonly NewTableFacts[] },
): Finding[] {
  const parts = tree.partsOf(table);
  const gates = [
    ...(table.mayPublish ? [] : ownershipMissing(contract, of, source, [table])),
    ...parts.filter(({ identityFault }) => identityFault !== null).map((part) => identityMissing(of, part)),
    ...acknowledge(contract, checkNewPartitions(contract, of, [table], tree)).filter(
      ({ severity }) => severity === 'block',
    ),
  ];
  if (gates.length > 0) return gates.map(({ stops: _, ...finding }) => ({ ...finding, severity: 'warn' }));
  const doubt = doubtOf(contract, source, of, table, parts, facts);
  if (doubt === null) return [];
  return [
    {
      code: 'NEW_TABLE_NOT_ADDED',
      severity: 'warn',
      seen: `partitioned table ${displayTable(table)} in database ${of.database} came on the source since the clone was taken, and is not added: ${doubt.seen}`,
      why: doubt.why,
      next: `${doubt.next}, then sql-runner apply ${contract.environment}; it is part of the next clone as well`,
    },
  ];
}

function doubtOf(
  contract: SourceContract,
  source: SourceObservation,
  of: StreamFacts,
  table: CatalogTable,
  parts: readonly CatalogTable[],
  facts: readonly NewTableFacts[],
): Doubt | null {
  const factsOf = ({ oid }: CatalogTable) => facts.find((one) => one.oid === oid);
  const own =
    ofExtension(table) ??
    ofLocks(source, parts.length) ??
    doubtAsTable(contract, source, of, factsOf(table), (definition) => ({ ...definition, inherits: false }));
  if (own !== null) return own;
  for (const part of parts) {
    const doubt = ofItself(of, part) ?? doubtAsPartition(contract, source, of, part, factsOf(part));
    if (doubt !== null) return { ...doubt, seen: `of its partition ${displayTable(part)}: ${doubt.seen}` };
  }
  return null;
}

/** Of one that is sent already, or was when the clone was taken, the clone has rows that the copy would come beside. */
function ofItself({ publication, inherited }: StreamFacts, { oid, persistence }: CatalogTable): Doubt | null {
  if (persistence !== 'permanent')
    return {
      seen: 'it is unlogged',
      why: 'what it takes is never sent, and it would be published with its table',
      next: 'set it LOGGED on the source, or detach it',
    };
  const isSent = [publication, inherited].some((one) => one?.rows?.tables[String(oid)] !== undefined);
  if (!isSent) return null;
  return {
    seen: 'it is replicated by itself, or was when the clone was taken',
    why: 'the clone has its rows, and its table is published with all its partitions or not at all',
    next: 'name the other partitions one by one in databases[].tables of the environment file',
  };
}

/** What is left for everybody else while it is published: three quarters, as for a publication; see checks/lock-room.ts. */
const SHARE = 4;

function ofLocks({ server }: SourceObservation, parts: number): Doubt | null {
  const room = server.lockers * server.maxLocksPerTransaction;
  if ((parts + 1) * SHARE <= room) return null;
  return {
    seen: `it has ${parts} partitions, which are locked for the moment in which it is published, and all sessions of the source together have room for about ${room} locks`,
    why: 'meanwhile statements of production could fail with "out of shared memory"',
    next: `set max_locks_per_transaction to ${Math.ceil(((parts + 1) * SHARE) / server.lockers)} or more on the source`,
  };
}
