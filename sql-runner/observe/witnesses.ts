import type { Reading } from '../connections/reading';
import type { Observation } from '../model/observation';
import type { StreamsSeen } from '../model/survey';
import { withCountWitnesses } from './witness-counts';
import { withSlotWitnesses } from './witness-slots';

/** The same, with what both servers' logs tell of what nobody could see when it was done. */
export async function withWitnesses(
  reading: Reading,
  observation: Observation,
  seen: StreamsSeen | null = null,
): Promise<Observation> {
  return withCountWitnesses(reading, await withSlotWitnesses(reading, observation, seen));
}
