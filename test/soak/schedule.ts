import { seededRandom, type Random } from '../../lab/workload/random';

/** One thing that happens, and how long it lasts. */
export interface Turn {
  readonly what: string;
  /** For how long it stays so, where it lasts. */
  readonly seconds: number;
  /** Nothing happens for so long afterwards. */
  readonly restSeconds: number;
  /** For what else is chosen, such as a table: any whole number. */
  readonly draw: number;
}

/**
 * Half of all are short, as what is over before anybody looks must not confuse whoever looks next; the others last
 * longer than status may be wrong, or nothing would be learnt of it.
 */
const SHORT = [1, 5] as const;
const LONG = [12, 20] as const;

/** What happens, in an order that follows from the seed alone: all kinds once, then all of them again, shuffled anew. */
export function* turns(seed: number, kinds: readonly string[]): Generator<Turn, never> {
  const random = seededRandom(seed);
  for (;;) {
    for (const what of shuffled(random, kinds)) {
      yield { what, seconds: length(random), restSeconds: length(random), draw: random.int(0, 1_000_000) };
    }
  }
}

function length(random: Random): number {
  const [low, high] = random.pick([SHORT, LONG]);
  return random.int(low, high);
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(random.int(0, rest.length - 1), 1)[0] as T);
}
