import { Client, type ClientConfig } from 'pg';
import type { Connect } from './workload/seed';

/** Opens sessions by the configuration that the lab gives for a database at that moment. */
export function connectBy(configuration: (database: string) => ClientConfig): Connect {
  return async (database) => {
    const client = new Client(configuration(database));
    // A lab that goes down ends idle sessions too; without a listener that would end this process.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
}

/** Does something in one session, and ends it. */
export async function inSession<T>(configuration: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectBy(() => configuration)(configuration.database ?? '');
  return work(client).finally(() => client.end().catch(() => undefined));
}
