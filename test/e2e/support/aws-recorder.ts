import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Services of the query protocol, by the version of their API. */
const VERSIONS: Readonly<Record<string, string>> = { '2011-06-15': 'sts', '2016-11-15': 'ec2' };
const SERVICES: Readonly<Record<string, string>> = {
  AmazonSSM: 'ssm',
  GraniteServiceVersion20100801: 'cloudwatch',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

export interface AwsRecorder {
  readonly url: string;
  /** `<account> <service:Action>` of every call since the last time; sorted. */
  take(): string[];
  close(): Promise<void>;
}

/** Stands before the lab's AWS endpoint, and notes who called what by the names that IAM policies use. */
export async function startRecorder(upstream: string): Promise<AwsRecorder> {
  const calls = new Set<string>();
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      calls.add(`${accountOf(request)} ${actionOf(request, body.toString())}`);
      const headers = Object.entries(request.headers).filter(
        ([name]) => !/^(host|connection|content-length)$/.test(name),
      );
      const answer = await fetch(new URL(request.url ?? '/', upstream), {
        method: request.method,
        headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
        body,
      });
      const text = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = [...calls].sort();
      calls.clear();
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** The lab's access keys name the account. */
function accountOf(request: IncomingMessage): string {
  return /Credential=LAB(\d{12})/.exec(request.headers.authorization ?? '')?.[1] ?? 'unknown';
}

function actionOf(request: IncomingMessage, body: string): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [service = '', action = ''] = target.split('.');
    return `${SERVICES[service] ?? service}:${action}`;
  }
  const form = new URLSearchParams(body);
  return `${VERSIONS[form.get('Version') ?? ''] ?? 'rds'}:${form.get('Action')}`;
}
