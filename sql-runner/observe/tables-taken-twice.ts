import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import { oursOf, takenBeside, type TakenBeside } from '../resources/subscribed-twice';
import { subscribed, takenIn } from './taken-tables';

/** By subscription of ours: what others take of its tables. */
export async function tablesTakenTwice(
  reading: Reading,
  observation: Observation,
): Promise<Map<string, TakenBeside[]>> {
  const found = subscribed(reading, observation).map(
    async ({ database, stream: { subscription } }): Promise<[string, TakenBeside[]]> => [
      subscription,
      takenBeside(await takenIn(reading, database), subscription, oursOf(reading.contracts.source)),
    ],
  );
  return new Map(await Promise.all(found));
}
