import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SlowLink {
  port: number;
  close(): Promise<void>;
}

/**
 * A TCP port that leads to another one on this machine, with `delayMs` on the way there. What was sent arrives even
 * when the sender has died meanwhile, as on a real network.
 */
export async function openSlowLink(to: number, delayMs: number): Promise<SlowLink> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, 'localhost');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    }
    // Timers of one length fire in the order they were set, so the bytes stay in order.
    near.on('data', (bytes: Buffer) => setTimeout(() => void far.write(bytes), delayMs));
    near.on('close', () => setTimeout(() => far.end(), delayMs));
    far.pipe(near);
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, close };
}
