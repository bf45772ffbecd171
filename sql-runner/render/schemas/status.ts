import { z } from 'zod';
import type { EnvironmentStatus, StreamStatus } from '../../actions/status';
import type { SequencesSeen } from '../../model/sequences';
import { HEALTH_STATES } from '../../model/health';
import { code, count, formatVersion, lsn, words, unlooked } from './parts';

const problem = z.strictObject({ code, seen: z.string(), why: z.string(), next: z.string() });

/** How it stands, and why: model/health.ts. */
const health = {
  state: z.enum(HEALTH_STATES),
  since: z.string().nullable().describe('ISO 8601: it has been so since then at the latest; null: not known'),
  problems: z.array(problem).describe('what speaks against it, the cause first; none: nothing that was looked at'),
  evidence: z.array(z.string()).describe('what both servers were seen to say of it'),
  consequence: z.string().nullable().describe('what production keeps for it, and how long it may; null: no slot'),
  next: z.string().nullable().describe('what to do first; null: nothing'),
};

const location = z.strictObject({ accountId: z.string(), endpoint: z.string() });

/** Of one stream, as `watch` shows it too. */
export const streamShape = {
  database: z.string(),
  ...health,
  tables: count,
  slot: z.string(),
  walStatus: z.string().nullable(),
  slotRead: z.boolean().nullable().describe('somebody reads the slot; null: there is none'),
  retainedBytes: z.number().min(0).nullable().describe('WAL that the source keeps for the slot; null: none'),
  safeWalBytes: z.number().nullable().describe('WAL that may be written before the slot is lost; null: no limit'),
  writtenLsn: lsn.nullable().describe('the position up to which the source had written'),
  sentLsn: lsn.nullable().describe('the position up to which the source has sent; null: nobody reads, or not seen'),
  receivedLsn: lsn.nullable().describe('the position up to which the clone has received'),
  confirmedLsn: lsn.nullable().describe('the position up to which the clone has confirmed'),
  lagBytes: z.number().min(0).nullable().describe('WAL that the clone has not confirmed; null: unknown'),
  lagSeconds: z
    .number()
    .min(0)
    .nullable()
    .describe('how far it is behind; null: no beat is on its way that would tell'),
  provenUntil: z
    .string()
    .nullable()
    .describe(
      'ISO 8601: when the newest beat that has arrived was written, and nothing before it was skipped; null: not proven',
    ),
  budgetUsed: z.number().min(0).nullable().describe('part of its budget that is used, 1: all; null: none, or unknown'),
  lastMessage: z.string().nullable().describe('ISO 8601: when the clone last heard from the source'),
  applyErrors: count.nullable(),
};

const stream = z.strictObject(streamShape) satisfies z.ZodType<StreamStatus>;

const sequencesOf = z.strictObject({
  database: z.string(),
  compared: count.describe('those that are on both sides, and were read on both'),
  behind: count.describe('those of which the clone would hand out values that the source has handed out'),
  mostBehind: z.number().min(1).nullable().describe('increments that the furthest is behind; null: none is'),
  furthest: z.string().nullable().describe('which one that is'),
  uncompared: count.describe('those that are on both sides, and were not read or are not made alike enough'),
}) satisfies z.ZodType<SequencesSeen>;

export const statusShape = {
  environment: z.string(),
  at: z.string().describe('ISO 8601: when it was looked at'),
  places: z
    .strictObject({ source: location.nullable(), clone: location.nullable() })
    .describe('account and endpoint of both sides; null: not deployed'),
  ticket: z.string().describe('none, unpublished, issued, mismatch, or not read'),
  clone: words<EnvironmentStatus['clone']>({ 'not deployed': true, deployed: true, 'not reached': true }),
  unread: z
    .strictObject({ code, seen: z.string(), next: z.string(), meanwhile: z.string() })
    .nullable()
    .describe('why the clone was not read; null: both sides were'),
  seedLsn: lsn.nullable(),
  streams: z.array(stream),
  sequences: z.array(sequencesOf).describe('of each database that follows and has sequences on both sides'),
  unlooked,
  beside: z.array(z.string()).describe('what stands beside the streams and costs production something'),
};

export const statusDocument = z
  .strictObject({ format_version: formatVersion, ...statusShape })
  .meta({ title: 'What sql-runner status prints under --json' }) satisfies z.ZodType<EnvironmentStatus>;
