import { createServer } from 'node:net';
import { OperatorError } from '../../errors/operator-error';

const LOOPBACK = '127.0.0.1';

/** Ports given out by this process, whose servers may not listen yet. */
const givenOut = new Set<number>();

/** A TCP port on 127.0.0.1 that nothing listens on, and that this process has not given out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(0);
    if (!givenOut.has(port)) {
      givenOut.add(port);
      return port;
    }
  }
}

/** @throws OperatorError LAB_PORT_TAKEN when something listens on 127.0.0.1:port already */
export async function assertPortFree(port: number): Promise<void> {
  try {
    await listenOnce(port);
  } catch (cause) {
    throw new OperatorError({
      code: 'LAB_PORT_TAKEN',
      seen: `Port ${port} on ${LOOPBACK} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`,
      why: 'A server of the lab has to listen there.',
      next: `Stop what uses the port (ss -ltnp 'sport = :${port}' shows it), or choose another port.`,
      cause,
    });
  }
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') {
          reject(new Error('The probe socket has no TCP address.'));
        } else {
          resolve(address.port);
        }
      });
    });
  });
}
