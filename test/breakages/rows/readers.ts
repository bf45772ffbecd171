import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Side } from '../../../lab/lab';
import { serverOf, whileStopped } from '../../../lab/servers';
import type { Breakage } from '../breakage';
import type { BrokenWorld } from '../broken-world';

/** A server of which nobody may write, as an endpoint that leads to a reader, or a replica that was not promoted. */
const standby = (world: BrokenWorld, side: Side, on: boolean): Promise<void> => {
  const place = serverOf(world.lab.lab, side);
  const file = join(place.dataDirectory, 'standby.signal');
  return whileStopped(place, async () => {
    if (!on) await rm(file, { force: true });
    else await writeFile(file, '');
  });
};

export const READER_ROWS: readonly Breakage[] = [
  {
    name: 'clone is a reader',
    everywhere: true,
    states: ['clone not reached'],
    causes: ['CONNECT_READER'],

    breaks: async (world) => {
      await standby(world, 'clone', true);
      await world.write();
    },
    byHand: (world) => standby(world, 'clone', false),
  },
  {
    name: 'source is a reader',
    everywhere: true,
    states: ['not read'],
    causes: ['CONNECT_READER'],
    breaks: (world) => standby(world, 'source', true),
    byHand: (world) => standby(world, 'source', false),
  },
];
