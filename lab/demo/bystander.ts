import type { Client } from 'pg';
import type { Connect } from '../workload/seed';

/** Replication objects of a database, by name. */
export interface ReplicationObjects {
  publications: string[];
  slots: string[];
}

export const BYSTANDER_DATABASE = 'shop';
/** Somebody else's, by the look of it: nothing in the product knows these names. */
export const BYSTANDER = { publication: 'analytics_feed', slot: 'analytics_feed' };

/** A publication of another team, made before anything of ours. */
export function createBystanderPublication(connect: Connect): Promise<void> {
  return withClient(connect, BYSTANDER_DATABASE, async (client) => {
    // It warns that wal_level is not logical yet; nobody has rebooted the server for it so far.
    await client.query(
      `CREATE PUBLICATION ${client.escapeIdentifier(BYSTANDER.publication)} FOR TABLE orders, customers`,
    );
    await client.query(
      `COMMENT ON PUBLICATION ${client.escapeIdentifier(BYSTANDER.publication)} IS 'Owned by the analytics team'`,
    );
  });
}

/** Their slot; possible only once wal_level is logical. Nobody consumes it. */
export function createBystanderSlot(connect: Connect): Promise<void> {
  return withClient(connect, BYSTANDER_DATABASE, async (client) => {
    await client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [BYSTANDER.slot]);
  });
}

export function dropBystanderSlot(connect: Connect): Promise<void> {
  return withClient(connect, BYSTANDER_DATABASE, async (client) => {
    await client.query('SELECT pg_drop_replication_slot($1)', [BYSTANDER.slot]);
  });
}

/** What the source holds in a database, sorted by name. */
export function replicationObjects(connect: Connect, database: string): Promise<ReplicationObjects> {
  return withClient(connect, database, async (client) => {
    const publications = await client.query<{ name: string }>('SELECT pubname AS name FROM pg_publication ORDER BY 1');
    const slots = await client.query<{ name: string }>(
      'SELECT slot_name AS name FROM pg_replication_slots WHERE database = current_database() ORDER BY 1',
    );
    return { publications: publications.rows.map((row) => row.name), slots: slots.rows.map((row) => row.name) };
  });
}

/** Runs `body` with a session of its own. */
export async function withClient<T>(
  connect: Connect,
  database: string,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await connect(database);
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}
