import { adviceOf, kindsIn } from '../../docs/generate/advice';
import { errorsBelow, PRODUCT } from '../../docs/generate/error-sources';
import { carriedOut } from './carried-out';

/**
 * No SQL, command or setting is printed as the way out that a test on real
 * servers has not carried out exactly as printed; see
 * test/sql-runner/checks/printed-fix.ts for how. This looks at the tests and
 * tells at once which code has none; that each text of each code was carried out
 * is seen at the end of a whole run (whole-run.ts).
 */
const ADVICE = [...new Set(adviceOf().map(({ code, kind }) => `${code} ${kind}`))];

test('every advice is carried out by a test', () => {
  const done = carriedOut();
  expect(ADVICE.length).toBeGreaterThan(90);
  expect(ADVICE.filter((advice) => !done.has(advice))).toEqual([]);
});

test('nothing is said to be carried out that is printed nowhere', () => {
  expect([...carriedOut()].filter((advice) => !ADVICE.includes(advice))).toEqual([]);
});

test('what was seen, and why it matters, tells nobody to do anything', () => {
  const told = PRODUCT.flatMap(errorsBelow).flatMap(({ code, seen, why }) =>
    [seen, why]
      .filter((text) => kindsIn(text).some((kind) => kind !== 'sql') || /[A-Z]{4,} [^;]+;\s*$/.test(text))
      .map((text) => `${code}: ${text}`),
  );
  expect(told).toEqual([]);
});
