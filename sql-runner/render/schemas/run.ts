import { z } from 'zod';
import type { RunOutcome } from '../../actions/run';
import { change, plan } from './plan';
import { count, formatVersion, words } from './parts';
import { errorLine } from './error';

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ format_version: formatVersion, type: z.literal(type), ...shape });

const seconds = z.number().min(0);
const step = { change, index: count, total: count };

const outcome = words<RunOutcome>({
  applied: true,
  'nothing-to-do': true,
  declined: true,
  interrupted: true,
  'stopped-waiting': true,
});

/** One line of a run: what happened, in order; the last one is the outcome or an error. */
export const runLine = z.discriminatedUnion('type', [
  event('waiting', { for: z.string() }),
  event('planned', plan.shape),
  event('change-started', step),
  event('change-finished', { ...step, seconds }),
  event('catching-up', { lagBytes: z.number().min(0) }),
  event('in-sync', {
    seconds,
    unproven: z.array(z.string()).describe('databases without a heartbeat on both sides: nothing proves them'),
  }),
  event('interrupted', { remaining: count.describe('changes that were not made; 0: it stopped waiting') }),
  event('applied', {
    created: count,
    updated: count,
    deleted: count,
    onlySource: z.literal(true).optional().describe('of a teardown: no clone was looked at'),
  }),
  event('outcome', { outcome }),
  errorLine,
]);
