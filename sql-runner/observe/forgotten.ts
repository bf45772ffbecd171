import type { SourceContract, Contracts } from '../../contract/contract';
import { databaseNames } from '../postgres/catalog/server';
import { ownMark } from '../model/mark';
import { streamOf, type StreamOf, streamsOf } from '../model/streams';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import type { PublicationCopyFacts } from '../model/inheritable';
import { publicationsOf } from './observe-inheritable';
import { type PlanMode } from '../model/plan';

/**
 * Streams that are ours by the marks of their publications, and that the
 * environment no longer names: a database was taken out of its file, or a name
 * in it was changed. Their slots keep WAL until somebody thinks of them.
 */
export function forgottenAmong(
  contract: SourceContract,
  publications: readonly Pick<PublicationCopyFacts, 'database' | 'name' | 'comment'>[],
): StreamOf[] {
  const known = new Set(streamsOf(contract).map((of) => `${of.database} ${of.stream.publication}`));
  return publications.flatMap(({ database, name, comment }) => {
    const mark = ownMark(comment, 'publication', contract.environment);
    if (mark === null || known.has(`${database} ${name}`)) return [];
    // The three have one name (contract/naming.ts); the slot's is also in the mark.
    return [streamOf(database, { publication: name, slot: mark.slot, subscription: name, selection: { kind: 'all' } })];
  });
}

async function forgottenStreams(connections: Connections): Promise<StreamOf[]> {
  const reading = connections.reading();
  const databases = new Set(await reading.ask(await reading.first('source'), databaseNames));
  return forgottenAmong(connections.contracts.source, await publicationsOf(reading, 'source', databases));
}

/** For a teardown and a reset, the environment with all that it has ever had. */
export async function connectionsFor(open: Open, contracts: Contracts, mode: PlanMode): Promise<Connections> {
  if (mode !== 'teardown' && mode !== 'reset') return open(contracts);
  const connects = mode === 'reset';
  const connections = open(contracts, connects);
  const streams = await forgottenStreams(connections).catch(async (error: unknown) => {
    await connections.close();
    throw error;
  });
  if (streams.length === 0) return connections;
  await connections.close();
  return open({ ...contracts, source: withStreams(contracts.source, streams) }, connects, streams);
}

function withStreams(contract: SourceContract, streams: readonly StreamOf[]): SourceContract {
  const links = new Map(contract.links.map(({ database, streams }) => [database, [...streams]]));
  for (const { database, stream } of streams) links.set(database, [...(links.get(database) ?? []), stream]);
  return { ...contract, links: [...links].map(([database, streams]) => ({ database, streams })) };
}

/** The environment as its file names it. */
export function namedIn({ contracts, forgotten }: Connections): SourceContract {
  const left = new Set(forgotten.map((of) => of.stream));
  const links = contracts.source.links.map(({ database, streams }) => {
    return { database, streams: streams.filter((stream) => !left.has(stream)) };
  });
  return { ...contracts.source, links: links.filter(({ streams }) => streams.length > 0) };
}
