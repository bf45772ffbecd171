import type { Code } from '../../../errors/codes';
import { OperatorError } from '../../../errors/operator-error';
import type { Finding } from '../../../sql-runner/model/change';
import { namingHeld } from '../../../sql-runner/execute/held-error';
import type { Plan, PlanMode } from '../../../sql-runner/model/plan';

const finding = (code: Code): Finding => ({
  code,
  severity: 'block',
  seen: `seen ${code}`,
  why: 'w',
  next: `next ${code}`,
});
const failed = (code: string) =>
  new OperatorError({ code: 'CHANGE_FAILED', seen: 'it failed', why: 'undone', next: 'again', cause: { code } });
const naming = (cause: unknown, found: Code[], mode: PlanMode = 'teardown') =>
  namingHeld(cause, mode, async () => ({ findings: found.map(finding) }) as unknown as Plan);

test.each<Code>(['DROP_NOT_ALLOWED', 'HEARTBEAT_NOT_DROPPABLE', 'ROLE_NOT_DROPPABLE', 'REPLICATION_NOT_ALLOWED'])(
  'what is held is said as the plan says it: %s',
  async (code) => {
    for (const state of ['2BP01', '42501'])
      expect(await naming(failed(state), ['SLOT_LOST', code])).toMatchObject({
        code,
        seen: `it failed\n  and seen ${code}`,
        why: 'undone; w',
        next: `next ${code}`,
      });
  },
);

test('all that is held is said', async () => {
  expect(await naming(failed('2BP01'), ['ROLE_NOT_DROPPABLE', 'DROP_NOT_ALLOWED'])).toMatchObject({
    seen: 'it failed\n  and seen ROLE_NOT_DROPPABLE\n  and seen DROP_NOT_ALLOWED',
    next: 'next ROLE_NOT_DROPPABLE\n  and next DROP_NOT_ALLOWED',
  });
});

test.each<[string, PlanMode, unknown, Code[]]>([
  ['another mode', 'apply', failed('2BP01'), ['DROP_NOT_ALLOWED']],
  [
    'an error that is not for people',
    'teardown',
    Object.assign(new Error(), { cause: { code: '2BP01' } }),
    ['DROP_NOT_ALLOWED'],
  ],
  ['another refusal', 'teardown', failed('55P03'), ['DROP_NOT_ALLOWED']],
  [
    'no cause',
    'teardown',
    new OperatorError({ code: 'CHANGE_FAILED', seen: 's', why: 'w', next: 'n' }),
    ['DROP_NOT_ALLOWED'],
  ],
  ['nothing that holds it', 'teardown', failed('2BP01'), ['SLOT_LOST']],
])('with %s the error stays as it is', async (_, mode, cause, found) => {
  expect(await naming(cause, found, mode)).toBe(cause);
});

test('an error that cannot be explained, as nothing can be read any more, stays as it is', async () => {
  const cause = failed('42501');
  expect(await namingHeld(cause, 'teardown', () => Promise.reject(new Error('gone')))).toBe(cause);
});
