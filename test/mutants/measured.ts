/** What every test does on the original code. Measured once, and read by every process that tries mutants. */
export interface Measured {
  /** Mutants that sources come by while they are loaded. */
  readonly atLoad: readonly string[];
  readonly files: readonly MeasuredFile[];
}

export interface MeasuredFile {
  readonly file: string;
  /** Mutants that the test file comes by outside of its tests: while it is loaded, and in what it runs before them. */
  readonly prepares: readonly string[];
  readonly tests: readonly MeasuredTest[];
}

/** In the order of the file. */
export interface MeasuredTest {
  readonly milliseconds: number;
  readonly mutants: readonly string[];
}

export interface Covering {
  readonly file: string;
  /** Number of the test in its file. */
  readonly index: number;
  readonly milliseconds: number;
}

/** Tests that wait are kept for mutants that few others come by; a survivor would meet them all, for seconds. */
const WAITS_MS = 300;
const ENOUGH = 20;

export class Baseline {
  private readonly byMutant = new Map<string, Covering[]>();
  private readonly byPreparation = new Map<string, Covering[]>();
  private readonly atLoad: ReadonlySet<string>;

  constructor({ atLoad, files }: Measured) {
    this.atLoad = new Set(atLoad);
    for (const { file, prepares, tests } of files) {
      const all = tests.map(({ milliseconds }, index) => ({ file, index, milliseconds }));
      for (const mutant of prepares) append(this.byPreparation, mutant, all);
      for (const [index, { mutants }] of tests.entries()) {
        for (const mutant of mutants) append(this.byMutant, mutant, [all[index]!]);
      }
    }
  }

  /** Tests that come by a mutant, the quickest first. */
  covering(mutant: string): readonly Covering[] {
    return quickestFirst(this.byMutant.get(mutant) ?? []);
  }

  /**
   * Tests that can tell only when their file is loaded again with the mutant switched on: those of files that come by
   * it outside of their tests; and where it runs while its source is loaded, those that come by anything of the source.
   */
  afresh(mutant: string, neighbours: readonly string[]): readonly Covering[] {
    const users = this.atLoad.has(mutant) ? neighbours.flatMap((one) => this.byMutant.get(one) ?? []) : [];
    return quickestFirst([...new Set([...(this.byPreparation.get(mutant) ?? []), ...users])]);
  }
}

function quickestFirst(tests: readonly Covering[]): readonly Covering[] {
  const sorted = [...tests].sort((a, b) => a.milliseconds - b.milliseconds);
  const short = sorted.filter(({ milliseconds }) => milliseconds < WAITS_MS);
  return short.length < ENOUGH ? sorted : short;
}

function append<T>(map: Map<string, T[]>, key: string, values: readonly T[]): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [...values]);
  else known.push(...values);
}
