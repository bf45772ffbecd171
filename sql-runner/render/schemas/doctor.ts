import { z } from 'zod';
import type { CheckResult, CheckStatus, Diagnosis } from '../../actions/doctor';
import { code, finding, formatVersion, lookedAt, words } from './parts';

const result = z.strictObject({
  code,
  side: words<CheckResult['side']>({ source: true, production: true, target: true, streams: true, both: true }),
  status: words<CheckStatus>({ pass: true, info: true, warn: true, fail: true, skipped: true }),
  holds: z.string().nullable().describe('what is so when it passes; null for what was found beside the checks'),
  findings: z.array(finding),
}) satisfies z.ZodType<CheckResult>;

export const doctorDocument = z
  .strictObject({
    format_version: formatVersion,
    environment: z.string(),
    results: z.array(result),
    looked: lookedAt.nullable().describe('how the streams stood; null: there is no clone, or they were not read'),
    connected: z.boolean().describe('a subscription of ours is on the clone'),
  })
  .meta({ title: 'What sql-runner doctor prints under --json' }) satisfies z.ZodType<Diagnosis>;
