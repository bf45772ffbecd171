import { createColors } from 'picocolors';
import type { History, ShownRun } from '../../../sql-runner/actions/history';
import { historyText } from '../../../sql-runner/render/history-text';
import { runOf } from '../support/runs';

const RUN = '0b0e8f5e-6c1c-4d7a-9a53-0d6f0f1f2a3b';
const run = (parts: Partial<ShownRun>): ShownRun => ({ ...runOf({ run: RUN }), atWork: false, ...parts });
const made = (...outcomes: ShownRun['changes'][number]['outcome'][]) =>
  outcomes.map((outcome, index) => ({ id: `source/slot/${index}`, action: 'create', outcome }));
const ended = '2026-01-01T00:01:00.000Z';

/** Two databases, one of them with a table that is equal. */
const compared = (equal: number, tables: number): ShownRun['comparison'] => ({
  whole: true,
  databases: [
    { database: 'shop', outcome: 'not settled', equal: equal - 1, tables: tables - 1, rows: 7 },
    { database: 'ledger', outcome: 'equal', equal: 1, tables: 1, rows: 7 },
  ],
  against: [],
  notCompared: [],
});

const HISTORY: History = {
  environment: 'demo',
  sources: [
    { kind: 'clone', name: 'demo-clone', since: '2025-12-31T10:00:00.000Z', runs: 4, unreadable: 0, problem: null },
    { kind: 'file', name: 'runs.jsonl', since: null, runs: 0, unreadable: 2, problem: null },
  ],
  runs: [
    run({ atWork: true, changes: made('made', 'begun') }),
    run({ mode: 'reset', changes: made('made', 'not made') }),
    run({
      ended,
      outcome: 'failed',
      code: 'CONNECT_DATABASE_MISSING',
      exitCode: 1,
      who: { ...runOf().who, user: 'a-very-long-user-name' },
    }),
    run({ mode: 'teardown', ended, outcome: 'nothing-to-do', exitCode: 0 }),
    run({ mode: 'verify', ended, outcome: 'not settled', exitCode: 12, comparison: compared(1_201, 1_403) }),
    run({ mode: 'verify', ended, outcome: 'failed', code: 'NOT_STREAMING', exitCode: 13 }),
  ],
  more: 7,
};

test('runs are a table of at most 80 columns, with where they are kept and since when', () => {
  const text = historyText(HISTORY, createColors(false));
  expect(text.split('\n')).toEqual([
    'Runs on environment demo that may have changed something, or compared rows:',
    '  on the clone demo-clone: 4 kept since 2025-12-31 10:00 (a new clone begins anew)',
    '  in runs.jsonl: nothing is kept; 2 entries cannot be read',
    '',
    'began (UTC)       run       mode      outcome                  made  by',
    '2026-01-01 00:00  0b0e8f5e  apply     at work                  1/2   ada',
    '2026-01-01 00:00  0b0e8f5e  reset     not ended                1/2   ada',
    '2026-01-01 00:00  0b0e8f5e  apply     failed CONNECT_DATABAS…  0/0   a-very-lon…',
    '2026-01-01 00:00  0b0e8f5e  teardown  nothing-to-do            0/0   ada',
    '2026-01-01 00:00  0b0e8f5e  verify    not settled 1201/1403          ada',
    '2026-01-01 00:00  0b0e8f5e  verify    failed NOT_STREAMING           ada',
    'and 7 before; --limit shows more',
    'not ended: it was killed, or its end could not be written',
  ]);
  for (const line of text.split('\n').slice(4)) expect(line.length).toBeLessThanOrEqual(80);
});

test('where nothing is kept it is said why, and no table is shown', () => {
  const none = { environment: 'demo', sources: [], runs: [], more: 0 };
  expect(historyText(none, createColors(false))).toContain('there is no clone to keep them on');
  const problem = { ...HISTORY.sources[0]!, problem: 'no route' };
  expect(historyText({ ...none, sources: [problem] }, createColors(false))).toContain('demo-clone: not read: no route');
});
