import { z } from 'zod';
import type { DatabaseVerdict, Verification } from '../../actions/verify';
import type { Difference, VerdictStatus } from '../../verify/types';
import { code, count, formatVersion, lsn, words } from './parts';

const difference = z.strictObject({
  key: z.record(z.string(), z.string()).describe('key column to its text; row: the whole row, without a key'),
  kind: words<Difference['kind']>({ 'missing on target': true, 'extra on target': true, different: true }),
  sourceLsn: lsn.describe('the clone had passed it when the row still differed'),
}) satisfies z.ZodType<Difference>;

const verdict = z.strictObject({
  database: z.string(),
  schema: z.string(),
  name: z.string(),
  status: words<VerdictStatus>({ equal: true, different: true, unsettled: true, unsupported: true }),
  rows: count.describe("rows in the source's snapshot"),
  buckets: count,
  rechecked: count.describe('rows that did not match at first sight and were read again'),
  differences: z.array(difference).describe('the first ones found'),
  moreDifferences: z.boolean(),
  seconds: z.number().min(0),
  part: z
    .strictObject({
      where: z.string().optional().describe('only rows of the source for which this is true; of the clone all rows'),
      columns: z.array(z.string()).optional().describe('only these'),
    })
    .optional()
    .describe('what alone of the table is replicated and was compared; absent: all of it'),
  onlyOnTarget: z.array(z.string()).optional().describe('columns that were not compared: the source has none of them'),
  reason: z.string().optional(),
  code: code.optional(),
}) satisfies z.ZodType<DatabaseVerdict>;

export const verifyDocument = z
  .strictObject({
    format_version: formatVersion,
    environment: z.string(),
    equal: z.boolean().describe('every table was compared and is equal, and nothing speaks against the streams'),
    tables: z.array(verdict),
    notReplicated: z
      .array(z.strictObject({ database: z.string(), schema: z.string(), name: z.string(), reason: z.string() }))
      .describe('the clone came with these as replicated, and they are not any more'),
    doubts: z.array(z.string()).describe('why equal rows would not mean that the clone follows'),
    notCompared: z.array(z.string()).describe('what nobody looked at; no part of the verdict'),
  })
  .meta({ title: 'What sql-runner verify prints under --json' }) satisfies z.ZodType<Verification>;
