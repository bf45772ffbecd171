import type { Client } from 'pg';
import type { ConnectedPair } from '../../support/connected-pair';

/** A role on both sides that may make tables, and its session on the source. */
export async function openSessions(pair: ConnectedPair, role: string): Promise<{ source: Client }> {
  const password = 'as good as any';
  for (const client of [pair.source, pair.clone]) {
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
    await client.query(`GRANT CREATE, USAGE ON SCHEMA public TO ${role}`);
  }
  return { source: await pair.test.connect('shop', { user: role, password }) };
}
