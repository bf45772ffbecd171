import { adviceOf } from '../../docs/generate/advice';
import { carriedOut } from './carried-out';
import { OWED } from './owed';

/**
 * No SQL, command or setting is printed as the way out that a test on real
 * servers has not carried out exactly as printed; see
 * test/sql-runner/checks/printed-fix.ts for how. What is still owed is listed.
 */
const ADVICE = adviceOf(['environments', 'sql-runner', 'lab']).map(({ code, kind }) => `${code} ${kind}`);

test('every advice is carried out by a test, or listed as owed', () => {
  const done = carriedOut();
  expect(ADVICE.length).toBeGreaterThan(90);
  expect(ADVICE.filter((advice) => !done.has(advice))).toEqual([...OWED].sort());
});

test('nothing is said to be carried out that is printed nowhere', () => {
  expect([...carriedOut()].filter((advice) => !ADVICE.includes(advice))).toEqual([]);
});
