import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { OperatorError } from '../../errors/operator-error';

const LOOPBACK = '127.0.0.1';
/** Where ports are claimed: no server of the lab listens there, so it is free whether that of the port runs or not. */
const CLAIMS = '127.0.0.2';
/** Below are the ports of what a machine has installed. */
const FIRST = 20_000;

/** By port, what holds it for this process. */
const claims = new Map<number, Server>();

/**
 * A TCP port on 127.0.0.1 that nothing listens on, and that no other process is given before this one has ended or
 * given it back, though its server does not listen yet, or restarts. None that the kernel gives to outgoing
 * connections: one of them could take it while its server restarts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const claim = await unlessTaken(listen(candidate(), CLAIMS));
    if (claim === undefined) continue;
    const { port } = claim.address() as AddressInfo;
    const probe = await unlessTaken(listen(port, LOOPBACK));
    await closed(probe ?? claim);
    if (probe === undefined) continue;
    claims.set(port, claim.unref());
    return port;
  }
}

/** For a server that is gone for good. */
export async function giveBackPort(port: number): Promise<void> {
  const claim = claims.get(port);
  claims.delete(port);
  if (claim !== undefined) await closed(claim);
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
    await closed(await listen(port, LOOPBACK));
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

function listen(port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve(server.off('error', reject)));
  });
}

function unlessTaken(listening: Promise<Server>): Promise<Server | undefined> {
  return listening.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return undefined;
  });
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
