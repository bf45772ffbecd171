import { z } from 'zod';
import type { Blocker } from '../../model/events';
import type { RunOutcome } from '../../actions/run';
import { change, plan } from './plan';
import { count, formatVersion, runId, words, unlooked } from './parts';
import { errorLine } from './error';

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ format_version: formatVersion, run: runId, type: z.literal(type), ...shape });

const seconds = z.number().min(0);
const step = { change, index: count, total: count };

const outcome = words<RunOutcome>({
  applied: true,
  'nothing-to-do': true,
  declined: true,
  interrupted: true,
  'stopped-waiting': true,
});

const blocker = z.strictObject({
  who: z.string(),
  database: z.string().nullable(),
  application: z.string().nullable(),
  state: z.string().nullable(),
  seconds: seconds.nullable().describe('how long its transaction is open; null: not to be seen'),
  statement: z.string().nullable().describe('without its values; null: not to be seen'),
  end: z.string().describe('the statement that ends it, in its database on the source'),
}) satisfies z.ZodType<Blocker>;

/** One line of a run: what happened, in order; the last one is the outcome or an error. */
export const runLine = z.discriminatedUnion('type', [
  event('waiting', {
    for: z.string(),
    slot: z.string().optional().describe('the slot that is being made'),
    seconds: seconds.optional().describe('how long it has waited by now'),
    blockers: z.array(blocker).optional().describe('who is in the way of a slot that is being made'),
  }),
  event('planned', plan.shape),
  event('view-refreshed', {
    database: z.string(),
    view: z.string().describe('schema.name'),
    concurrently: z.boolean().describe('false: nobody could read it meanwhile'),
    holdsUpTo: z
      .string()
      .nullable()
      .describe('all that the streams carry and production had committed before this position; null: not known'),
    asOf: z.iso.datetime().describe('when its rows began to be read, by the clock of the clone'),
  }),
  event('large-objects-copied', {
    database: z.string(),
    position: z.string().describe('what production had committed before it to those that are equal is in them'),
    objects: count.describe('large objects that production has'),
    equal: count.describe('of those, read on both sides and the same: content, owner, grants, comment'),
    copied: count,
    bytes: z.number().min(0).describe('of content that was copied'),
    pruned: count,
    left: count.describe('could not be copied or removed'),
  }),
  event('change-started', step),
  event('change-finished', { ...step, seconds }),
  event('catching-up', {
    lagBytes: z.number().min(0).describe('WAL that the slowest stream has not confirmed'),
    unsentBytes: z.number().min(0).nullable().describe('WAL that the source has not sent; null: not to be seen'),
    bytesPerSecond: z.number().min(0).nullable().describe('how fast it gets less; null: not known yet'),
    etaSeconds: z.number().min(0).nullable().describe('null: it comes no nearer, or that is not known yet'),
    seconds: seconds.describe('since the wait began'),
  }),
  event('in-sync', {
    seconds,
    unproven: z.array(z.string()).describe('databases without a heartbeat on both sides: nothing proves them'),
    unlooked,
  }),
  event('interrupted', {
    remaining: count.describe('changes that were not made; 0: it stopped waiting'),
    made: count.describe('changes of the plan that were made before'),
    next: z.string().optional().describe('the id of the change that comes next'),
  }),
  event('applied', {
    created: count,
    updated: count,
    deleted: count,
    onlySource: z.literal(true).optional().describe('of a teardown: no clone was looked at'),
  }),
  event('outcome', { outcome }),
  errorLine,
]);
