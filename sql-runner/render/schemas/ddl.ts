import { z } from 'zod';
import type { DdlList } from '../../actions/ddl';
import type { DdlShown, DdlState } from '../../model/ddl';
import { count, formatVersion, lsn, words } from './parts';

const statement = z.strictObject({
  number: count.describe('by which show, apply and skip know it; of one database'),
  tag: z.string().describe('command tag, as ALTER TABLE'),
  at: z.string(),
  login: z.string().describe('role of the session'),
  role: z.string().describe('role that it ran as'),
  lsn,
  transaction: z.string(),
  searchPath: z.string(),
  objects: z.array(z.string()),
  statement: z.string().nullable().describe('all that the client sent; null: too long to be noted'),
  verdict: words<DdlShown['verdict']>({ run: true, ignore: true, stop: true }).describe('what its text and kind allow'),
  reason: z.string().nullable().describe('of the verdict'),
  part: z.string().nullable().describe('what is carried out of it; null: that cannot be told'),
  state: words<DdlState>({
    applied: true,
    ignored: true,
    skipped: true,
    failed: true,
    stopped: true,
    waiting: true,
    recorded: true,
  }).describe('what became of it on the clone; stopped: the stream stands before it'),
  detail: z.string().nullable().describe('why, where that is known'),
  done: z.string().nullable().describe('when it was carried out or left out; null: it was not'),
  decision: z.string().nullable().describe('apply or skip; null: nobody has decided'),
}) satisfies z.ZodType<DdlShown>;

/** What sql-runner ddl prints under --json: all statements that were asked for, or one. */
export const ddlDocument = z
  .strictObject({
    format_version: formatVersion,
    environment: z.string(),
    databases: z.array(
      z.strictObject({
        database: z.string(),
        schema: z.string().describe('where it is written down, on both sides'),
        mode: words<'apply' | 'record'>({ apply: true, record: true }),
        missed: count.describe('statements that ran and could not be noted'),
        statements: z.array(statement).describe('the latest last'),
      }),
    ),
  })
  .meta({ title: 'What sql-runner ddl prints under --json' }) satisfies z.ZodType<
  DdlList & { readonly format_version: string }
>;
