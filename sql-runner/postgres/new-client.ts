import type { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import type { SessionOptions, SessionTarget } from './session';
import { startupOptions } from './startup-settings';
import { verifyFull } from './tls';

/** Its types do not know of it yet. */
type Config = ClientConfig & { readonly pipeline: boolean };

/** How long a server may take to let somebody in. */
export const CONNECT_MS = 10_000;

export function newClient(target: SessionTarget, options: SessionOptions, socket: Socket): Client {
  return new Client({
    // Each statement is a transaction of its own all the same: one that fails takes no other along (manual, "Pipelining").
    // What writes waits for each answer.
    pipeline: options.readOnly,
    stream: () => socket,
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    ssl: verifyFull(target.tls, target.host),
    application_name: options.applicationName,
    // A moment later than the first word, which says more.
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_MS + 500,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    options: startupOptions(options),
  } satisfies Config);
}
