import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { notCarriedOut, notListed } from './not-carried-out';
import { ON_OTHER_MAJORS } from './other-majors';
import { recorded } from './record';

/** What jest says of the run; of its configuration, what can leave out tests. */
export interface Run {
  readonly nonFlagArgs: readonly string[];
  readonly testPathPatterns: { readonly patterns: readonly string[] };
  readonly testNamePattern?: string;
  readonly onlyChanged: boolean;
  readonly findRelatedTests: boolean;
  readonly shard?: unknown;
}

/**
 * After the last test of a whole run: every text with SQL, a command or a setting
 * that the product can print was printed by a real server and carried out.
 * `npx jest <path>` runs a part, which cannot tell.
 *
 * @throws Error naming each text that was not
 */
export default function wholeRun(run: Run, { testPathIgnorePatterns }: { testPathIgnorePatterns: string[] }): void {
  const file = process.env.ADVICE_RECORD!;
  if (!isWhole(run, testPathIgnorePatterns)) return;
  const done = recorded(file);
  rmSync(dirname(file), { recursive: true, force: true });
  const left = notCarriedOut(done);
  const elsewhere = Object.values(ON_OTHER_MAJORS).flat();
  const missing = [
    ...left.filter((text) => !elsewhere.includes(text)),
    ...notListed(done).map((text) => `not on the list: ${text}`),
    ...elsewhere.filter((text) => !left.includes(text)).map((text) => `of another major: ${text}`),
  ];
  if (missing.length > 0) throw new Error(`Advice that no test carried out as printed:\n  ${missing.join('\n  ')}`);
}

/** False for `npx jest <path>` and whatever else leaves out tests. */
export function isWhole(
  { nonFlagArgs, testPathPatterns, testNamePattern, onlyChanged, findRelatedTests, shard }: Run,
  testPathIgnorePatterns: string[],
): boolean {
  const some = [nonFlagArgs.length > 0, testPathPatterns.patterns.length > 0, onlyChanged, findRelatedTests];
  const ignored = testPathIgnorePatterns.some((pattern) => pattern !== '/node_modules/');
  return !ignored && !some.includes(true) && !testNamePattern && shard === undefined;
}
