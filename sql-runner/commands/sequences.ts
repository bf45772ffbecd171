import { carryOut, type ApplyOptions } from './apply';
import type { SequencesWanted } from '../model/sequences';

export type SequencesOptions = Omit<ApplyOptions, 'allowReboot' | 'syncTimeout' | 'sequences'> & SequencesWanted;

/** Sets the sequences of the clone to where those of the source stand, or so many values past that. */
export function sequences(environment: string, options: SequencesOptions): Promise<number> {
  const { headroom, putBack, ...others } = options;
  const wanted = { headroom, putBack };
  return carryOut(environment, 'sequences', null, { ...others, allowReboot: false, syncTimeout: 0, sequences: wanted });
}
