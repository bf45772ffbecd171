import type { Verdict } from './summary';
import type { Truth } from './truth';

/** Who is asked and does not answer for so long cannot be called honest: it said nothing of what came and went. */
const LONGEST_SILENCE_MS = 60_000;
/** Who says fewer words is asked too seldom to be sure to be heard while something is broken. */
const SELDOM = 100;

/**
 * Whether nobody lied, everybody answered, and each was heard when it could have lied: while a stream was known to be
 * broken, and while it was known to be well.
 *
 * @param everything whatever may happen may have happened
 * @param failures of the asking itself
 */
export function honesty(
  truth: Pick<Truth, 'lies' | 'heard'>,
  everything: boolean,
  failures: readonly string[],
): Verdict {
  const { lies, heard } = truth;
  const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
  const told = [...heard].map(
    ([by, { words, broken, well, slowestMs }]) =>
      `${by} ${words} words, ${broken} while broken, ${well} while well, slowest ${seconds(slowestMs)}`,
  );
  const silent = [...heard]
    .filter(([, { silentMs }]) => silentMs > LONGEST_SILENCE_MS)
    .map(([by, { silentMs }]) => `${by} said nothing for ${seconds(silentMs)}`);
  const untried = [...heard].filter(
    ([, { words, broken, well }]) => everything && words >= SELDOM && (broken === 0 || well === 0),
  );
  const found = [
    ...(lies.length === 0 ? [] : [`${lies.length} lies`]),
    ...(heard.size === 0 ? ['nobody was heard'] : []),
    ...silent,
    ...untried.map(([by]) => `${by} was not heard both while a stream was broken and while it was well`),
    ...failures.slice(0, 5),
  ];
  return { what: 'status never wrong', good: found.length === 0, words: [...found, ...told].join('; ') };
}
