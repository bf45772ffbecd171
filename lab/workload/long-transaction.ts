import type { Client } from 'pg';
import { RESERVED_KEYS } from './operation';
import type { Connect } from './seed';

/** Transactions, one per database, that have written and stay open until their owner ends them. */
export interface LongTransaction {
  /** Rows inserted, updated and deleted in them. */
  rows: number;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

const STATEMENTS: Record<string, string[]> = {
  shop: [
    `INSERT INTO orders (customer_id, placed_at, note) SELECT n, clock_timestamp(), 'long transaction' FROM generate_series(1, ${RESERVED_KEYS}) AS n`,
    `UPDATE customers SET tags = tags || 'long transaction'::text WHERE id <= ${RESERVED_KEYS}`,
    `UPDATE events SET occurred_at = occurred_at + interval '31 days' WHERE id <= ${RESERVED_KEYS / 2}`,
    `DELETE FROM events WHERE id > ${RESERVED_KEYS / 2} AND id <= ${RESERVED_KEYS}`,
  ],
  ledger: [
    `UPDATE accounts SET balance = balance + 1000 WHERE number <= ${RESERVED_KEYS}`,
    `INSERT INTO "Audit"."Signers" SELECT 'Long transaction ' || n, '\\x00ff', time '00:00' FROM generate_series(1, ${RESERVED_KEYS}) AS n`,
  ],
};

/**
 * Opens a transaction in each database, changes rows that the writers leave alone, and keeps it open.
 * Taken across the making of a clone it is the hardest case: begun before, committed after.
 */
export async function openLongTransaction(connect: Connect): Promise<LongTransaction> {
  const clients: Client[] = [];
  let rows = 0;
  const end = async (sql: 'COMMIT' | 'ROLLBACK'): Promise<void> => {
    for (const client of clients.splice(0)) {
      try {
        await client.query(sql);
      } finally {
        await client.end();
      }
    }
  };
  try {
    for (const [database, statements] of Object.entries(STATEMENTS)) {
      const client = await connect(database);
      clients.push(client);
      await client.query('BEGIN');
      for (const sql of statements) rows += (await client.query(sql)).rowCount ?? 0;
    }
  } catch (error) {
    await end('ROLLBACK');
    throw error;
  }
  return { rows, commit: () => end('COMMIT'), rollback: () => end('ROLLBACK') };
}
