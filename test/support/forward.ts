import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Forward {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A server of this machine under another address, for instance one that its certificate does not name.
 * @param refuseTls answers the request for TLS as a server does that has none
 */
export async function forward(address: string, to: number, refuseTls = false): Promise<Forward> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (refuseTls) {
      near.on('data', () => near.write('N'));
      return;
    }
    const far = keep(connect(to, '127.0.0.1'));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
