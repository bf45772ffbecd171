import { z } from 'zod';
import { formatVersion, runId } from './parts';

/** Printed once, as soon as it can be asked. */
export const serveLine = z
  .strictObject({
    format_version: formatVersion,
    run: runId,
    type: z.literal('serving'),
    environment: z.string(),
    url: z.url().describe('the page; /metrics, /healthz and /readyz are below it'),
  })
  .meta({ title: 'A line that sql-runner serve prints under --json' });
