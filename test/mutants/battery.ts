import type { Collected } from './collector';
import { switchboard } from './switchboard';

/** A mutant that passes its place so often goes round in circles. */
const HITS = 100_000;
/** A test is too slow that takes this and five times what it takes on the original code: others use the machine too. */
const GRACE_MS = 3_000;
const SLOWER = 5;
const QUIET_MS = 1_000;
const LATELY = 30;

export function activate(mutant: string | undefined): void {
  switchboard.activeMutant = mutant;
  switchboard.hitLimit = HITS;
  switchboard.hitCount = 0;
}

export interface Candidate {
  readonly test: Collected;
  /** What it takes on the original code. */
  readonly milliseconds: number;
}

/** Tests that took too long and may still be at it. */
const hanging: Promise<unknown>[] = [];

/** Whether the test passes, and in time. */
export async function passes({ test, milliseconds }: Candidate): Promise<boolean> {
  switchboard.hitCount = 0;
  const running = Promise.resolve().then(test.run);
  const verdict = await inTime(
    running.then(
      () => true,
      () => false,
    ),
    GRACE_MS + SLOWER * milliseconds,
  );
  if (verdict === null) hanging.push(running.catch(() => undefined));
  return verdict === true;
}

/** Mutants of one function mostly die by the same tests: those that killed lately, the last of them first, save the others. */
export class Hunters {
  private lately: readonly Collected[] = [];

  killed(test: Collected): void {
    this.lately = [test, ...this.lately.filter((other) => other !== test)].slice(0, LATELY);
  }

  /** The same candidates, those that killed lately before the others. */
  first(candidates: readonly Candidate[]): readonly Candidate[] {
    const known = new Map(candidates.map((candidate) => [candidate.test, candidate]));
    return [...new Set([...this.lately.flatMap((test) => known.get(test) ?? []), ...candidates])];
  }
}

/** Name of the first that fails, or null. */
export async function killer(candidates: readonly Candidate[], hunters?: Hunters): Promise<string | null> {
  for (const candidate of candidates) {
    if (await passes(candidate)) continue;
    hunters?.killed(candidate.test);
    return candidate.test.name;
  }
  return null;
}

/** With the mutant switched off again what hung comes to its end; if not, it could disturb the tests after it. */
export async function isQuiet(): Promise<boolean> {
  const ended = Promise.all(hanging).then(() => true);
  return hanging.length === 0 || ((await inTime(ended, QUIET_MS)) === true && hanging.splice(0).length > 0);
}

async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), milliseconds)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
