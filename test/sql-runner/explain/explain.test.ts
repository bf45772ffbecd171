import { OperatorError } from '../../../errors/operator-error';
import { explain } from '../../../sql-runner/explain/explain';

const error = (message: string, facts: object = {}) => Object.assign(new Error(message), facts);

test('an error made for people stays as it is', () => {
  const known = new OperatorError({ code: 'LOCK_HELD', seen: 's', why: 'w', next: 'n' });
  expect(explain(known).toJSON()).toEqual(known.toJSON());
});

test.each([
  ['42501', 'PRIVILEGE_MISSING'],
  ['57014', 'DATABASE_ERROR'],
])('what the server refuses with SQLSTATE %s is %s', (code, expected) => {
  expect(explain(error('no', { code, severity: 'ERROR' }))).toMatchObject({
    code: expected,
    seen: `no (SQLSTATE ${code})`,
  });
});

test.each(['text', undefined, null, 7])(
  'what is thrown and no error at all (%p) is still one clear error',
  (thrown) => {
    expect(explain(thrown)).toMatchObject({ code: 'INTERNAL_ERROR', seen: String(thrown) });
  },
);

test('anything else is a defect of ours, and says how to report it', () => {
  expect(explain(error('undefined is not a function'))).toMatchObject({
    code: 'INTERNAL_ERROR',
    seen: 'undefined is not a function',
    next: expect.stringContaining('SQL_RUNNER_DEBUG=1'),
  });
  expect(explain(error('ENOSPC', { code: 'ENOSPC' })).code).toBe('INTERNAL_ERROR');
});
