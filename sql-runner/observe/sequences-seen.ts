import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import type { SequencesSeen } from '../model/sequences';
import { sequences } from '../postgres/catalog/sequences';
import { displayQualified } from '../postgres/text/quoting';
import { pairSequences } from '../resources/sequence-pairs';
import { behindBy } from '../resources/sequence-verdict';
import { subscribed } from './taken-tables';

/** How far the sequences of each database that follows are behind; of one that has none on both sides nothing. */
export async function sequencesSeen(reading: Reading, observation: Observation): Promise<SequencesSeen[]> {
  const databases = [...new Set(subscribed(reading, observation).map(({ database }) => database))];
  const seen = await Promise.all(databases.map((database) => seenIn(reading, database)));
  return seen.filter(({ compared, uncompared }) => compared + uncompared > 0);
}

/** Both are read by then (read-subscriber.ts, read-publisher.ts): the source's last. */
async function seenIn(reading: Reading, database: string): Promise<SequencesSeen> {
  const [clone, source] = await Promise.all([
    reading.ask({ side: 'target', database }, sequences),
    reading.ask({ side: 'source', database }, sequences),
  ]);
  const looked = pairSequences({ source, clone }).pairs.map((pair) => ({
    name: displayQualified(pair.source),
    by: behindBy(pair),
  }));
  const compared = looked.filter(({ by }) => by !== undefined);
  const behind = compared.flatMap(({ name, by }) => (by == null ? [] : [{ name, by }]));
  const [most] = behind.sort((one, other) => (one.by < other.by ? 1 : -1));
  return {
    database,
    compared: compared.length,
    behind: behind.length,
    mostBehind: most === undefined ? null : Number(most.by),
    furthest: most?.name ?? null,
    uncompared: looked.length - compared.length,
  };
}
