import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readProviderSchemas } from '../../../lab/provider/schema/schema-source';

const schemas = readProviderSchemas().resources;

type Attributes = Record<string, unknown>;
export interface RecordedCall {
  readonly operation: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  readonly config: Attributes | null;
  readonly prior: Attributes | null;
}

/** The lab's internal endpoint, with resources that live in memory and no behaviour but ids. */
export class FakeAws {
  readonly calls: RecordedCall[] = [];
  readonly stored = new Map<string, Attributes>();
  /** What the data sources give, by type. */
  readonly data = new Map<string, Attributes>();
  /** Creating one of these types fails. */
  readonly refused = new Set<string>();
  private count = 0;
  private readonly server: Server = createServer((request, response) => void this.serve(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  callsOf(operation: string, type: string): RecordedCall[] {
    return this.calls.filter((call) => call.operation === operation && call.type === type);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method === 'POST' && request.url === '/') return void response.end(); // It lets assume any role.
    if (request.method !== 'POST' || request.url !== '/_lab/terraform') return void response.writeHead(405).end();
    const call = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RecordedCall;
    this.calls.push(call);
    const refused = call.operation === 'create' && this.refused.has(call.type);
    const body = refused
      ? { error: { summary: 'InvalidParameterValue', detail: 'the fake refuses it' } }
      : { attributes: this.answer(call) };
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private answer({ operation, type, account, region, config, prior }: RecordedCall): Attributes | null {
    if (operation === 'data') return this.data.get(type) ?? null;
    if (operation === 'create') {
      const id = `${type}-${++this.count}`;
      const hasArn = schemas[type]!.attributes.some(({ name }) => name === 'arn');
      const arn = hasArn ? { arn: `arn:aws:rds:${region}:${account}:thing:${id}` } : {};
      const attributes = { ...arn, ...definedIn(config), id };
      this.stored.set(id, attributes);
      return attributes;
    }
    const id = String(prior?.id);
    if (operation === 'delete') this.stored.delete(id);
    if (operation === 'update') this.stored.set(id, { ...this.stored.get(id), ...config });
    return this.stored.get(id) ?? null;
  }
}

/** What the plan leaves to AWS is null in it. */
const definedIn = (config: Attributes | null): Attributes =>
  Object.fromEntries(Object.entries(config ?? {}).filter(([, value]) => value !== null && value !== undefined));
