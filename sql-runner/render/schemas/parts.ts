import { z } from 'zod';
import type { Finding, Severity, Step } from '../../model/change';
import type { LookedAt } from '../../model/plan';
import { FORMAT_VERSION } from '../format-version';

/** What the documents of several commands have in common. */

export const formatVersion = z
  .literal(FORMAT_VERSION)
  .describe('MAJOR.MINOR: additions raise the second number, anything else the first');

/** What its events, its log and the history have in common; of a version before 1.1: absent. */
export const runId = z.uuid().describe('the run of sql-runner that says it');

/** Not the list of them: a reader must not fail on a code that came later. */
export const code = z
  .string()
  .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/)
  .describe('stable; see docs/error-codes.md') as unknown as z.ZodType<Finding['code']>;

/** The words of a type, every one of them: one that is missing does not compile. */
export function words<T extends string>(all: Readonly<Record<T, true>>): z.ZodType<T> {
  return z.enum(Object.keys(all) as [T, ...T[]]);
}

export const lsn = z
  .string()
  .regex(/^[0-9A-F]+\/[0-9A-F]+$/)
  .describe('a position in the WAL of the source');
export const count = z.int().min(0);

export const finding = z.strictObject({
  code,
  severity: words<Severity>({ block: true, warn: true, info: true }),
  seen: z.string(),
  why: z.string(),
  next: z.string().describe('the SQL, setting or command that resolves it'),
  standing: z.literal(true).optional().describe('how something stands by now; it stops no change of a plan'),
  stops: z
    .array(words<Step>({ publish: true, slot: true, ticket: true, role: true, reboot: true, connect: true }))
    .optional()
    .describe('of one that blocks: the steps that it stops; absent: every step'),
}) satisfies z.ZodType<Finding>;

export const unlooked = z.array(z.string()).describe('what nobody could look at, and why; none: all was looked at');

export const lookedAt = z.strictObject({
  streams: count,
  following: count.describe('those of which it was seen that they stream, or catch up'),
  lost: count.describe('those whose slot is lost or gone'),
  tables: count,
  lagBytes: z.number().min(0).nullable().describe('bytes of WAL that the slowest has not confirmed; null: unknown'),
  unlooked,
  roles: count.optional().describe('roles that were compared, with their rights; absent: they are not followed'),
}) satisfies z.ZodType<LookedAt>;
