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

export const PUBLICATION_ROWS: readonly Breakage[] = [
  altered('publication without deletes', [alter(`SET (publish = 'insert, update')`)], /delete/),
  altered('publication of roots', [alter('SET (publish_via_partition_root = true)')], /publish_via_partition_root/),
  altered('publication renamed', [alter('RENAME TO renamed')], /renamed|does not exist/, {
    states: ['retrying', 'stopped', 'streaming', 'not proven', 'cut off'],
    causes: ['PUBLICATION_ALTERED', 'APPLY_WORKER_STOPPED', 'APPLY_WORKER_FAILING', 'STREAM_NOT_STREAMING'],
    beside: ['CONTINUITY_NOT_PROVEN'],
  }),
  altered('publication dropped', [`DROP PUBLICATION ${SUBSCRIPTION}`], /publication/, {
    states: ['retrying', 'stopped', 'streaming', 'not proven', 'cut off', 'blocked'],
    causes: ['PUBLICATION_ALTERED', 'APPLY_WORKER_STOPPED', 'APPLY_WORKER_FAILING', 'STREAM_NOT_STREAMING'],
    beside: ['CONTINUITY_NOT_PROVEN', 'SLOT_NAME_TAKEN'],
    newClone: true,
  }),
  altered('table out of the publication', [alter('DROP TABLE lines')], /lines/, { beside: ['TABLE_NOT_SUBSCRIBED'] }),
  altered('row filter', [alter('SET TABLE orders WHERE (id < 0)')], /orders/, { newClone: true }),
];
