import type { SourceContract } from '../../stacks/contract';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import { databaseNames } from '../postgres/catalog/server';
import { ownMark } from '../resources/mark';
import type { StreamOf } from './change';
import { Connections, type Contracts } from './connections';
import { firstExisting } from './first-existing';
import { streamsOf, type PlanMode } from './plan';

/**
 * Streams that are ours by the marks of their publications, and that the
 * environment no longer names: a database was taken out of its file, or a name
 * in it was changed. Their slots keep WAL until somebody thinks of them.
 */
export async function forgottenStreams(connections: Connections): Promise<StreamOf[]> {
  const contract = connections.contracts.source;
  const session = await connections.reader(await firstExisting(connections, 'source'));
  // RDS keeps rdsadmin to itself.
  const databases = (await databaseNames(session)).filter((name) => name !== 'rdsadmin');
  const found = databases.map((database) =>
    connections.use({ side: 'source', database }, async (own) => {
      const publications = await publicationIdentities(own);
      return publications.flatMap((publication) => forgotten(contract, database, publication));
    }),
  );
  return (await Promise.all(found)).flat();
}

function forgotten(
  contract: SourceContract,
  database: string,
  { name, comment }: { readonly name: string; readonly comment: string | null },
): StreamOf[] {
  const mark = ownMark(comment, 'publication', contract.environment);
  const isKnown = streamsOf(contract).some((of) => of.database === database && of.stream.publication === name);
  if (mark === null || isKnown) return [];
  // The three have one name (environments/naming.ts); the slot's is also in the mark.
  return [{ database, stream: { publication: name, slot: mark.slot, subscription: name, selection: { kind: 'all' } } }];
}

/** For a teardown, the environment with all that it has ever had. */
export async function connectionsFor(contracts: Contracts, mode: PlanMode): Promise<Connections> {
  const connections = new Connections(contracts);
  if (mode !== 'teardown') return connections;
  const streams = await forgottenStreams(connections).catch(async (error: unknown) => {
    await connections.close();
    throw error;
  });
  if (streams.length === 0) return connections;
  await connections.close();
  return new Connections({ ...contracts, source: withStreams(contracts.source, streams) });
}

function withStreams(contract: SourceContract, streams: readonly StreamOf[]): SourceContract {
  const links = new Map(contract.links.map(({ database, streams }) => [database, [...streams]]));
  for (const { database, stream } of streams) links.set(database, [...(links.get(database) ?? []), stream]);
  return { ...contract, links: [...links].map(([database, streams]) => ({ database, streams })) };
}
