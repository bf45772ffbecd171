/** How a stream stands in truth, as far as whoever breaks and heals it knows. */
export type Phase = 'well' | 'broken' | 'either';

/** From `at` on, until the next one. Milliseconds. */
export interface Standing {
  readonly at: number;
  readonly phase: Phase;
  readonly why: string;
}

/** What one command, or one look of serve, said of a stream. */
export interface Word {
  readonly by: string;
  readonly database: string;
  readonly asked: number;
  readonly answered: number;
  readonly healthy: boolean;
  /** Its words, for whoever reads of a lie. */
  readonly said: string;
}

export interface Lie {
  readonly word: Word;
  readonly truth: Standing;
}

/** So long it may be wrong after a change. */
const TOLERANCE_MS = 10_000;

/**
 * A word is a lie if it was true at no moment from ten seconds before it was asked for until it was said. While a
 * stream is on its way from one to the other, either may be said.
 *
 * @param standings of the word's stream, in order
 */
export function judge(standings: readonly Standing[], word: Word): Lie | null {
  const opposite: Phase = word.healthy ? 'broken' : 'well';
  const from = word.asked - TOLERANCE_MS;
  const first = standings.findLastIndex(({ at }) => at <= from);
  // Before the first one nobody knew.
  if (first === -1) return null;
  const meanwhile = standings.slice(first).filter(({ at }) => at <= word.answered);
  return meanwhile.every(({ phase }) => phase === opposite) ? { word, truth: meanwhile.at(-1)! } : null;
}
