import { stamped, type Found } from '../../../sql-runner/checks/check';

const check = { code: 'TABLE_RENAMED', stops: ['connect'] } as const;
const found: Found = { severity: 'block', seen: 's', why: 'w', next: 'n' };

test('a finding has the code of its check, and stops what that says', () => {
  expect(stamped(check, found)).toEqual({ ...found, code: 'TABLE_RENAMED', stops: ['connect'] });
});

test('what it says itself of what it stops counts more', () => {
  expect(stamped(check, { ...found, stops: ['slot'] }).stops).toEqual(['slot']);
});

test.each(['warn', 'info'] as const)('of severity %s it stops nothing', (severity) => {
  expect(stamped(check, { ...found, severity })).toEqual({ ...found, severity, code: 'TABLE_RENAMED' });
});

test('what a check finds names no code of its own: that does not compile', () => {
  // @ts-expect-error: also where it is the code of some other check
  const named: Found = { ...found, code: 'TABLE_SWAPPED' };
  expect(named).not.toEqual(found);
});
