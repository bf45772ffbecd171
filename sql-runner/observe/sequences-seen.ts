import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import type { SequencesOfBoth, SequencesSeen } from '../model/sequences';
import { displayTable } from '../model/table-selection';
import { sequences, sequencesInBrief } from '../postgres/catalog/sequences';
import { pairSequences } from '../resources/sequence-pairs';
import { behindBy } from '../resources/sequence-verdict';
import { subscribed } from './taken-tables';

/** How far the sequences of each database that follows are behind; of one that has none on both sides nothing. */
export async function sequencesSeen(reading: Reading, observation: Observation): Promise<SequencesSeen[]> {
  const databases = [...new Set(subscribed(reading, observation).map(({ database }) => database))];
  const seen = await Promise.all(databases.map((database) => seenIn(reading, database)));
  return seen.filter(({ compared, uncompared }) => compared + uncompared > 0);
}

/**
 * In brief both are read by then (read-subscriber.ts, read-publisher.ts), the source's last. Where something speaks against
 * them, more is read, which tells what is left out, or is not what its name says.
 */
async function seenIn(reading: Reading, database: string): Promise<SequencesSeen> {
  const brief = await readBoth(reading, database, sequencesInBrief);
  const isWell = ({ behind, uncompared }: SequencesSeen) => behind + uncompared === 0;
  const seen = seenOf(database, brief);
  return isWell(seen) && !isRenamed(brief) ? seen : seenOf(database, await readBoth(reading, database, sequences));
}

/** What came with the clone has the same number on both sides: under another name it may be another one's by now. */
function isRenamed({ source, clone }: SequencesOfBoth): boolean {
  const names = new Map(clone.map((one) => [one.oid, displayTable(one)]));
  return source.some((one) => (names.get(one.oid) ?? displayTable(one)) !== displayTable(one));
}

async function readBoth(reading: Reading, database: string, reader: typeof sequences): Promise<SequencesOfBoth> {
  const clone = await reading.ask({ side: 'target', database }, reader);
  return { clone, source: await reading.ask({ side: 'source', database }, reader) };
}

function seenOf(database: string, both: SequencesOfBoth): SequencesSeen {
  const looked = pairSequences(both).pairs.map((pair) => ({ name: displayTable(pair.source), by: behindBy(pair) }));
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
