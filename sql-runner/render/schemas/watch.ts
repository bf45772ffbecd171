import { z } from 'zod';
import type { Pace } from '../../model/lag-history';
import { code, formatVersion, runId } from './parts';
import { statusShape, streamShape } from './status';

const rate = z.number().nullable().describe('bytes of WAL a second; null: not known yet');

const pace = z.strictObject({
  writeRate: rate,
  applyRate: rate,
  behindSeconds: z.number().min(0).nullable().describe('age of the oldest WAL that is not confirmed'),
  atLeast: z.boolean().describe('that WAL is older than the first look'),
  etaSeconds: z.number().min(0).nullable().describe('until nothing is to go; null: it does not come nearer'),
}) satisfies z.ZodType<Pace>;

const stream = z.strictObject({ ...streamShape, pace: pace.nullable().describe('null: it is not connected') });

const sample = z.strictObject({
  format_version: formatVersion,
  run: runId,
  type: z.literal('sample'),
  wholeAt: z.iso.datetime().describe('when more than the positions was read'),
  following: z.boolean().describe('every stream was seen to follow, and nothing speaks against it'),
  ...statusShape,
  streams: z.array(stream),
});

const unseen = z.strictObject({
  format_version: formatVersion,
  run: runId,
  type: z.literal('unseen').describe('it could not look; what was seen before need not be so any more'),
  at: z.iso.datetime(),
  code,
  seen: z.string(),
  why: z.string(),
  next: z.string(),
});

/** One line each time that it looks. */
export const watchLine = z
  .discriminatedUnion('type', [sample, unseen])
  .meta({ title: 'A line that sql-runner watch prints under --json' });
