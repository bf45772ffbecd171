import { advance, consume, remake } from '../../e2e/support/slot-moves';
import { loseWal, startReader } from '../../e2e/support/provocations';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION, type BrokenWorld } from '../broken-world';

const whileAway = (world: BrokenWorld, work: () => Promise<unknown>): Promise<void> => world.whileAway(work);
const whileKilled = (world: BrokenWorld, work: () => Promise<unknown>): Promise<void> => world.whileKilled(work);

export const SLOT_ROWS: readonly Breakage[] = [
  {
    name: 'slot read by somebody else',
    states: ['stopped', 'cut off'],
    causes: ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING'],
    words: new RegExp(`slot ${SUBSCRIPTION} is read by process \\d+`),
    restarted: false,
    breaks: async (world) => {
      await whileAway(world, () => startReader(world.lab, SUBSCRIPTION));
      await world.write();
    },
  },
  {
    name: 'slot dropped',
    states: ['lost'],
    causes: ['SLOT_LOST'],
    beside: ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING', 'SLOT_AT_RISK'],
    newClone: true,
    breaks: async (world) => {
      await whileAway(world, () => world.onSource(`SELECT pg_drop_replication_slot('${SUBSCRIPTION}')`));
      await world.write();
    },
  },
  {
    name: 'slot without its WAL',
    states: ['lost'],
    causes: ['SLOT_LOST'],
    beside: ['APPLY_WORKER_STOPPED', 'STREAM_NOT_STREAMING', 'SLOT_AT_RISK'],
    newClone: true,
    breaks: async (world) => {
      await whileAway(world, () => loseWal(world.lab, SUBSCRIPTION));
      await world.write();
    },
  },
  // That it was made again tells from where on it gives changes away, and not up to where it had: a beat may be deleted.
  ...(
    [
      ['slot advanced by hand', advance, ['diverged'], ['HISTORY_DIFFERS']],
      ['slot consumed by somebody else', consume, ['diverged'], ['HISTORY_DIFFERS']],
      ['slot made again by hand', remake, ['not proven'], ['CONTINUITY_NOT_PROVEN']],
    ] as const
  ).map(([name, statements, states, causes]): Breakage => ({
    name,
    states,
    causes,
    newClone: true,
    breaks: async (world) => {
      await whileAway(world, async () => {
        await world.beat();
        await world.write();
        await world.onSource(...statements(SUBSCRIPTION));
      });
      await world.beat();
      await world.write();
    },
  })),
  // Without a beat in what was skipped, only the log of the source tells who was there.
  ...(
    [
      ['slot advanced between two beats', whileAway, advance, /was moved from \S+ to \S+ by process \d+/],
      ['slot consumed between two beats', whileAway, consume, /was moved from \S+ to \S+ by process \d+/],
      ['slot made again between two beats', whileAway, remake, /was made again by process \d+/],
      ['slot advanced, its worker killed', whileKilled, advance, /was moved from \S+ to \S+ by process \d+/],
    ] as const
  ).map(([name, away, statements, words]): Breakage => ({
    name,
    states: ['not proven'],
    causes: ['CONTINUITY_NOT_PROVEN'],
    words,
    newClone: true,
    breaks: async (world) => {
      await away(world, async () => {
        await world.write();
        await world.onSource(...statements(SUBSCRIPTION));
      });
      await world.write();
    },
  })),
];
