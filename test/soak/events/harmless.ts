import { setTimeout as pause } from 'node:timers/promises';
import { openLongTransaction } from '../../../lab/workload/long-transaction';
import type { SoakEvent } from './event';

/** A transaction of the source is open for a while, then committed or taken back; nothing waits for it. */
export const longTransaction: SoakEvent = async ({ world, truth }, { seconds, draw }) => {
  // Of one before, which it inserts again.
  await world.asOwner('source', 'ledger', (client) =>
    client.query(`DELETE FROM "Audit"."Signers" WHERE "Short Name" LIKE 'Long transaction %'`),
  );
  const open = await openLongTransaction(world.direct.source);
  await pause(seconds * 1_000);
  await (draw % 2 === 0 ? open.commit() : open.rollback());
  await world.caughtUp(truth.databases);
};

/** There is nothing for it to do, and it says so. */
export const apply: SoakEvent = async ({ world }) => {
  const { stdout } = await world.run('apply', ['--auto-approve']);
  if (!stdout.includes('nothing-to-do')) throw new Error(`apply had something to do: ${stdout.slice(-2_000)}`);
};

/** Every row of every table, while production is written to. */
export const verify: SoakEvent = async ({ world }) => void (await world.run('verify'));
