import fc from 'fast-check';
import { createColors } from 'picocolors';
import type { CheckResult, Diagnosis } from '../../../sql-runner/actions/doctor';
import { diagnosisText } from '../../../sql-runner/render/doctor-text';

const plain = createColors(false);

const result = (code: CheckResult['code'], more: Partial<CheckResult> = {}): CheckResult => ({
  code,
  side: 'source',
  status: 'pass',
  holds: 'it is so',
  findings: [],
  ...more,
});
const problem = (code: CheckResult['code'], status: 'fail' | 'warn' | 'info', side: CheckResult['side']) =>
  result(code, {
    side,
    status,
    findings: [{ code, severity: status === 'fail' ? 'block' : 'warn', seen: 'seen', why: 'because', next: 'do it' }],
  });
const diagnosis = (...results: CheckResult[]): Diagnosis => ({
  environment: 'demo',
  results,
  looked: null,
  connected: true,
});

test('problems come first, grouped by what they are about, the worst of each first; then what passed', () => {
  const all = diagnosis(
    result('SLOT_AT_RISK'),
    problem('SLOT_WAL_GROWS', 'warn', 'source'),
    problem('SLOT_LOST', 'fail', 'both'),
    problem('SOURCE_REFUSES_LOGIN', 'fail', 'streams'),
    problem('SLOT_WAL_LIMITED', 'fail', 'source'),
    result('FOREIGN_SLOT_UNUSED', { status: 'skipped' }),
  );
  const lines = diagnosisText(all, plain).split('\n');
  expect(lines.filter((line) => /^\S|^ {2}\S/.test(line))).toEqual([
    'Environment',
    '  fail     SLOT_LOST',
    'Source',
    '  fail     SLOT_WAL_LIMITED',
    '  warn     SLOT_WAL_GROWS',
    'Streams',
    '  fail     SOURCE_REFUSES_LOGIN',
    '  pass     SLOT_AT_RISK  it is so',
    '  skipped  FOREIGN_SLOT_UNUSED  its side could not be read, or there is no clone yet',
    '3 checks fail: environment demo, 1 passed, 1 warnings, 0 notes, 3 failed, 1',
    '  skipped. The streams were not looked at.',
  ]);
});

test('what passed, or could not be looked at, is only counted where only problems are wanted', () => {
  const all = diagnosis(
    result('SLOT_AT_RISK'),
    result('SLOT_WAL_GROWS', { status: 'skipped' }),
    problem('SLOT_LOST', 'fail', 'both'),
  );
  const text = diagnosisText(all, plain, true);
  expect(text).not.toMatch(/SLOT_AT_RISK|SLOT_WAL_GROWS/);
  expect(text).toMatch(/1 passed, 0 warnings, 0 notes, 1 failed, 1\s+skipped/);
});

const words = fc
  .array(fc.stringMatching(/^[a-z_.,;:()]{1,40}$/), { minLength: 1, maxLength: 60 })
  .map((all) => all.join(' '));

test('each problem fits 80 columns, whatever is said of it', () => {
  fc.assert(
    fc.property(words, words, words, (seen, why, next) => {
      const found = result('SLOT_LOST', {
        status: 'fail',
        findings: [{ code: 'SLOT_LOST', severity: 'block', seen, why, next }],
      });
      for (const line of diagnosisText(diagnosis(found), plain, true).split('\n'))
        expect(line.length).toBeLessThanOrEqual(80);
    }),
  );
});
