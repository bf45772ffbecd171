import { z } from 'zod';
import type { SchemaComparison } from '../../actions/schema';
import type { Difference, Survival, When } from '../../drift/difference';
import { KINDS, type KindName, type Mark, type Order } from '../../drift/kinds';
import { count, formatVersion, words } from './parts';

/** Not the list of them: a reader must not fail on a kind that came later. */
const kind = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/)
  .describe(`what kind of difference, as in ${Object.keys(KINDS).slice(0, 3).join(', ')}; see docs/schema-drift.md`);

const difference = z.strictObject({
  kind: kind as unknown as z.ZodType<KindName>,
  mark: words<Mark>({ '+': true, '-': true, '~': true }).describe('+ only the source has it, - only the clone, ~ both'),
  object: z.string(),
  table: z.string().nullable().describe('whose rows it is about; null: no table'),
  source: z.string().nullable().describe('as the source has it; null: not at all'),
  clone: z.string().nullable().describe('as the clone has it; null: not at all'),
  survives: words<Survival>({ continues: true, stops: true, differs: true }).describe(
    'continues: nothing happens to rows; stops: the stream stops at a row; differs: rows differ, or are lost',
  ),
  consequence: z.string(),
  order: words<Order>({
    ...{ clone: true, source: true, printed: true, relaxed: true, plain: true, told: true, either: true },
  }).describe('on which side such a change is made first, the next time'),
  when: words<When>({ now: true, 'in sync': true, 'stopped or in sync': true }).describe(
    'when the statements may be carried out',
  ),
  statements: z.array(z.string()).describe('for the clone, in order, each a transaction of its own; none: see next'),
  next: z.string().nullable().describe('what has to be done besides, or instead'),
}) satisfies z.ZodType<Difference>;

export const schemaDocument = z
  .strictObject({
    format_version: formatVersion,
    environment: z.string(),
    databases: z.array(
      z.strictObject({
        database: z.string(),
        differences: z.array(difference),
        compared: z.strictObject({ tables: count, replicated: count, others: count }),
        unread: z.array(z.string()).describe('what somebody kept readers out of; none: all was looked at'),
      }),
    ),
    roles: z.array(difference).describe('of the servers as a whole'),
    notCompared: z.array(z.string()).describe('what is no part of the comparison'),
  })
  .meta({ title: 'What sql-runner schema prints under --json' }) satisfies z.ZodType<SchemaComparison>;
