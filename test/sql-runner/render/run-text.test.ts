import { createColors } from 'picocolors';
import { jsonLine } from '../../../sql-runner/commands/machine-output';
import type { EngineEvent } from '../../../sql-runner/model/events';
import { RUN } from '../../../sql-runner/model/run-id';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { runJson } from '../../../sql-runner/render/run-json';
import { formatBytes } from '../../../sql-runner/render/bytes';
import { runLine } from '../../../sql-runner/render/schemas/run';
import { runText } from '../../../sql-runner/render/run-text';
import { sourceContract } from '../support/contract';
import { ticketed, prepared } from '../support/observations';

const contract = sourceContract();
const plan = planApply(contract, prepared(contract));
const change = plan.changes[0]!;

const EVENTS: readonly (readonly [EngineEvent, string | null])[] = [
  [
    { type: 'planned', plan: planApply(contract, ticketed(contract)) },
    'No changes. All that can be done by now is done.',
  ],
  [{ type: 'change-started', change, index: 0, total: 3 }, null],
  [{ type: 'change-finished', change, index: 0, total: 3, seconds: 1.26 }, '  [1/3] + source/clone-ticket  1.3 s'],
  [{ type: 'waiting', for: 'writer-1 to come back' }, '  waiting for writer-1 to come back'],
  [
    {
      type: 'catching-up',
      lagBytes: 1_234_567,
      unsentBytes: 400_000,
      bytesPerSecond: 120_000,
      etaSeconds: 11,
      seconds: 4,
    },
    '  catching up: 1.2 MB of WAL to go (400.0 kB not sent yet), 120.0 kB/s, about 11 s left; 4 s by now',
  ],
  [
    { type: 'catching-up', lagBytes: 9, unsentBytes: null, bytesPerSecond: null, etaSeconds: null, seconds: 2 },
    '  catching up: 9 B of WAL to go; 2 s by now',
  ],
  [
    {
      type: 'waiting',
      for: 'open transactions to end: process 8 of app',
      slot: 'acas_demo_shop',
      seconds: 18,
      blockers: [
        {
          who: 'process 8 of app',
          database: 'shop',
          application: 'psql',
          state: 'idle in transaction',
          seconds: 300,
          statement: 'UPDATE orders SET note = …',
          end: 'SELECT pg_terminate_backend(8);',
        },
      ],
    },
    [
      '  waiting for open transactions to end, to make slot acas_demo_shop, 18 s by now:',
      '    process 8 of app (database shop, psql, idle in transaction, open for 5 min)',
      '      UPDATE orders SET note = …',
      '      to end it, on the source: SELECT pg_terminate_backend(8);',
    ].join('\n'),
  ],
  [
    { type: 'in-sync', unproven: [], unlooked: [], seconds: 2 },
    'In sync: the clone has applied all that the source had written (2.0 s).',
  ],
  [
    { type: 'in-sync', unproven: [], unlooked: ['whether one: why', 'whether two: why'], seconds: 2 },
    'In sync: the clone has applied all that the source had written (2.0 s). Not looked at: whether one: why. Not looked at: whether two: why. sql-runner verify compares the rows.',
  ],
  [
    { type: 'interrupted', remaining: 2, made: 1, next: 'source/clone-ticket' },
    'Stopped as you asked, 2 changes before the end. Made and kept: 1; next: source/clone-ticket.',
  ],
  [{ type: 'interrupted', remaining: 0, made: 1 }, 'Made: 1 change, all of the plan.'],
  [{ type: 'applied', created: 4, updated: 1, deleted: 0 }, 'Done. 4 added, 1 changed, 0 destroyed.'],
  [
    { type: 'applied', created: 0, updated: 0, deleted: 9, onlySource: true },
    'Done. 0 added, 0 changed, 9 destroyed. No clone was looked at: what one has of ours is still there.',
  ],
];

test.each(EVENTS.map(([event, line]) => [event.type, event, line] as const))('%s', (_, event, line) => {
  const lines: string[] = [];
  runText((text) => lines.push(text), createColors(false))(event);
  expect(lines).toEqual(line === null ? [] : [expect.stringContaining(line)]);
});

test.each(EVENTS.map(([event]) => [event.type, event] as const))('%s is one line of JSON', (type, event) => {
  const lines: string[] = [];
  runJson((one) => lines.push(jsonLine(one)))(event);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({ type, format_version: '1.1', run: RUN });
  // With nothing of the engine's own in it.
  expect(runLine.safeParse(JSON.parse(lines[0]!)).error).toBeUndefined();
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [2_500_000_000, '2.5 GB'],
  [3e15, '3000.0 TB'],
])('%d bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});
