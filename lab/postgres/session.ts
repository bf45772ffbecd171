import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { ADMIN_ROLE } from './roles';

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/**
 * A connected session over TLS, with the server's certificate verified
 * (libpq's verify-full). The caller ends it.
 */
export async function openSession(login: Login, server: { port: number; caFile: string }): Promise<Client> {
  const client = new Client({
    ...login,
    host: '127.0.0.1',
    port: server.port,
    ssl: { ca: await readFile(server.caFile, 'utf8'), rejectUnauthorized: true },
    application_name: login.user === ADMIN_ROLE ? 'rdsadmin' : 'lab',
  });
  // A server that stops ends idle sessions. Without a listener that would end this process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
