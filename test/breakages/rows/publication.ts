import type { Breakage } from '../breakage';
import { SUBSCRIPTION } from '../broken-world';

const alter = (clause: string): string => `ALTER PUBLICATION ${SUBSCRIPTION} ${clause}`;

/** What somebody did to the publication, and is put back by apply once every row was compared. */
const altered = (
  name: string,
  statements: readonly string[],
  words: RegExp,
  more: Partial<Breakage> = {},
): Breakage => ({
  name,
  states: ['streaming', 'catching up', 'not proven'],
  causes: ['PUBLICATION_ALTERED', 'CONTINUITY_NOT_PROVEN'],
  words,
  breaks: async (world) => {
    await world.onSource(...statements);
    await world.write();
  },
  ...more,
});

/** Production's own UPDATE and DELETE fail while it is so, and the clone follows as if nothing were the matter. */
const refused = (name: string, statements: readonly string[], fault: RegExp): Breakage => ({
  name,
  states: ['streaming', 'catching up'],
  causes: ['SOURCE_REFUSES_WRITES'],
  words: fault,
  breaks: async (world) => {
    await world.write();
    await world.onSource(...statements);
    const said = await world.onSource('DELETE FROM lines').then(
      () => 'done',
      (error: Error) => error.message,
    );
    if (!said.includes('does not have a replica identity')) throw new Error(`production does not refuse it: ${said}`);
  },
});

export const PUBLICATION_ROWS: readonly Breakage[] = [
  altered('publication without deletes', [alter(`SET (publish = 'insert, update')`)], /does not send DELETE/),
  altered('publication of roots', [alter('SET (publish_via_partition_root = true)')], /those of their root/, {
    beside: ['TABLE_NOT_SUBSCRIBED'],
  }),
  altered(
    'publication renamed',
    [alter('RENAME TO renamed')],
    /publication renamed of ours names it, under a name that it did not have/,
    {
      states: ['retrying', 'stopped', 'streaming', 'not proven', 'cut off'],
      causes: ['SLOT_NAME_TAKEN'],
      beside: ['APPLY_WORKER_STOPPED', 'APPLY_WORKER_FAILING', 'STREAM_NOT_STREAMING', 'TICKET_INCOMPLETE'],
      newClone: true,
    },
  ),
  altered(
    'publication dropped',
    [`DROP PUBLICATION ${SUBSCRIPTION}`],
    /publication acas_demo_shop of ours, which named it, is gone/,
    {
      states: ['retrying', 'stopped', 'streaming', 'not proven', 'cut off', 'blocked'],
      causes: ['SLOT_NAME_TAKEN'],
      beside: ['APPLY_WORKER_STOPPED', 'APPLY_WORKER_FAILING', 'STREAM_NOT_STREAMING', 'TICKET_INCOMPLETE'],
      newClone: true,
    },
  ),
  altered('table out of the publication', [alter('DROP TABLE lines')], /lines/, { beside: ['TABLE_NOT_SUBSCRIBED'] }),
  refused(
    'replica identity nothing',
    ['ALTER TABLE lines REPLICA IDENTITY NOTHING'],
    /refuses UPDATE and DELETE on public\.lines \(REPLICA IDENTITY NOTHING\)/,
  ),
  refused(
    'index of the replica identity dropped',
    [
      'CREATE UNIQUE INDEX lines_u ON lines (id)',
      'ALTER TABLE lines REPLICA IDENTITY USING INDEX lines_u',
      'DROP INDEX lines_u',
    ],
    /refuses UPDATE and DELETE on public\.lines \(no index of its replica identity\)/,
  ),
  {
    name: 'table swapped on the source',
    states: ['streaming', 'catching up', 'not proven', 'retrying'],
    causes: ['TABLE_SWAPPED'],
    beside: ['TABLE_NOT_SUBSCRIBED'],
    words: /the one that was cloned is public\.lines_before now/,
    breaks: async (world) => {
      await world.onSource(
        'ALTER TABLE lines RENAME TO lines_before',
        'CREATE TABLE lines (id bigint PRIMARY KEY, orders_id bigint, amount integer)',
        `INSERT INTO lines (id) VALUES (${++world.id})`,
      );
    },
    // The new clone has it as well, and it is not replicated on its own.
    afterwards: async (world) => {
      await world.onSource('DROP TABLE IF EXISTS lines_before');
      await world.onClone('DROP TABLE IF EXISTS lines_before');
    },
    newClone: true,
  },
  altered('row filter', [alter('SET TABLE orders WHERE (id < 0)')], /orders/, { newClone: true }),
];
