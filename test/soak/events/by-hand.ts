import { escapeIdentifier } from 'pg';
import { eventually } from '../../support/eventually';
import { drawn, trouble, type SoakEvent } from './event';

/**
 * Somebody disables a subscription, and apply enables it where nothing is lost by that. Which of all subscriptions of a
 * server was altered, it does not tell (pg_subscription is shared), so that no stream is proven until then.
 */
export const disabled: SoakEvent = trouble({
  doubtsOthers: true,
  databases: (soak, turn) => [drawn(soak, turn).database],
  bring: async (soak, turn) => {
    const { database, subscription } = drawn(soak, turn);
    await soak.world.asOwner('clone', database, (client) =>
      client.query(`ALTER SUBSCRIPTION ${escapeIdentifier(subscription)} DISABLE`),
    );
  },
  heal: async ({ world }) => void (await world.run('apply', ['--auto-approve'])),
});

/** Somebody ends the apply worker; the server starts another one. */
export const killWorker: SoakEvent = trouble({
  passing: true,
  databases: (soak, turn) => [drawn(soak, turn).database],
  bring: async (soak, turn) => {
    const { database, subscription } = drawn(soak, turn);
    await soak.world.asAdmin('clone', database, (client) =>
      eventually(async () => {
        const { rowCount } = await client.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE subname = $1 AND pid IS NOT NULL',
          [subscription],
        );
        return rowCount === 1;
      }),
    );
  },
  heal: () => Promise.resolve(),
});

/** Somebody ends the sender of the source; the worker comes back. */
export const killSender: SoakEvent = trouble({
  passing: true,
  databases: (soak, turn) => [drawn(soak, turn).database],
  bring: async (soak, turn) => {
    const { database, slot } = drawn(soak, turn);
    await soak.world.asAdmin('source', database, (client) =>
      eventually(async () => {
        const { rowCount } = await client.query(
          'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active',
          [slot],
        );
        return rowCount === 1;
      }),
    );
  },
  heal: () => Promise.resolve(),
});
