import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../../errors/operator-error';
import { answer, type Served } from './serve-answers';

export interface Place {
  readonly host: string;
  /** 0: whichever is free. */
  readonly port: number;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'this user may not listen there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'the name has no address',
};

/**
 * Answers from what is known, until it is closed.
 * @throws OperatorError LISTEN_REFUSED
 */
export async function listen(
  served: Served,
  { host, port }: Place,
): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => void answer(request, response, served, host));
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const reason = String((cause as NodeJS.ErrnoException).code);
    throw new OperatorError({
      code: 'LISTEN_REFUSED',
      seen: `sql-runner serve cannot listen on ${host}, port ${port}: ${REASONS[reason] ?? reason}`,
      why: 'nobody could ask it, and what watches the streams through it would see nothing',
      next: 'give another --port or --host; --port 0 takes one that is free',
      cause,
    });
  }
  const { address, family, port: bound } = server.address() as AddressInfo;
  return { server, url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}` };
}
