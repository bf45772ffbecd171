import type { Facts } from '../../../lab/faults/fault';
import { FAULTS } from '../../../lab/faults/faults';
import { DATABASE } from '../../../lab/faults/stream';
import { eventually } from '../../support/eventually';
import type { Soak } from '../world';
import { trouble, type SoakEvent } from './event';

/** What an operator practises by `lab break`. */
function fault(name: 'cut' | 'login' | 'lock' | 'conflict', isThere?: (soak: Soak) => Promise<boolean>): SoakEvent {
  const { bringAbout, heal } = FAULTS[name]!;
  let facts: Facts = {};
  return trouble({
    ...(isThere === undefined ? {} : { databases: () => [DATABASE] }),
    bring: async (soak) => {
      ({ facts } = await bringAbout(soak.world.lab));
      if (isThere !== undefined) await eventually(() => isThere(soak));
    },
    heal: async ({ world }) => void (await heal(world.lab, facts)),
  });
}

/** The worker comes to the lock with the next row of that table. */
async function workerWaits({ world }: Soak): Promise<boolean> {
  return world.asAdmin('clone', DATABASE, async (client) => {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_subscription s JOIN pg_stat_activity a USING (pid)
       WHERE s.subname = $1 AND a.wait_event_type = 'Lock'`,
      [subscription(world)],
    );
    return rowCount === 1;
  });
}

/** It fails at the row, and is not there until it is started again. */
async function workerFailed({ world }: Soak): Promise<boolean> {
  return world.asAdmin('clone', DATABASE, async (client) => {
    const { rowCount } = await client.query(
      'SELECT FROM pg_stat_subscription WHERE subname = $1 AND pid IS NULL AND relid IS NULL',
      [subscription(world)],
    );
    return rowCount === 1;
  });
}

const subscription = (world: Soak['world']): string =>
  world.streams.find(({ database }) => database === DATABASE)!.subscription;

export const cut = fault('cut');
export const login = fault('login');
export const lock = fault('lock', workerWaits);
export const conflict = fault('conflict', workerFailed);
