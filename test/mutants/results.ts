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

/** What one share is asked for. */
export interface Order {
  readonly tests: readonly string[];
  /** With the numbers of all mutants of the same source file. */
  readonly mutants: readonly { readonly id: string; readonly neighbours: readonly string[] }[];
  /** File for the results. */
  readonly results: string;
}

export interface Result {
  readonly id: string;
  /** Name of the test that fails; null: it survived. */
  readonly killedBy: string | null;
  readonly covered: boolean;
}
