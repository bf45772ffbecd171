import { z } from 'zod';

/** How a comparison of rows ended, in the words of sql-runner verify; each goes with an exit code of its own. */
export const COMPARED = ['equal', 'not equal', 'not settled', 'not proven', 'not read'] as const;
export type Compared = (typeof COMPARED)[number];

const count = z.int().min(0);

const ofDatabase = z.object({
  database: z.string(),
  outcome: z.enum(COMPARED),
  tables: count.describe('that the clone came with as replicated'),
  equal: count.describe('tables that were compared to the end, and are equal'),
  rows: count.describe("rows in the source's snapshots"),
});

/** What a run of verify found, as the history keeps it: names and counts, and never a row. */
export const comparison = z.object({
  whole: z.boolean().describe('every database of the environment was compared'),
  databases: z.array(ofDatabase).describe('those that were compared'),
  against: z.array(z.string()).describe('what keeps it from being called equal; the first of it'),
  notCompared: z.array(z.string()).describe('what nobody looked at, in a word; no part of the outcome'),
});
export type Comparison = z.infer<typeof comparison>;
export type DatabaseCompared = Comparison['databases'][number];
