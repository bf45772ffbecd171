import type { DatabaseSequences } from '../model/sequences';
import type { PairedSequences } from './sequence-pairs';
import type { SequencePair, Verdict } from './sequence-verdict';

/** One that is on both sides, and what is made of it. */
export interface JudgedSequence {
  readonly pair: SequencePair;
  readonly verdict: Verdict;
}

/** Of one database, all that was read and judged. */
export interface SequencesJudged {
  readonly environment: string;
  readonly database: string;
  /** As whom sql-runner enters the source. */
  readonly sourceLogin: string;
  readonly cloneVersion: number;
  readonly read: DatabaseSequences;
  readonly paired: PairedSequences;
  readonly judged: readonly JudgedSequence[];
  readonly headroom: number;
}
