import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { OperatorError } from '../../errors/operator-error';

const LOOPBACK = '127.0.0.1';

/** Ports given out by this process, whose servers may not listen yet. */
const givenOut = new Set<number>();
/** Below are the ports of what a machine has installed. */
const FIRST = 20_000;

/**
 * A TCP port on 127.0.0.1 that nothing listens on, and that this process has not given out before. None that the
 * kernel gives to outgoing connections: one of them could take it while its server restarts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(candidate()).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') throw error;
      return undefined;
    });
    if (port !== undefined && !givenOut.has(port)) {
      givenOut.add(port);
      return port;
    }
  }
}

/** 0, which lets the kernel choose, where it leaves too few to choose from. */
function candidate(): number {
  const end = firstOutgoing();
  return end - FIRST < 1_000 ? 0 : randomInt(FIRST, end);
}

function firstOutgoing(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return 0;
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
