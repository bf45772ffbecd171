import { randomUUID } from 'node:crypto';
import { type Operation, ordinaryKey } from './operation';
import type { Random } from './random';
import { RollbackWanted, type Transaction } from './transaction';

async function book(tx: Transaction, random: Random, accounts: number): Promise<void> {
  const amount = random.int(1, 1e7) / 10000;
  // Two accounts in the order of their numbers, so that transfers seldom deadlock.
  const [low, high] = [ordinaryKey(random, accounts), ordinaryKey(random, accounts)].sort((a, b) => a - b);
  const transfer = await tx.change<{ id: string }>(
    `INSERT INTO transfers (from_number, to_number, amount, booked_at, reference)
     VALUES ($1, $2, $3, clock_timestamp(), 'Überweisung') RETURNING id`,
    [low, high, amount],
  );
  const id = transfer.rows[0]?.id;
  await tx.change("INSERT INTO entries VALUES ($1, 'debit', $2, $4), ($1, 'credit', $3, $4)", [id, low, high, amount]);
  await tx.change('UPDATE accounts SET balance = balance - $2 WHERE number = $1', [low, amount]);
  await tx.change('UPDATE accounts SET balance = balance + $2 WHERE number = $1', [high, amount]);
}

/** What the ledger's writers do. */
export const ledgerOperations: Operation[] = [
  {
    name: 'book a transfer over four tables',
    async run(tx, random, keys) {
      await book(tx, random, keys.accounts);
      await tx.change(
        `INSERT INTO "Audit"."Log Entries" ("At", "Who", "What", "Tags")
         VALUES (clock_timestamp(), 'writer', jsonb_build_object('action', 'book', 'by', $1::text), ARRAY['neu', NULL])`,
        [randomUUID()],
      );
    },
  },
  {
    name: 'book and take back',
    async run(tx, random, keys) {
      await book(tx, random, keys.accounts);
      throw new RollbackWanted();
    },
  },
  {
    name: 'book twice, one in a savepoint taken back',
    async run(tx, random, keys) {
      await tx.inSavepointTakenBack(() => book(tx, random, keys.accounts));
      await tx.inSavepointKept(() => book(tx, random, keys.accounts));
    },
  },
  {
    name: 'void an old transfer',
    async run(tx, random, keys) {
      const id = ordinaryKey(random, keys.transfers);
      await tx.change('DELETE FROM entries WHERE transfer_id = $1', [id]);
      await tx.change('DELETE FROM transfers WHERE id = $1', [id]);
    },
  },
  {
    name: 'annotate the audit log',
    async run(tx, random, keys) {
      await tx.change(
        `UPDATE "Audit"."Log Entries" SET "What" = "What" || jsonb_build_object('seen', $2::int), "Tags" = "Tags" || 'gesehen'::varchar
         WHERE "Id" = $1 AND coalesce(cardinality("Tags"), 0) < 8`,
        [ordinaryKey(random, keys.logEntries), random.int(1, 1000)],
      );
    },
  },
  {
    name: 'rename a signer',
    async run(tx, random) {
      const name = `Signer ω ${randomUUID()}`;
      await tx.change('INSERT INTO "Audit"."Signers" VALUES ($1, $2, $3)', [name, random.bytes(64), '12:34:56']);
      await tx.change('UPDATE "Audit"."Signers" SET "Short Name" = "Short Name" || \'″\' WHERE "Short Name" = $1', [
        name,
      ]);
    },
  },
];
