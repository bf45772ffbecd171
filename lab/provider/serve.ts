import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { Server, ServerCredentials } from '@grpc/grpc-js';

import { handshakeLine } from './protocol/handshake';
import { addService } from './protocol/services';
import { providerProcedures } from './provider-service';
import type { ProviderSchemas } from './schema/model';

/** The longest path that fits a unix socket's address (sun_path) on every system. */
const MAX_SOCKET_PATH = 100;
const ORPHAN_CHECK_MS = 1000;
const SERVING = 1;

/** Serves until Terraform says Shutdown, or is gone. Prints the handshake when ready. */
export async function serve(schemas: ProviderSchemas): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'aurora-lab-provider-'));
  const exit = (): never => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  };
  const server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  addService(server, 'tfplugin5.Provider', providerProcedures(schemas));
  addService(server, 'grpc.health.v1.Health', {
    Check: { request: 'HealthRequest', response: 'HealthResponse', handle: () => ({ status: SERVING }) },
  });
  addService(server, 'plugin.GRPCController', {
    // The answer must leave before the process does; go-plugin waits two seconds for the exit.
    Shutdown: { request: 'Empty', response: 'Empty', handle: () => (server.tryShutdown(exit), {}) },
  });

  const socket = path.join(directory, 'plugin');
  if (socket.length <= MAX_SOCKET_PATH) {
    await bind(server, `unix:${socket}`);
    process.stdout.write(`${handshakeLine('unix', socket)}\n`);
  } else {
    const port = await bind(server, '127.0.0.1:0');
    process.stdout.write(`${handshakeLine('tcp', `127.0.0.1:${port}`)}\n`);
  }
  exitWithParent(exit);
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

/** Ctrl-C reaches every process of the terminal; it is Terraform's to decide when providers end. */
function exitWithParent(exit: () => never): void {
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', exit);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) exit();
  }, ORPHAN_CHECK_MS).unref();
}
