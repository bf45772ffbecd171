import type { Side } from '../../../lab/lab';
import { serverOf } from '../../../lab/servers';
import { eventually } from '../../support/eventually';
import { allGoOn, halt, standStill } from '../standstill';
import { drawn, trouble, type SoakEvent } from './event';

/** Nobody is told of it: no connection ends, none is refused, nothing is answered. */
export const stillStands = (side: Side): SoakEvent =>
  trouble({
    bring: ({ world }) => Promise.resolve(standStill(serverOf(world.lab, side))),
    heal: () => Promise.resolve(allGoOn()),
  });

/** What one side of the stream sends is lost, while whoever looks reaches both: its sender, or its worker, stands still. */
export const lostBetween: SoakEvent = trouble({
  databases: (soak, turn) => [drawn(soak, turn).database],
  bring: async (soak, turn) => {
    const { slot, subscription } = drawn(soak, turn);
    const [side, sql, name] =
      turn.draw % 4 < 2
        ? ([
            'source',
            'SELECT active_pid AS pid FROM pg_replication_slots WHERE slot_name = $1 AND active',
            slot,
          ] as const)
        : ([
            'clone',
            'SELECT pid FROM pg_stat_subscription WHERE subname = $1 AND pid IS NOT NULL',
            subscription,
          ] as const);
    await soak.world.asAdmin(side, 'postgres', (client) =>
      eventually(async () => {
        const { rows } = await client.query<{ pid: number }>(sql, [name]);
        if (rows.length === 1) halt(rows[0]!.pid);
        return rows.length === 1;
      }),
    );
  },
  heal: () => Promise.resolve(allGoOn()),
});
