import type { SourceContract } from '../../contract/contract';
import type { Ask } from '../connections/reading';
import type { TargetDatabaseFacts } from '../model/observation';
import { subscriptionMark } from '../model/stream-state';
import { streamsOf } from '../model/streams';
import { replicaTriggers } from '../postgres/catalog/apply-obstacles';
import { publications } from '../postgres/catalog/publications';
import { sequencesInBrief } from '../postgres/catalog/sequences';
import { NO_TARGET_DATABASE, observeTargetStreams, publicationFacts, readWritten } from './observe-database';
import { readHeartbeats } from './observe-heartbeats';
import { takenTables } from './taken-tables';
import { withUnread } from './unread';

/**
 * What status shows of a database on the clone.
 * @param ask null: there is no such database
 */
export async function readSubscriber(
  ask: Ask | null,
  contract: SourceContract,
  database: string,
  countsItsOwn: boolean,
): Promise<TargetDatabaseFacts> {
  if (ask === null) return NO_TARGET_DATABASE;
  const [published, ofStreams] = await Promise.all([
    ask(publications),
    readStreams(ask, contract, database, countsItsOwn),
    // For rewriting-triggers.ts: asked later, where this session has made way for others, it would be one more login.
    ask(replicaTriggers),
  ]);
  // For sequences-seen.ts, as above.
  if (Object.values(ofStreams.streams ?? {}).some(({ subscription }) => subscription !== null))
    await ask(sequencesInBrief);
  const facts = { exists: true, publications: published.map(publicationFacts), ...ofStreams };
  return withUnread<TargetDatabaseFacts>(facts, [
    'heartbeatsElsewhere',
    'heartbeatsOfOthers',
    'connectGrant',
    'runHistory',
    'taken',
    'heartbeats',
    'writtenTables',
    'writesAreCertain',
  ]);
}

/** The origins before the beats: what an origin has passed is there by then, see resources/history.ts. */
async function readStreams(
  ask: Ask,
  contract: SourceContract,
  database: string,
  countsItsOwn: boolean,
): Promise<Partial<TargetDatabaseFacts>> {
  const here = streamsOf(contract).filter((of) => of.database === database);
  const streams = await observeTargetStreams(ask, database, here);
  const present = Object.values(streams).flatMap(({ subscription }) => subscription ?? []);
  const ours = Object.values(streams).map(({ subscription }) => subscriptionMark(contract, subscription) !== null);
  const [beats, written, taken] = await Promise.all([
    ours.includes(true)
      ? readHeartbeats(
          ask,
          here.map((of) => of.stream.publication),
        )
      : null,
    ours.includes(false) ? readWritten(ask, countsItsOwn) : {},
    present.length > 0 ? takenTables(ask) : null,
  ]);
  return {
    streams,
    ...(beats === null ? {} : { heartbeats: beats }),
    ...written,
    ...(taken === null ? {} : { taken }),
  };
}
