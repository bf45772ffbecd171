/** As instrument.mjs writes them. */
export interface Mutant {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  /** Source text on one line. */
  readonly original: string;
  readonly replacement: string;
}

/** What baseline.run.ts is asked for. All files with their whole path. */
export interface ToMeasure {
  /** Those with mutants. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  /** File that gets the answer: `Measured`. */
  readonly measured: string;
}

/** What one share is asked for. */
export interface Order {
  /** File with what was measured. */
  readonly measured: string;
  /** With the numbers of all mutants of the same source file. */
  readonly mutants: readonly { readonly id: string; readonly neighbours: readonly string[] }[];
  /** File that gets a line of JSON for each result. */
  readonly results: string;
}

export interface Result {
  readonly id: string;
  /** Name of the test that fails or is too slow; null: it survived. */
  readonly killedBy: string | null;
  readonly covered: boolean;
}
