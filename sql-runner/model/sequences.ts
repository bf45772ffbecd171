import type { Sequence } from '../postgres/catalog/sequences';

/** What is asked for of the sequences of a clone. */
export interface SequencesWanted {
  /** How many values the source may hand out before the clone would hand out one of them; 0: it stands where the source stands. */
  readonly headroom: number;
  /** Sequences of the clone that are ahead are put back too. */
  readonly putBack: boolean;
}

export const AS_THE_SOURCE: SequencesWanted = { headroom: 0, putBack: false };

/** A sequence that goes somewhere, by the numbers that it has on both sides: another one may come to have its name. */
export interface PlannedSequence {
  readonly schema: string;
  readonly name: string;
  readonly source: number;
  readonly clone: number;
  /** It is beyond where it is to be, and is put back. */
  readonly back: boolean;
}

/** The sequences of one database on both sides; the source's are read last. */
export interface SequencesOfBoth {
  readonly source: readonly Sequence[];
  readonly clone: readonly Sequence[];
}

/** With what else a plan of them rests on. */
export interface DatabaseSequences extends SequencesOfBoth {
  /** As whom the clone's database was entered. */
  readonly login: string;
  /** Sessions of others in the clone's database, which may have values in their cache. */
  readonly others: number;
}

/** What was read for a plan of sequences. */
export interface SequencesObserved {
  readonly wanted: SequencesWanted;
  /** Of databases that are on both sides. */
  readonly databases: Readonly<Record<string, DatabaseSequences>>;
}

/** How the sequences of one database stood when status looked. */
export interface SequencesSeen {
  readonly database: string;
  /** Those that are on both sides, and were read on both. */
  readonly compared: number;
  /** Of them, those of which the clone would hand out values that the source has handed out. */
  readonly behind: number;
  /** By how many increments the one is behind that is so most; null: none is. */
  readonly mostBehind: number | null;
  readonly furthest: string | null;
  /** Those that are on both sides, and were not read on one of them or are not made alike enough. */
  readonly uncompared: number;
}
