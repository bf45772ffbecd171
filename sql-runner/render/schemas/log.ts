import { z } from 'zod';
import { code, formatVersion, runId, words } from './parts';

/** What goes to stderr under --log-format json, whatever the command. */
export const logLineSchema = z
  .strictObject({
    format_version: formatVersion,
    time: z.iso.datetime(),
    level: words<'info' | 'warn' | 'error'>({ info: true, warn: true, error: true }),
    run: runId,
    message: z.string().describe('for people; may have several lines'),
    code: code.optional().describe('of an error; see docs/error-codes.md'),
  })
  .meta({ title: 'A line that any command of sql-runner writes to stderr under --log-format json' });
