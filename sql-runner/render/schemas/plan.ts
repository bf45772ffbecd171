import { z } from 'zod';
import type { Address } from '../../model/address';
import type { Action } from '../../model/change';
import type { PlanMode } from '../../model/plan';
import { finding, formatVersion, words } from './parts';

export const change = z.strictObject({
  id: z.string().describe('what people and scripts know it by'),
  action: words<Action>({ create: true, update: true, delete: true, replace: true }),
  side: words<Address['side']>({ source: true, target: true }),
  consent: z.literal('allow-reboot').nullable().describe('the flag that consents to an outage; null: there is none'),
  reason: z.string(),
  preview: z.array(z.string()).describe('the SQL or API calls, without secrets'),
});

export const plan = z.strictObject({
  environment: z.string(),
  mode: words<PlanMode>({
    apply: true,
    teardown: true,
    reset: true,
    hold: true,
    release: true,
    resume: true,
    rotate: true,
    sequences: true,
    refresh: true,
    'large-objects': true,
    skip: true,
    resync: true,
    repair: true,
  }),
  fingerprint: z.string().describe('digest of what was observed'),
  changes: z.array(change),
  findings: z.array(finding),
  nextStep: z
    .strictObject({ command: z.string(), reason: z.string() })
    .nullable()
    .describe('what has to happen outside sql-runner before the next apply can go on'),
});

export const planDocument = z
  .strictObject({ format_version: formatVersion, ...plan.shape })
  .meta({ title: 'What sql-runner plan prints under --json' });
