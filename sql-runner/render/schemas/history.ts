import { z } from 'zod';
import type { History } from '../../actions/history';
import { runRecord } from '../../model/run-record';
import { count, formatVersion, words } from './parts';

const source = z.strictObject({
  kind: words<'clone' | 'file'>({ clone: true, file: true }),
  name: z.string(),
  since: z.string().nullable().describe('nothing from before that is kept there; null: nothing is'),
  runs: count,
  problem: z.string().nullable().describe('what keeps it from being read; null: it was read'),
  unreadable: count.describe('entries that are none of ours, or not whole'),
});

const run = z.strictObject({
  ...runRecord.shape,
  atWork: z.boolean().describe('it has not ended, and a session of it is there'),
});

/** What sql-runner history prints under --json. */
export const historyDocument = z
  .strictObject({
    format_version: formatVersion,
    environment: z.string(),
    sources: z.array(source).describe('where runs are kept'),
    runs: z.array(run).describe('the latest first'),
    more: count.describe('those that are kept and not among them'),
  })
  .meta({ title: 'What sql-runner history prints under --json' }) satisfies z.ZodType<
  History & { readonly format_version: string }
>;
