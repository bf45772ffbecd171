import { z } from 'zod';
import type { DdlMode } from '../../actions/ddl-check';
import type { LockSaid } from '../../migration/lock-words';
import type { Step } from '../../migration/steps';
import type { Break, Order, Verdict } from '../../migration/verdict';
import type { DdlCheckDocument, JudgedLine, JudgedPiece } from '../ddl-check-json';
import { count, formatVersion, words } from './parts';

const side = words<Step['side']>({ source: true, clone: true });

const lock = z.strictObject({
  table: z.string(),
  mode: z.string().describe('the strongest one, as the manual calls it'),
  stops: z.string().describe('what waits for it; empty: nothing that applications do'),
  duration: words<LockSaid['duration']>({ brief: true, scan: true, rewrite: true }).describe(
    'a moment, or as long as the table is read, or written anew',
  ),
}) satisfies z.ZodType<LockSaid>;

const line = z.strictObject({
  file: z.string(),
  line: count,
  sql: z.string(),
  onClone: z.boolean().describe('the clone has to get it too'),
  locks: z.array(lock),
  rewrites: z.array(
    z.strictObject({ table: z.string(), walBytes: count.nullable().describe('null: nobody knows how large it is') }),
  ),
  outsideTransaction: z.boolean().describe('it refuses to run in a transaction'),
}) satisfies z.ZodType<JudgedLine>;

const broken = z.strictObject({
  how: words<Break['how']>({ stops: true, 'loses-rows': true, 'other-values': true, 'refuses-writes': true }),
  when: words<Break['when']>({ 'source-first': true, 'clone-first': true, any: true }),
  words: z.string(),
}) satisfies z.ZodType<Break>;

const order = words<Order>({ source: true, 'source-clone': true, 'clone-source': true, 'source-stops-clone': true });

const piece = z.strictObject({
  verdict: words<Verdict['class']>({ safe: true, 'needs-order': true, breaks: true, fails: true, 'not-judged': true }),
  order: order.nullable().describe('in which both sides get it; null: there is none that leaves the rows equal'),
  refresh: z.boolean().describe('the subscription has to take what the publication has got'),
  why: z.string(),
  breaks: z.array(broken).describe('what was seen in other orders'),
  failed: z.strictObject({ file: z.string(), line: count, said: z.string() }).nullable(),
  refusesRows: z
    .string()
    .nullable()
    .describe('rows that were made up were refused, with these words: those of production decide; null: none were'),
  transaction: z.boolean(),
  statements: z.array(line),
}) satisfies z.ZodType<JudgedPiece>;

const step = z.strictObject({
  side,
  sql: z.array(z.string()),
  command: z.string().nullable().describe('run in a shell, in place of SQL'),
  after: words<NonNullable<Step['after']>>({ 'in-sync': true, 'at-once': true }).nullable(),
}) satisfies z.ZodType<Step>;

export const ddlCheckDocument = z
  .strictObject({
    format_version: formatVersion,
    schema: z.string(),
    postgres: z.string().describe('version of the local servers'),
    ddl: z.literal('off').describe('how definitions reach the clone in what was judged'),
    mode: words<DdlMode>({ off: true, apply: true, record: true }).describe('how they do in the environment'),
    units: z.array(piece).describe('what is committed at once, each with its verdict'),
    steps: z.array(step).nullable(),
    published: z.array(z.string()),
    leftOut: z.array(z.strictObject({ place: z.string(), said: z.string() })).describe('of the schema'),
    roles: z.array(z.string()).describe('that were made up'),
    unwritten: z.record(z.string(), z.string()).describe('tables that no row could be made up for, and why'),
  })
  .meta({ title: 'What sql-runner ddl check prints under --json' }) satisfies z.ZodType<DdlCheckDocument>;
