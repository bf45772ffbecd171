import type { SourceContract, Stream } from '../../contract/contract';
import type { Place } from './address';
import type { TableName } from './observation';
import type { CatalogTable } from '../postgres/catalog/tables';
import { HEARTBEAT_TABLE } from '../../contract/naming';
import { isSelected, selectTables } from './table-selection';
import { tableKey } from './table-index';
import { TableTree } from './table-tree';
import type { Scope } from './survey';
import type { SourceSurvey } from './survey';

/** A stream together with the database it belongs to. */
export interface StreamOf {
  readonly database: string;
  readonly stream: Stream;
  /** Where its publication and its slot are. */
  readonly publisher: Place;
  /** Where its subscription and the origin of that are. */
  readonly subscriber: Place;
}

/** From production to the clone, as all streams go. */
export function streamOf(database: string, stream: Stream): StreamOf {
  return {
    database,
    stream,
    publisher: { side: 'source', database },
    subscriber: { side: 'target', database },
  };
}

export function streamsOf(contract: SourceContract): StreamOf[] {
  return contract.links.flatMap((link) => link.streams.map((stream) => streamOf(link.database, stream)));
}

/** Streams whose slot does not exist yet. */
export function withoutSlot(contract: SourceContract, source: SourceSurvey): StreamOf[] {
  return streamsOf(contract).filter((of) => !source.slots.some((slot) => slot.name === of.stream.slot));
}

/** A table, and the partitioned one that it is a part of, by which a selection names it. */
export interface Rooted extends TableName {
  readonly rootSchema?: string;
  readonly rootName?: string;
}

/**
 * Which tables of a database our streams replicate. Once the clone is connected that is what is sent and what is taken,
 * whatever the environment selects by now: a table that it selects no longer is in the same danger as before, and one
 * that came later in none.
 */
export function replicatedBy(
  { contract, connected, source, target }: Scope,
  database: string,
): (table: Rooted) => boolean {
  const tables = source?.databases[database]?.tables;
  const flowing = flowingIn({ contract, source, target }, database);
  // How a heartbeat has to be resources/altered-heartbeat.ts knows, and says what to do.
  const isBeat = (table: Rooted) => isHeartbeat(contract, database, table);
  if (connected && tables !== undefined) return (table) => flowing.has(tableKey(table)) && !isBeat(table);
  // Before, or where one of both sides cannot be reached: what is known to flow, and what would.
  const selected = selectedIn(contract, database, tables);
  return (table) => {
    const root = { schema: table.rootSchema ?? table.schema, name: table.rootName ?? table.name };
    return !isBeat(table) && (flowing.has(tableKey(table)) || selected(table) || selected(root));
  };
}

/** What publications of ours send and subscriptions of ours take, with the partitioned tables above. */
function flowingIn({ contract, source, target }: Pick<Scope, 'contract' | 'source' | 'target'>, database: string) {
  const streams = streamsOf(contract).filter((of) => of.database === database);
  const publications = new Set(streams.map(({ stream }) => stream.publication));
  const subscriptions = new Set(streams.map(({ stream }) => stream.subscription));
  const sent = source?.databases[database]?.sent.filter(({ publication }) => publications.has(publication)) ?? [];
  const taken = target?.databases[database]?.taken.filter(({ subscription }) => subscriptions.has(subscription)) ?? [];
  const flowing = new Set([...sent, ...taken].map(tableKey));
  const tree = new TableTree(source?.databases[database]?.tables ?? []);
  for (const leaf of sent) {
    let above = tree.find(leaf);
    while (above !== undefined) {
      flowing.add(tableKey(above));
      above = above.partition ? tree.find(above.parents[0]!) : undefined;
    }
  }
  return flowing;
}

/** By its own name, what it is a part of, or what it inherits from; by name alone where the source does not have it. */
function selectedIn(
  contract: SourceContract,
  database: string,
  tables: readonly CatalogTable[] | undefined,
): (table: TableName) => boolean {
  const byName = (table: TableName): boolean => streamsFor(contract, database, table).length > 0;
  if (tables === undefined) return byName;
  const tree = new TableTree(tables);
  const streams = streamsOf(contract).filter((of) => of.database === database);
  const named = streams.flatMap(({ stream }) => selectTables(stream.selection, tables));
  const selected = new Set([...named, ...named.flatMap((table) => tree.leaves(table))].map(tableKey));
  return (table) => (tree.find(table) === undefined ? byName(table) : selected.has(tableKey(table)));
}

export function streamsFor(contract: SourceContract, database: string, table: TableName): StreamOf[] {
  // Asked for each table of each database: the streams of all others are not looked through every time.
  const links = contract.links.filter((link) => link.database === database);
  return links
    .flatMap((link) => link.streams.map((stream) => streamOf(database, stream)))
    .filter((of) => isSelected(of.stream.selection, table));
}

/** Whether it is the table of a heartbeat of ours, by its name. */
export function isHeartbeat(contract: SourceContract, database: string, { schema, name }: TableName): boolean {
  return name === HEARTBEAT_TABLE && isOfHeartbeat(contract, database, schema);
}

function isOfHeartbeat(contract: SourceContract, database: string, schema: string): boolean {
  return streamsOf(contract).some((of) => of.database === database && of.stream.publication === schema);
}

/** Whether any stream of the database may replicate a table of the schema. */
export function usesSchema(contract: SourceContract, database: string, schema: string): boolean {
  if (isOfHeartbeat(contract, database, schema)) return false;
  return streamsOf(contract)
    .filter((of) => of.database === database)
    .some(({ stream: { selection } }) => {
      if (selection.kind === 'all') return true;
      if (selection.kind === 'schemas') return selection.schemas.includes(schema);
      return selection.tables.some((table) => table.schema === schema);
    });
}

/**
 * What a deploy of the target needs besides, where its stack was destroyed before: that leaves the share, which only the
 * source can offer again (resource_share_accepter.go: delete is DisassociateResourceShare, create wants an invitation).
 * Nobody can see from here whether it was.
 */
export const sharedAgain = ({ stacks }: SourceContract): string =>
  `where ${stacks.target} was destroyed, first cdktf deploy ${stacks.source}, which shares the cluster with its account again`;

/** What to do when a clone can no longer be aligned: the order of commands that makes a new one. */
export function newClone(contract: SourceContract): string {
  const { environment, stacks } = contract;
  return `make a new clone: sql-runner reset ${environment}, then cdktf deploy ${stacks.target}, then sql-runner apply ${environment}`;
}
