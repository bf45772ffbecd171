/** Every major version that an environment may name. */
export const MAJORS = [13, 14, 15, 16, 17, 18] as const;

/**
 * What depends on the server's version: all that speaks to a server, and one
 * run of the whole path from prepare to teardown. Patterns of test paths.
 */
export const CORE_SUITE: readonly string[] = [
  'test/sql-runner/checks/',
  'test/sql-runner/drift/',
  'test/sql-runner/postgres/',
  'test/sql-runner/verify/',
  'test/sql-runner/connections/',
  'test/sql-runner/observe/',
  'test/sql-runner/resources/',
  'test/sql-runner/plan/',
  'test/sql-runner/execute/',
  'test/sql-runner/explain/',
  'test/sql-runner/actions/',
  'test/lab/postgres/',
  'test/lab/workload/',
  'test/parameters/',
  'test/e2e/rollout',
  'test/e2e/skip',
  'test/e2e/ddl-check-environment',
  'test/sql-runner/rehearsal/dump-schema.test.ts',
];

/** The majors that the command line names; all when it names none. @throws Error for anything else */
export function wantedMajors(args: readonly string[]): number[] {
  const unknown = args.filter((arg) => !MAJORS.some((major) => String(major) === arg));
  if (unknown.length > 0)
    throw new Error(`Not a major version from ${MAJORS[0]} to ${MAJORS.at(-1)}: ${unknown.join(', ')}`);
  return args.length === 0 ? [...MAJORS] : args.map(Number);
}
