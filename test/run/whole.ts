/** What jest says of the run; of its configuration, what can leave out tests. */
export interface Run {
  readonly nonFlagArgs: readonly string[];
  readonly testPathPatterns: { readonly patterns: readonly string[] };
  readonly testNamePattern?: string;
  readonly onlyChanged: boolean;
  readonly findRelatedTests: boolean;
  readonly shard?: unknown;
}

export interface Project {
  readonly testPathIgnorePatterns: readonly string[];
}

/** False for `npx jest <path>` and whatever else leaves out tests. */
export function isWhole(
  { nonFlagArgs, testPathPatterns, testNamePattern, onlyChanged, findRelatedTests, shard }: Run,
  { testPathIgnorePatterns }: Project,
): boolean {
  const some = [nonFlagArgs.length > 0, testPathPatterns.patterns.length > 0, onlyChanged, findRelatedTests];
  const ignored = testPathIgnorePatterns.some((pattern) => pattern !== '/node_modules/');
  return !ignored && !some.includes(true) && !testNamePattern && shard === undefined;
}
