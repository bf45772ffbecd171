import { changeOf } from '../../../sql-runner/model/change';
import type { Plan } from '../../../sql-runner/model/plan';
import { latestRuns, recorded, recordedEnd, runRecord } from '../../../sql-runner/model/run-record';
import { runOf } from '../support/runs';

const change = (name: string) =>
  changeOf({
    address: { side: 'source', kind: 'slot', name },
    action: 'create',
    reason: 'r',
    preview: ['SECRET'],
    operation: { kind: 'delete-ticket', parameter: 'p' },
  });
const changes = [change('a'), change('b')];
const planned = (...of: typeof changes) =>
  recorded(runOf(), { type: 'planned', plan: { changes: of, fingerprint: 'f' } as unknown as Plan });
const started = (index: number) => ({ type: 'change-started', change: changes[index]!, index, total: 2 }) as const;
const finished = (index: number) => ({ ...started(index), type: 'change-finished', seconds: 1 }) as const;
const at = new Date('2026-01-01T00:00:05Z');

test('of a plan the ids are kept, and no statement', () => {
  const record = planned(...changes);
  expect(record.changes).toEqual([
    { id: 'source/slot/a', action: 'create', outcome: 'not made' },
    { id: 'source/slot/b', action: 'create', outcome: 'not made' },
  ]);
  expect(JSON.stringify(record)).not.toContain('SECRET');
  expect(runRecord.parse(record)).toEqual(record);
});

const begun = () => [started(0), finished(0), started(1)].reduce(recorded, planned(...changes));

test.each([
  ['an error', { outcome: null, code: 'SLOT_LOST', exitCode: 10 }, ['made', 'failed'], 'failed'],
  ['a stop', { outcome: 'interrupted', code: null, exitCode: 1 }, ['made', 'not made'], 'interrupted'],
  // Nobody knows what came of what was in hand.
  ['a second signal', { outcome: 'interrupted', code: null, exitCode: 130 }, ['made', 'begun'], 'interrupted'],
])('%s in the middle of a change is told of that one', (_, end, outcomes, outcome) => {
  const record = recordedEnd(begun(), end, at);
  expect([record.changes.map((one) => one.outcome), record.outcome]).toEqual([outcomes, outcome]);
  expect(record).toMatchObject({ ended: '2026-01-01T00:00:05.000Z', code: end.code, exitCode: end.exitCode });
});

test.each([
  ['before there is a plan', () => runOf(), 'refused'],
  ['before a change is begun', () => planned(...changes), 'refused'],
  ['where nothing was to be changed', () => planned(), 'failed'],
])('an error %s', (_, make, outcome) => {
  expect(recordedEnd(make(), { outcome: null, code: 'NOT_IN_SYNC', exitCode: 13 }, at).outcome).toBe(outcome);
});

test('what says nothing of the run leaves its record as it is', () => {
  const record = begun();
  expect(recorded(record, { type: 'waiting', for: 'x' })).toBe(record);
});

test('a run is told once, by its end; parts of a rollout are runs of their own', () => {
  const one = runOf();
  const end = { ...one, ended: '2026-01-01T00:00:09.000Z', outcome: 'applied' };
  const second = { ...one, part: 2, began: '2026-01-01T00:01:00.000Z' };
  expect(latestRuns([end, one, second])).toEqual([second, end]);
});
