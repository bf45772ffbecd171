import type { Keys } from './operation';
import type { Connect } from './seed';

/** Reads the highest keys of the seeded tables. */
export async function readKeys(connect: Connect): Promise<Keys> {
  const shop = await one<Omit<Keys, 'accounts' | 'transfers' | 'logEntries'>>(
    connect,
    'shop',
    `SELECT (SELECT max(id) FROM customers)::int AS customers, (SELECT count(*) FROM products)::int AS products,
            (SELECT max(id) FROM orders)::int AS orders, (SELECT max(id) FROM events)::int AS events,
            (SELECT count(DISTINCT visitor) FROM page_views)::int AS visitors`,
  );
  const ledger = await one<Pick<Keys, 'accounts' | 'transfers' | 'logEntries'>>(
    connect,
    'ledger',
    `SELECT (SELECT max(number) FROM accounts)::int AS accounts, (SELECT max(id) FROM transfers)::int AS transfers,
            (SELECT max("Id") FROM "Audit"."Log Entries")::int AS "logEntries"`,
  );
  return { ...shop, ...ledger };
}

async function one<T extends object>(connect: Connect, database: string, sql: string): Promise<T> {
  const client = await connect(database);
  try {
    return (await client.query<T>(sql)).rows[0] as T;
  } finally {
    await client.end();
  }
}
