import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as startRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GateHolder, type Held, passThrough } from './exchange';

/** Stands before the lab's AWS endpoint and lets every call pass the gate. */
export class ApiProxy {
  private constructor(
    private readonly server: Server,
    private readonly upstream: URL,
    private readonly holder: GateHolder,
  ) {
    server.on('request', (request, response) => void this.pass(request, response).catch(() => response.destroy()));
  }

  static async open(upstream: string, holder: GateHolder): Promise<ApiProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ApiProxy(server, new URL(upstream), holder);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bytesOf(request);
    const text = `api ${operationOf(request, body)}`;
    const held: Held = {
      exchange: { to: 'aws', text },
      cut: () => response.destroy(),
      inject: () => Promise.reject(new Error('an API call has no session')),
    };
    let answer: Promise<{ head: IncomingMessage; body: Buffer }>;
    await passThrough(this.holder, held, {
      alive: () => !response.destroyed,
      send: async () => {
        answer = this.forward(request, body);
        answer.catch(() => undefined);
      },
      answer: async () => void (await answer),
      reply: async () => {
        const { head, body: bytes } = await answer;
        response.writeHead(head.statusCode ?? 500, head.headers).end(bytes);
        await once(response, 'close');
      },
    });
  }

  private async forward(request: IncomingMessage, body: Buffer): Promise<{ head: IncomingMessage; body: Buffer }> {
    const { hostname, port } = this.upstream;
    const { method, headers, url: path } = request;
    const call = startRequest({ hostname, port, path, method, headers, agent: false }).end(body);
    const [head] = (await once(call, 'response')) as [IncomingMessage];
    return { head, body: await bytesOf(head) };
  }
}

/** `ssm PutParameter` by header in the JSON services, `ModifyDBCluster` by form in the others. */
function operationOf(request: IncomingMessage, body: Buffer): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.')[1] ?? target;
  return new URLSearchParams(body.toString()).get('Action') ?? 'unknown';
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
