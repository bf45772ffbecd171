import type { Collected } from './collector';

/** What the instrumented sources look at and count in. */
interface Switchboard {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** A mutant that passes its place so often goes round in circles. */
const HITS = 100_000;
const TEST_TIMEOUT_MS = 10_000;
/** Tests that wait are kept for mutants that few others come by; a survivor would meet them all, for seconds. */
const WAITS_MS = 300;
const ENOUGH = 20;

const switchboard = ((globalThis as { __stryker__?: Switchboard }).__stryker__ ??= {});

export function activate(mutant: string | undefined): void {
  switchboard.activeMutant = mutant;
  switchboard.hitLimit = HITS;
  switchboard.hitCount = 0;
}

/** Tests that took too long and may still be at it. */
const hanging: Promise<unknown>[] = [];

/** Whether the test passes. */
async function passes({ run }: Collected): Promise<boolean> {
  switchboard.hitCount = 0;
  const running = Promise.resolve().then(run);
  const verdict = await inTime(
    running.then(
      () => true,
      () => false,
    ),
    TEST_TIMEOUT_MS,
  );
  if (verdict === null) hanging.push(running.catch(() => undefined));
  return verdict === true;
}

/** With the mutant switched off again what hung comes to its end; if not, it could disturb the tests after it. */
export async function isQuiet(): Promise<boolean> {
  const ended = Promise.all(hanging).then(() => true);
  return hanging.length === 0 || ((await inTime(ended, TEST_TIMEOUT_MS)) === true && hanging.splice(0).length > 0);
}

async function inTime<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), milliseconds)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export interface Baseline {
  /** Numbers of the tests that come by a mutant, the quickest first. */
  readonly covering: (mutant: string) => readonly number[];
  /** Whether code runs through the mutant while files are loaded. */
  readonly atLoad: (mutant: string) => boolean;
  /** Test files that come by any of the mutants. */
  readonly filesCovering: (mutants: readonly string[]) => readonly string[];
  readonly failed: readonly string[];
}

/** Every test once on the original code. */
export async function measure(tests: readonly Collected[]): Promise<Baseline> {
  const failed: string[] = [];
  const milliseconds: number[] = [];
  for (const [index, test] of tests.entries()) {
    switchboard.currentTestId = String(index);
    const started = performance.now();
    if (!(await passes(test))) failed.push(test.name);
    milliseconds.push(performance.now() - started);
  }
  switchboard.currentTestId = undefined;
  const coverage = switchboard.mutantCoverage ?? { static: {}, perTest: {} };
  const byMutant = new Map<string, number[]>();
  const quickestFirst = [...tests.keys()].sort((a, b) => milliseconds[a]! - milliseconds[b]!);
  for (const index of quickestFirst) {
    for (const mutant of Object.keys(coverage.perTest[String(index)] ?? {})) {
      byMutant.set(mutant, [...(byMutant.get(mutant) ?? []), index]);
    }
  }
  const covering = (mutant: string): readonly number[] => {
    const all = byMutant.get(mutant) ?? [];
    const short = all.filter((index) => milliseconds[index]! < WAITS_MS);
    return short.length < ENOUGH ? all : short;
  };
  return {
    covering,
    atLoad: (mutant) => coverage.static[mutant] !== undefined,
    filesCovering: (mutants) => [
      ...new Set(mutants.flatMap((mutant) => byMutant.get(mutant) ?? []).map((index) => tests[index]!.file)),
    ],
    failed,
  };
}

/** The first test of `order` that fails, or null. */
export async function killer(tests: readonly Collected[], order: readonly number[]): Promise<string | null> {
  for (const index of order) if (!(await passes(tests[index]!))) return tests[index]!.name;
  return null;
}
