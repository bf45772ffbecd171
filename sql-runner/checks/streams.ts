import type { SourceContract } from '../../stacks/contract';
import type { StreamOf } from '../engine/change';
import type { TableFacts, TableName } from '../engine/observation';
import { isSelected, selectTables } from '../resources/table-selection';
import { tableKey } from '../resources/table-index';
import { TableTree } from '../resources/table-tree';
import type { SourceSurvey } from './survey';

export function allStreams(contract: SourceContract): StreamOf[] {
  return contract.links.flatMap((link) => link.streams.map((stream) => ({ database: link.database, stream })));
}

/** Streams whose slot does not exist yet. */
export function withoutSlot(contract: SourceContract, source: SourceSurvey): StreamOf[] {
  return allStreams(contract).filter((of) => !source.slots.some((slot) => slot.name === of.stream.slot));
}

/** Whether any stream of the database replicates the table. */
export function isReplicated(contract: SourceContract, database: string, table: TableName): boolean {
  return streamsFor(contract, database, table).length > 0;
}

export function streamsFor(contract: SourceContract, database: string, table: TableName): StreamOf[] {
  // Asked for each table of each database: the streams of all others are not looked through every time.
  const links = contract.links.filter((link) => link.database === database);
  return links
    .flatMap((link) => link.streams.map((stream) => ({ database, stream })))
    .filter((of) => isSelected(of.stream.selection, table));
}

/** The same for tables of any kind and place: also by what they are parts of, or inherit from. */
export function replicatedIn(
  contract: SourceContract,
  database: string,
  tables: readonly TableFacts[],
): (table: TableName) => boolean {
  const tree = new TableTree(tables);
  const streams = allStreams(contract).filter((of) => of.database === database);
  const named = streams.flatMap(({ stream }) => selectTables(stream.selection, tables));
  const replicated = new Set([...named, ...named.flatMap((table) => tree.leaves(table))].map(tableKey));
  return (table) => replicated.has(tableKey(table));
}

/** Whether any stream of the database may replicate a table of the schema. */
export function usesSchema(contract: SourceContract, database: string, schema: string): boolean {
  return allStreams(contract)
    .filter((of) => of.database === database)
    .some(({ stream: { selection } }) => {
      if (selection.kind === 'all') return true;
      if (selection.kind === 'schemas') return selection.schemas.includes(schema);
      return selection.tables.some((table) => table.schema === schema);
    });
}

/**
 * The values of a group that is still to be attached, or waits for a reboot,
 * are not in effect yet: judging the sizes of before would be about nothing.
 */
export function groupInEffect(contract: SourceContract, { cluster }: SourceSurvey): boolean {
  return cluster.parameterGroup === contract.parameterGroup.name && cluster.parameterGroupStatus === 'in-sync';
}
