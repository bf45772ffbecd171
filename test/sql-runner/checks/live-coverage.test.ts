import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allChecks } from '../../../sql-runner/checks/all-checks';
import { STARTS_A_SERVER } from '../../advice/carried-out';

/**
 * Every check, and every guard of a plan, is provoked on a real server by some
 * test: the code stands in a test that starts one, or in a table of such a test.
 */
const TESTS = join(__dirname, '..', '..');
const SOURCES = join(TESTS, '..', 'sql-runner');

const filesBelow = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));

/** The test and the files beside it that it imports; those for the pure checks have no servers. */
function textOf(test: string): string {
  const own = readFileSync(test, 'utf8');
  const imported = [...own.matchAll(/from '(\.\/[\w./-]+)'/g)].map(([, path]) => join(dirname(test), `${path}.ts`));
  // An import that a test only quotes, as code to be looked at, has no file.
  return [own, ...imported.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'))].join('\n');
}

const LIVE = filesBelow(TESTS, '.test.ts')
  .filter((file) => file !== __filename)
  .map(textOf)
  .filter((text) => STARTS_A_SERVER.test(text))
  .join('\n');
const isLive = (code: string): boolean => new RegExp(`\\b${code}\\b`).test(LIVE);

const codesBelow = (folder: string): string[] => [
  ...new Set(
    filesBelow(join(SOURCES, folder), '.ts').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bcode: '([A-Z][A-Z0-9_]+)'/g)].map(([, code]) => code!),
    ),
  ),
];

test('every check of doctor is provoked on a real server', () => {
  const codes = [...new Set([...allChecks().map(({ code }) => code), ...codesBelow('checks')])];
  expect(codes.length).toBeGreaterThan(60);
  expect(codes.filter((code) => !isLive(code)).sort()).toEqual([]);
});

test('and so is every finding and guard of a plan', () => {
  expect(
    codesBelow('resources')
      .filter((code) => !isLive(code))
      .sort(),
  ).toEqual([]);
});
