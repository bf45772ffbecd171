import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { GateHolder } from './exchange';
import { PgLink } from './pg-link';
import { SSL_REQUEST } from './pg-wire';

/**
 * A proxy that sees every statement. It ends TLS with the certificate that all
 * servers of the lab share, so both its neighbours verify what they always do.
 */
export class PgProxy {
  /** Port of the server behind it; a new clone has a new one. */
  upstream = 0;
  private readonly links = new Set<PgLink>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly side: 'source' | 'target',
    private readonly holder: GateHolder,
    private readonly near: SecureContext,
    private readonly far: SecureContext,
  ) {
    server.on('connection', (socket) => {
      this.keep(socket);
      this.accept(socket).catch(() => socket.destroy());
    });
  }

  /** @param labDirectory where the lab keeps its certificates */
  static async open(side: 'source' | 'target', holder: GateHolder, labDirectory: string): Promise<PgProxy> {
    const pem = (name: string): Buffer => readFileSync(join(labDirectory, 'certificates', name));
    // Made once: a run opens a dozen connections, and there are thousands of runs.
    const near = createSecureContext({ key: pem('server.key'), cert: pem('server.crt') });
    const far = createSecureContext({ ca: pem('rds-ca.pem') });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PgProxy(server, side, holder, near, far);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends all connections of sql-runner; those of the subscriptions stay. */
  cut(): void {
    for (const link of this.links) if (link.isWatched) link.cut();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket
      .setNoDelay(true)
      .on('error', () => undefined)
      .on('close', () => this.sockets.delete(socket));
  }

  private async accept(near: Socket): Promise<void> {
    const [request] = (await once(near, 'data')) as [Buffer];
    // A request to cancel comes without TLS; nobody here makes one.
    if (!request.equals(SSL_REQUEST)) return void near.destroy();
    const far = connect(this.upstream, '127.0.0.1');
    this.keep(far);
    far.on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    far.write(SSL_REQUEST);
    const [answer] = (await once(far, 'data')) as [Buffer];
    if (answer.toString() !== 'S') throw new Error('the server of the lab does not speak TLS');
    const server = connectTls({ socket: far, secureContext: this.far, servername: 'localhost' });
    await once(server, 'secureConnect');
    const client = new TLSSocket(near, { isServer: true, secureContext: this.near });
    const link = new PgLink({ client, server, to: this.side, holder: this.holder });
    this.links.add(link);
    near.on('close', () => this.links.delete(link));
    near.write('S');
  }
}
