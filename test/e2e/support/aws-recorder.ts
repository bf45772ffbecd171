import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordedCall, type RecordedCall, type RecordedOperation } from './recorded-call';

export interface AwsRecorder {
  readonly url: string;
  /** `<account> <service:Action>` of every call since the last time; sorted. */
  take(): string[];
  /** The same calls, with what they were on; not sorted. */
  takeCalls(): RecordedCall[];
  /** What the lab's provider did since the last time. */
  takeOperations(): RecordedOperation[];
  close(): Promise<void>;
}

/** Stands before the lab's AWS endpoint, and notes who called what by the names that IAM policies use. */
export async function startRecorder(upstream: string): Promise<AwsRecorder> {
  let calls: RecordedCall[] = [];
  const operations: RecordedOperation[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks);
      const isTerraform = request.url === '/_lab/terraform';
      if (!isTerraform) calls.push(recordedCall(request, body.toString()));
      const headers = Object.entries(request.headers).filter(
        ([name]) => !/^(host|connection|content-length)$/.test(name),
      );
      const answer = await fetch(new URL(request.url ?? '/', upstream), {
        method: request.method,
        headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
        // The provider looks first whether there is a lab, without a body.
        body: request.method === 'GET' ? undefined : body,
      });
      const text = Buffer.from(await answer.arrayBuffer());
      if (isTerraform && body.length > 0)
        operations.push({
          ...(JSON.parse(body.toString()) as RecordedOperation),
          attributes: (JSON.parse(text.toString()) as Partial<RecordedOperation>).attributes ?? null,
        });
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take: () => {
      const taken = calls.map(({ account, action }) => `${account} ${action}`);
      calls = [];
      return [...new Set(taken)].sort();
    },
    takeCalls: () => calls.splice(0),
    takeOperations: () => operations.splice(0),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
