import { z } from 'zod';
import { comparison } from '../../model/comparison';
import { HEALTH_STATES } from '../../model/health';
import { runRecord } from '../../model/run-record';
import { code, count, formatVersion } from './parts';

const time = z.string().describe('ISO 8601');

const standing = z.strictObject({
  state: z.enum(HEALTH_STATES),
  healthy: z.boolean().describe('it was seen to follow, with nothing that speaks against it'),
  since: time.nullable().describe('it has been so since then at the latest; null: the servers do not tell'),
  code: code.nullable().describe('of what keeps it; null: nothing is known to'),
  cause: z.string().nullable(),
  consequence: z.string().nullable().describe('what production keeps for it'),
  next: z.string().nullable().describe('what to do first'),
});

const unseen = z.strictObject({ code, seen: z.string(), why: z.string(), next: z.string() });

const told = z.string().describe('what happened, in a few words');

const header = {
  format_version: formatVersion,
  id: z.uuid().describe('of this event alone, however often it is sent'),
  at: time.describe('when it was seen, ISO 8601'),
  environment: z.string(),
  slot: z.string().nullable().describe('null: the environment as a whole'),
  healthy: z.boolean().nullable().describe('null: not known'),
  heldBack: count.describe('changes before it that were not sent, as there were too many in a minute'),
  dropped: count.describe('events before it that this receiver never took'),
};

/** What serve sends. Kinds that come later are to be let pass. */
export const eventBody = z
  .discriminatedUnion('kind', [
    z.strictObject({
      ...header,
      kind: z.literal('standing').describe('the first after a start: where everything stands'),
      streams: z.array(z.strictObject({ database: z.string(), slot: z.string(), standing: standing.nullable() })),
      unseen: unseen.nullable(),
    }),
    z.strictObject({
      ...header,
      kind: z.literal('stream'),
      database: z.string(),
      before: standing.nullable().describe('as it was told last; null: it was not seen before'),
      now: standing,
    }),
    z.strictObject({
      ...header,
      kind: z.literal('budget').describe('a stream costs production more than its budget, nearly as much, or no more'),
      told,
      database: z.string(),
      exceeded: z.boolean(),
      near: z.boolean().describe('not all of the budget is used, but 80 % or more'),
      used: z.number().min(0).nullable().describe('part of the budget, 1 being all of it; null: not known, or no cost'),
      seen: z.string().nullable().describe('what it costs; null: it is well within its budget'),
      next: z.string().nullable().describe('what to do'),
    }),
    z.strictObject({
      ...header,
      kind: z.literal('verification').describe('a run of verify has ended, as the history on the clone keeps it'),
      told,
      run: runRecord.shape.run,
      part: runRecord.shape.part,
      began: runRecord.shape.began,
      ended: runRecord.shape.began,
      outcome: z
        .string()
        .describe('equal, not equal, not settled, not proven, not read; refused or failed by an error'),
      code: runRecord.shape.code,
      exitCode: runRecord.shape.exitCode,
      user: runRecord.shape.who.shape.user,
      host: runRecord.shape.who.shape.host,
      comparison: comparison.nullable().describe('what was found; null: an error ended it'),
    }),
    z.strictObject({ ...header, kind: z.literal('look-failed'), unseen, seenAt: time.nullable() }),
    z.strictObject({ ...header, kind: z.literal('look-recovered'), unseen: z.null(), seenAt: time.nullable() }),
  ])
  .meta({ title: 'An event that sql-runner serve sends to a webhook or a topic' });
