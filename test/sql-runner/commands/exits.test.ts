import { aProblem } from '../support/trouble';
import type { Code } from '../../../errors/codes';
import { exitOfError } from '../../../errors/exit-of-error';
import type { OperatorError } from '../../../errors/operator-error';
import type { EnvironmentStatus, StreamStatus } from '../../../sql-runner/actions/status';
import type { DatabaseVerdict, Verification } from '../../../sql-runner/actions/verify';
import { refuseBlocked } from '../../../sql-runner/actions/run';
import { exitOfPlan } from '../../../sql-runner/commands/exit-of-plan';
import { exitOfStatus } from '../../../sql-runner/commands/exit-of-status';
import { exitOfVerification } from '../../../sql-runner/actions/exit-of-verification';
import { explain } from '../../../sql-runner/explain/explain';
import type { Change, Finding, Severity } from '../../../sql-runner/model/change';

const verdict = (status: DatabaseVerdict['status'], code?: Code) => ({ status, code }) as DatabaseVerdict;
const [equal, different, unsettled] = [verdict('equal'), verdict('different'), verdict('unsettled')];
const gaveWay = verdict('unsupported', 'VERIFY_GAVE_WAY');
const left = [{ database: 'shop', schema: 'public', name: 'gone', reason: 'r' }];

test.each<[string, Partial<Verification>, number]>([
  ['every table is equal', { tables: [equal, equal] }, 0],
  ['a row differs, whatever else is so', { tables: [unsettled, different, verdict('unsupported')], doubts: ['d'] }, 11],
  ['a table is not replicated any more', { tables: [equal], notReplicated: left, doubts: ['d'] }, 11],
  ['a table cannot be read', { tables: [equal, unsettled, verdict('unsupported')] }, 1],
  ['the right to read a table is missing', { tables: [equal, verdict('unsupported', 'PRIVILEGE_MISSING')] }, 1],
  ['a stream is not proven', { tables: [equal], doubts: ['d'] }, 13],
  ['a stream is not proven, and rows had not settled', { tables: [equal, unsettled], doubts: ['d'] }, 13],
  ['there is no table', { tables: [] }, 13],
  ['rows had not settled', { tables: [equal, unsettled] }, 12],
  ['others waited for a table', { tables: [equal, gaveWay] }, 12],
])('verify where %s', (_, found, exit) => {
  expect(exitOfVerification({ tables: [], notReplicated: [], doubts: [], notCompared: ['x'], ...found })).toBe(exit);
});

const finding = (code: Code, severity: Severity = 'block') => ({ code, severity }) as Finding;
const changes = [{} as Change];

test.each<[string, Finding[], Change[], boolean, number]>([
  ['nothing to do', [finding('DATABASE_IDLE', 'warn')], [], true, 0],
  ['changes', [], changes, false, 0],
  ['changes, and the flag', [], changes, true, 2],
  ['a dead stream and nothing to do', [finding('APPLY_WORKER_FAILING')], [], true, 13],
  ['a dead stream that the changes may mend', [finding('SUBSCRIPTION_DISABLED')], changes, true, 13],
  ['a dead stream, and what blocks', [finding('APPLY_WORKER_FAILING'), finding('COLUMNS_DIFFER')], [], false, 10],
])('plan with %s', (_, findings, planned, detailed, exit) => {
  expect(exitOfPlan({ changes: planned, findings }, detailed)).toBe(exit);
});

test('a run that is blocked ends with the gravest of what blocks it, and not with who else is at work', () => {
  const findings = [
    finding('RUN_IN_PROGRESS', 'warn'),
    finding('APPLY_WORKER_FAILING'),
    finding('DATABASE_IDLE', 'warn'),
    finding('COLUMNS_DIFFER'),
  ];
  const blocked = {
    mode: 'apply',
    environment: 'demo',
    changes: [],
    findings,
    nextStep: null,
    fingerprint: '',
  } as const;
  let refused: unknown;
  try {
    refuseBlocked(blocked);
  } catch (cause) {
    // As it is when it leaves the process.
    refused = explain(cause);
  }
  expect(refused).toMatchObject({ code: 'APPLY_WORKER_FAILING', also: ['COLUMNS_DIFFER'] });
  expect(exitOfError(refused as OperatorError)).toBe(10);
});

const stream = (state: StreamStatus['state']) => ({ state, problems: [] }) as unknown as StreamStatus;
const of = (...streams: StreamStatus[]) => ({ streams }) as unknown as EnvironmentStatus;

test.each<[string, EnvironmentStatus, string[], boolean, number]>([
  ['that streams', of(stream('streaming')), [], false, 0],
  ['that is too far behind', of(stream('catching up')), ['far'], false, 16],
  ['that does not follow and is too far behind', of(stream('streaming'), stream('disabled')), ['far'], false, 13],
  ['with a doubt', of({ ...stream('streaming'), problems: [aProblem('CONTINUITY_NOT_PROVEN')] }), [], false, 13],
  ['that does not follow, only to be shown', of(stream('diverged')), [], true, 0],
])('status of a stream %s', (_, status, beyond, exitZero, exit) => {
  expect(exitOfStatus(status, beyond, exitZero)).toBe(exit);
});
