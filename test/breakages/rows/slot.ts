import { advance, consume, remake } from '../../e2e/support/slot-moves';
import { loseWal, startReader } from '../../e2e/support/provocations';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION, type BrokenWorld } from '../broken-world';

/** Keeps the clone away from its slot, with no word to the subscription, while somebody is at the slot. */
async function whileAway(world: BrokenWorld, work: () => Promise<unknown>): Promise<void> {
  await world.beside('source', 'ALTER ROLE acas_demo NOLOGIN');
  await world.endReplication();
  await world.slotIsFree();
  await work();
  await world.beside('source', 'ALTER ROLE acas_demo LOGIN');
}

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
  ...(
    [
      ['slot advanced by hand', advance],
      ['slot consumed by somebody else', consume],
      ['slot made again by hand', remake],
    ] as const
  ).map(([name, statements]): Breakage => ({
    name,
    states: ['diverged'],
    causes: ['HISTORY_DIFFERS'],
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
  {
    name: 'slot advanced between two beats',
    states: ['not proven', 'diverged'],
    causes: ['CONTINUITY_NOT_PROVEN', 'HISTORY_DIFFERS'],
    newClone: true,
    breaks: async (world) => {
      await whileAway(world, async () => {
        await world.write();
        await world.onSource(...advance(SUBSCRIPTION));
      });
      await world.write();
    },
    afterwards: (world) => world.newClone(),
    knownLie:
      'nothing but a beat tells of a slot that was moved while the worker was away (docs/monitoring.md): what is written, skipped and confirmed between two of them passes unseen until verify compares',
  },
];
