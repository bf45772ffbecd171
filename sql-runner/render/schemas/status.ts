import { z } from 'zod';
import type { EnvironmentStatus, StreamState, StreamStatus } from '../../actions/status';
import { code, count, formatVersion, lsn, words } from './parts';

const state = words<StreamState>({
  'not prepared': true,
  'waiting for the clone': true,
  'not connected yet': true,
  'cannot be connected': true,
  disabled: true,
  'worker stopped': true,
  'worker fails': true,
  'slot not read': true,
  'waits for a lock': true,
  silent: true,
  'no progress seen': true,
  'catching up': true,
  streaming: true,
  'clone not reached': true,
  broken: true,
  'not proven': true,
});

/** Of one stream, as `watch` shows it too. */
export const streamShape = {
  database: z.string(),
  state,
  doubt: z
    .string()
    .nullable()
    .describe('why it is not proven that it holds every change; null: nothing speaks against it'),
  trouble: z.string().nullable().describe('what keeps it from following; null: nothing that was seen'),
  tables: count,
  slot: z.string(),
  walStatus: z.string().nullable(),
  slotRead: z.boolean().nullable().describe('somebody reads the slot; null: there is none'),
  retainedBytes: z.number().min(0).nullable().describe('WAL that the source keeps for the slot; null: none'),
  safeWalBytes: z.number().nullable().describe('WAL that may be written before the slot is lost; null: no limit'),
  writtenLsn: lsn.nullable().describe('the position up to which the source had written'),
  confirmedLsn: lsn.nullable().describe('the position up to which the clone has confirmed'),
  lagBytes: z.number().min(0).nullable().describe('WAL that the clone has not confirmed; null: unknown'),
  lastMessage: z.string().nullable().describe('ISO 8601: when the clone last heard from the source'),
  applyErrors: count.nullable(),
};

const stream = z.strictObject(streamShape) satisfies z.ZodType<StreamStatus>;

export const statusShape = {
  environment: z.string(),
  ticket: z.string().describe('none, unpublished, issued, mismatch, or not read'),
  clone: words<EnvironmentStatus['clone']>({ 'not deployed': true, deployed: true, 'not reached': true }),
  unread: z
    .strictObject({ code, seen: z.string(), next: z.string(), meanwhile: z.string() })
    .nullable()
    .describe('why the clone was not read; null: both sides were'),
  seedLsn: lsn.nullable(),
  streams: z.array(stream),
  beside: z.array(z.string()).describe('what stands beside the streams and costs production something'),
};

export const statusDocument = z
  .strictObject({ format_version: formatVersion, ...statusShape })
  .meta({ title: 'What sql-runner status prints under --json' }) satisfies z.ZodType<EnvironmentStatus>;
