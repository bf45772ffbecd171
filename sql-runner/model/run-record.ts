import { z } from 'zod';
import { comparison, type Comparison } from './comparison';
import type { EngineEvent } from './events';

/**
 * One run that may have changed something, or has compared rows, as its history keeps it. Never a secret: ids of
 * changes, and no statement.
 */
const change = z.object({
  id: z.string(),
  action: z.string(),
  outcome: z.enum(['made', 'failed', 'begun', 'not made']).describe('begun: the run did not say what came of it'),
});

export const runRecord = z.object({
  run: z.uuid().describe('the id of the run; those of a rollout have one'),
  part: z.int().min(1).describe('which of the runs of a rollout; else 1'),
  environment: z.string(),
  mode: z.string().describe('what was to be done: apply, reset, teardown, verify, …'),
  version: z.string().describe('of sql-runner'),
  who: z.object({
    arn: z.string().nullable().describe('the caller, as AWS knows it; null: AWS was not asked, or did not answer'),
    login: z.string().nullable().describe('of the database'),
    user: z.string().describe('of the operating system'),
    host: z.string(),
  }),
  began: z.iso.datetime(),
  ended: z.iso.datetime().nullable().describe('null: it is at work, or was killed'),
  fingerprint: z.string().nullable().describe('of the plan; null: there was none yet'),
  changes: z.array(change).describe('those of its plan, in their order'),
  outcome: z
    .string()
    .nullable()
    .describe('as the run says it; refused: before anything was begun; failed; null: it has not ended'),
  code: z.string().nullable().describe('of the error; see docs/error-codes.md'),
  exitCode: z.int().nullable(),
  comparison: comparison.optional().describe('of a verify that came to its end; of every other run absent'),
});

export type RunRecord = z.infer<typeof runRecord>;

export interface RunEnd {
  /** Null: an error ended it. */
  readonly outcome: string | null;
  readonly code: string | null;
  readonly exitCode: number;
  /** Of a verify. */
  readonly comparison?: Comparison;
}

/** The record as an event of the run leaves it; the same object where it tells nothing of that. */
export function recorded(record: RunRecord, event: EngineEvent): RunRecord {
  if (event.type === 'planned') {
    const changes = event.plan.changes.map(({ id, action }) => ({ id, action, outcome: 'not made' as const }));
    return { ...record, fingerprint: event.plan.fingerprint, changes };
  }
  if (event.type !== 'change-started' && event.type !== 'change-finished') return record;
  const outcome = event.type === 'change-started' ? ('begun' as const) : ('made' as const);
  const changes = record.changes.map((one, index) => (index === event.index ? { ...one, outcome } : one));
  return { ...record, changes };
}

export function recordedEnd(record: RunRecord, end: RunEnd, at: Date): RunRecord {
  const { outcome, code, exitCode, comparison: found } = end;
  // What was in hand when an error came has failed; what was given up was not made.
  const left = outcome === null ? ('failed' as const) : ('not made' as const);
  const changes = record.changes.map((one) =>
    one.outcome === 'begun' && exitCode < 128 ? { ...one, outcome: left } : one,
  );
  const ended = { ended: at.toISOString(), outcome: outcome ?? howItFailed(record), code, exitCode };
  return { ...record, changes, ...ended, ...(found === undefined ? {} : { comparison: found }) };
}

/** Refused: before anything was begun, and not for what came of a plan without changes. */
function howItFailed({ fingerprint, changes }: RunRecord): string {
  if (changes.some(({ outcome }) => outcome !== 'not made')) return 'failed';
  return fingerprint === null || changes.length > 0 ? 'refused' : 'failed';
}

/** Each run once, as it was said last; the latest first. */
export function latestRuns(records: readonly RunRecord[]): RunRecord[] {
  const byRun = new Map<string, RunRecord>();
  for (const one of records) {
    const key = `${one.run} ${one.part}`;
    const before = byRun.get(key);
    if (before === undefined || before.ended === null || one.ended !== null) byRun.set(key, one);
  }
  return [...byRun.values()].sort((a, b) => Number(a.began < b.began) - Number(a.began > b.began) || b.part - a.part);
}
