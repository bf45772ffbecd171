import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A status, with a body or without; null: nothing is ever answered. */
type Answer = number | readonly [status: number, body: string] | null;

/** Receives whatever is posted to it, on a port of its own of this machine. */
export class HttpReceiver {
  readonly got: Received[] = [];
  /** What is answered next; after that `usual`. */
  answers: Answer[] = [];
  private port = 0;
  private readonly server = createServer((request, response) => void this.receive(request, response));

  private constructor(private readonly usual: Answer) {}

  static async listening(usual: Answer = 204): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(usual);
    await receiver.listen();
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Under the address that it had. */
  async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Whoever waits for an answer gets none. */
  hangUp(): void {
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.hangUp();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.got.push({ path: request.url, headers: request.headers, body });
    const answer = this.answers.length === 0 ? this.usual : this.answers.shift()!;
    if (answer === null) return;
    const [status, text] = typeof answer === 'number' ? [answer, undefined] : answer;
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(text);
  }
}
