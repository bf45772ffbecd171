import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server on which packets can get lost: nothing arrives any more, on either end, and nobody is told. */
export class SwallowingLink {
  private readonly sockets = new Set<Socket>();
  private swallows = false;

  private constructor(
    private readonly server: Server,
    readonly to: number,
  ) {
    server.on('connection', (near) => this.join(near));
  }

  static async open(to: number): Promise<SwallowingLink> {
    const server = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SwallowingLink(server, to);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** As when a route goes: who is connected stays so, and who connects waits. What was sent arrives once it is back. */
  swallow(): void {
    this.swallows = true;
    for (const socket of this.sockets) socket.pause();
  }

  restore(): void {
    this.swallows = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** As a failover ends them: who comes again finds a server. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private join(near: Socket): void {
    const far = connect(this.to, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from
        .on('data', (bytes) => to.write(bytes))
        .on('error', () => undefined)
        .on('close', () => {
          this.sockets.delete(from);
          // Who has gone is not heard of either, as long as nothing gets through.
          if (!this.swallows) to.destroy();
        });
    }
    if (this.swallows) for (const socket of [near, far]) socket.pause();
    else near.resume();
  }
}
