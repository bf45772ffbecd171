import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Toolchain } from '../../../lab/demo/toolchain';
import { signature } from '../../../sql-runner/events/webhook';
import { eventBody } from '../../../sql-runner/render/schemas/event';
import { exposition } from '../../sql-runner/support/exposition';
import { eventually } from '../../support/eventually';

const SECRET = 'a secret that signs events';

/** What receives events, on a port of its own. */
async function receiver() {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      got.push({ headers: request.headers, body });
      response.writeHead(204).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { got, close, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

/** As whoever scrapes it, and receives its events: what `serve` tells of streams that follow, and that a signal ends it. */
export async function expectServed(tools: Toolchain): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'served-'));
  const hook = await receiver();
  try {
    const file = join(folder, 'secret');
    writeFileSync(file, `${SECRET}\n`);
    const events = ['--webhook', hook.url, '--webhook-secret-file', file];
    const { process: child, result } = tools.startSqlRunner(
      'serve',
      'demo',
      '--port',
      '0',
      '--json',
      '--history',
      folder,
      ...events,
    );
    const [line] = (await once(child.stdout!, 'data')) as [string];
    await expectTold((JSON.parse(line) as { url: string }).url);
    await eventually(() => Promise.resolve(hook.got.length > 0));
    const { headers, body } = hook.got[0]!;
    expect(headers['acas-signature']).toBe(signature(SECRET, String(headers['acas-timestamp']), body));
    expect(eventBody.parse(JSON.parse(body))).toMatchObject({ kind: 'standing', environment: 'demo', dropped: 0 });
    child.kill('SIGTERM');
    expect((await result).exitCode).toBe(143);
  } finally {
    hook.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function expectTold(url: string): Promise<void> {
  const asked = async (path: string) => (await fetch(`${url}${path}`)).text();
  const told = await eventually(async () => {
    const metrics = exposition(await asked('/metrics'));
    return metrics.values('acas_stream_healthy').every(({ value }) => value === 1) && metrics;
  });
  expect(told.values('acas_up').map(({ value }) => value)).toEqual([1, 1]);
  expect(told.values('pg_replication_slot_slot_is_active').map(({ value }) => value)).toEqual([1, 1]);
  expect(await asked('/')).toContain('2 of 2 streams follow');
  expect(await asked('/readyz')).toBe('the streams were seen of late\n');
}
