import { refusedDefinitions } from '../checks/definition-checks';
import type { Reading } from '../connections/reading';
import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { Observation } from '../model/observation';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import type { DatabaseShapes, UnreadTable } from '../model/survey';
import { displayTable } from '../model/table-selection';
import type { PublicationRows } from '../postgres/catalog/publications';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { tableDigests } from '../postgres/catalog/table-digests';
import { userTypes } from '../postgres/catalog/user-types';
import { databaseShapes } from './survey-shapes';

export interface DefinitionsSeen {
  /** By subscription: what plan refuses. */
  readonly refused: ReadonlyMap<string, readonly Finding[]>;
  /** What could not be looked at. Sentences without full stop. */
  readonly unlooked: readonly string[];
}

/**
 * What plan refuses of definitions, of streams that have begun. All of them are read where that which is read of every
 * publication anyway tells that some may differ, and nowhere else: so a look at streams that are well costs nothing.
 */
export async function differingDefinitions(reading: Reading, observation: Observation): Promise<DefinitionsSeen> {
  const contract = reading.contracts.source;
  const differing = streamFacts(contract, observation).filter(
    (of) => of.subscriptionMark !== null && mayDiffer(of.publication?.rows, of.inherited?.rows),
  );
  const seen = await Promise.all(
    differing.map(async (of) => {
      const own = alone(contract, of);
      return { of, own, shapes: await shapesOf(reading, own, of) };
    }),
  );
  const refused = seen.map(
    ({ of, own, shapes }) => [of.stream.subscription, refusedDefinitions(own, { [of.database]: shapes })] as const,
  );
  return {
    refused: new Map(refused),
    unlooked: seen.flatMap(({ of, shapes }) => shapes.unread.map((table) => unreadWords(of, table))),
  };
}

/** By name: a table that was added to both sides has another number on each. */
function mayDiffer(source: PublicationRows | undefined, inherited: PublicationRows | undefined): boolean {
  if (source === undefined || inherited === undefined) return false;
  const own = new Map(Object.values(inherited.tables).map((table) => [table.name, table]));
  const types = Object.entries(source.types).some(([oid, { defined, name }]) => {
    const here = inherited.types[oid];
    return here === undefined || here.defined !== defined || here.name !== name;
  });
  return (
    types ||
    Object.values(source.tables).some(({ name, defined, keyed }) => {
      const here = own.get(name);
      return here === undefined || here.defined !== defined || here.keyed !== keyed;
    })
  );
}

async function shapesOf(reading: Reading, own: SourceContract, { database }: StreamFacts): Promise<DatabaseShapes> {
  const [source, target] = [{ side: 'source', database } as const, { side: 'target', database } as const];
  const production = reading.at(source, async (ask) => ({
    sent: await ask(sentTables),
    definitions: await ask(tableDigests),
    types: await ask(userTypes),
  }));
  const clone = reading.at(target, async (ask) => ({
    definitions: await ask(tableDigests),
    types: await ask(userTypes),
    invalidIndexes: [],
  }));
  const both = await Promise.all([production, clone]);
  return databaseShapes(
    own,
    database,
    { production: both[0], clone: both[1] },
    {
      source: (reader, ...args) => reading.ask(source, reader, ...args),
      target: (reader, ...args) => reading.ask(target, reader, ...args),
    },
  );
}

function alone(contract: SourceContract, { database, stream }: StreamFacts): SourceContract {
  const links = contract.links.filter((link) => link.database === database);
  return { ...contract, links: links.map((link) => ({ ...link, streams: [stream] })) };
}

const unreadWords = ({ database }: StreamFacts, { side, pid, ...table }: UnreadTable): string =>
  `how table ${displayTable(table)} in database ${database} is defined on the ${side}: ${pid === null ? 'a process' : `process ${pid}`} keeps readers out`;
