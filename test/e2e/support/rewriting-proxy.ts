import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How EC2 says that a role may not. */
const DENIED =
  '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized to perform this operation.</Message></Error></Errors><RequestID>lab</RequestID></Response>';

/** Stands before an AWS endpoint and changes what its answers say, for states that no call brings about at will. */
export class RewritingProxy {
  /** What is replaced in every answer, by what. */
  rewrites: readonly (readonly [from: string, to: string])[] = [];

  /** Calls of EC2 that are denied, as they are sent; null: none. */
  refused: RegExp | null = null;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(endpoint: string): Promise<RewritingProxy> {
    const server = createServer((request, response) => {
      void bodyOf(request).then(async (body) => {
        if (proxy.refused?.test(body) === true) {
          response.writeHead(403, { 'content-type': 'text/xml' }).end(DENIED);
          return;
        }
        const headers = Object.fromEntries(
          Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
        ) as Record<string, string>;
        const answer = await fetch(new URL(request.url ?? '/', endpoint), { method: 'POST', headers, body });
        let text = await answer.text();
        for (const [from, to] of proxy.rewrites) text = text.replaceAll(from, to);
        const type = answer.headers.get('content-type') ?? 'text/xml';
        response.writeHead(answer.status, { 'content-type': type }).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new RewritingProxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return proxy;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
