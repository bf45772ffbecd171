import { z } from 'zod';
import { code, formatVersion, runId } from './parts';

/** What any command prints when it fails: the last line of stdout. */
export const errorLine = z
  .strictObject({
    format_version: formatVersion,
    run: runId,
    type: z.literal('error'),
    code,
    seen: z.string().describe('what was found'),
    why: z.string().describe('why it matters'),
    next: z.string().describe('what to do'),
    location: z.string().optional().describe('file:line:column, of errors in files'),
    also: z.array(code).optional().describe('the codes of what else stands in the way'),
  })
  .meta({ title: 'An error of any command of sql-runner: the last line of stdout' });
