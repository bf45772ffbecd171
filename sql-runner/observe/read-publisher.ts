import type { SourceContract } from '../../contract/contract';
import type { Ask } from '../connections/reading';
import type { PublicationFacts, SourceDatabaseFacts, TargetDatabaseFacts } from '../model/observation';
import { followedBy } from '../model/added-tables';
import { subscriptionMark } from '../model/stream-state';
import { streamsOf } from '../model/streams';
import { connectGrant } from '../postgres/catalog/database-grants';
import { OF_SOURCE_DATABASE } from '../postgres/catalog/observed';
import { publications } from '../postgres/catalog/publications';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { sequencesInBrief } from '../postgres/catalog/sequences';
import { catalogTables } from '../postgres/catalog/tables';
import { isSafeToWrite, sentBy } from '../resources/published';
import { tablesLeft } from '../resources/publication-drift';
import { partitionsMadeAgain } from '../resources/publication-rows';
import { renamedTables } from '../resources/swapped-tables';
import { NO_SOURCE_DATABASE, publicationFacts } from './observe-database';
import { readHeartbeats } from './observe-heartbeats';
import { withUnread } from './unread';

/**
 * What status shows of a database on the source.
 * @param ask null: there is no such database
 * @param there the same on the clone, which is read before; undefined: there is no clone
 */
export async function readPublisher(
  ask: Ask | null,
  contract: SourceContract,
  there: Pick<TargetDatabaseFacts, 'streams' | 'publications'> | undefined,
): Promise<SourceDatabaseFacts> {
  const ofPlans = Object.keys(OF_SOURCE_DATABASE) as (keyof typeof OF_SOURCE_DATABASE)[];
  if (ask === null) return NO_SOURCE_DATABASE;
  const names = new Set(streamsOf(contract).map(({ stream }) => stream.publication));
  const begun = hasBegun(contract, there);
  const [all, grant, heartbeats] = await Promise.all([
    ask(publications),
    ask(connectGrant, contract.replication.role),
    begun ? readHeartbeats(ask, [...names]) : null,
  ]);
  const published = all.map(publicationFacts);
  const ours = published.filter(({ name }) => names.has(name));
  const isSubscribed = Object.values(there?.streams ?? {}).some(({ subscription }) => subscription !== null);
  // Each question that is asked later, where this session has made way for others, would be one more login.
  if (isSubscribed && ours.some((one) => sentBy(one) === null)) await ask(sentTables);
  if (isSubscribed) await ask(sequencesInBrief);
  return withUnread<SourceDatabaseFacts>(
    {
      exists: true,
      publications: published,
      connectGrant: grant,
      // Most of what it would cost to look at a database. What is not read is not judged: see withUnread.
      ...(tablesMatter(ours, inheritedIn(contract, ours, there)) ? { tables: await ask(catalogTables) } : {}),
      ...(heartbeats === null ? {} : { heartbeats }),
    },
    [...ofPlans, 'heartbeatsElsewhere', 'heartbeatsOfOthers', 'tables', 'heartbeats'],
  );
}

/** A subscription of ours is in it: its stream is judged by its history. Of others it is told whether they may begin. */
function hasBegun(contract: SourceContract, facts: Pick<TargetDatabaseFacts, 'streams'> | undefined): boolean {
  return Object.values(facts?.streams ?? {}).some(
    ({ subscription }) => subscriptionMark(contract, subscription) !== null,
  );
}

/** What the clone has of each, with what was added to it since. */
function inheritedIn(
  contract: SourceContract,
  ours: readonly PublicationFacts[],
  there: Pick<TargetDatabaseFacts, 'streams' | 'publications'> | undefined,
): PublicationFacts[] {
  const streams = streamsOf(contract).map(({ stream }) => stream);
  return (there?.publications ?? []).map((copy) => {
    const names = streams
      .filter(({ publication }) => publication === copy.name)
      .map(({ subscription }) => subscription);
    const found = names.map((name) => there!.streams[name]?.subscription ?? null).find((one) => one !== null) ?? null;
    const own = ours.find(({ name }) => name === copy.name) ?? null;
    return followedBy(copy, own, subscriptionMark(contract, found))!;
  });
}

/**
 * Where production may refuse writes because of a publication of ours, another table has the name of one of its own, or
 * one has left it and may be there still.
 */
function tablesMatter(ours: readonly PublicationFacts[], inherited: readonly PublicationFacts[]): boolean {
  return ours.some((one) => {
    const copy = inherited.find(({ name }) => name === one.name) ?? null;
    const moved = copy !== null && [...renamedTables(one, copy), ...tablesLeft(one, copy)].length > 0;
    return moved || partitionsMadeAgain(one, copy).size > 0 || !isSafeToWrite(one);
  });
}
