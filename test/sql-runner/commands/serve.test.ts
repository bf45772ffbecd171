import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../../../errors/operator-error';
import { isMeantForUs } from '../../../sql-runner/commands/serve-answers';
import { listen, type Place } from '../../../sql-runner/commands/serve-listen';
import { servedBy, type ServeParts } from '../../../sql-runner/commands/serve-served';
import { keepSecret } from '../../../sql-runner/explain/redaction';
import { exposition } from '../support/exposition';
import { LOOPBACK, lookOnce, partsOf } from '../support/serving';
import { sampleOf, streamOf } from '../support/stream-status';

/** As a login that the process has read from its secret. */
const SECRET = 'a password of nine words';

beforeAll(() => keepSecret(SECRET));

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

async function ask(url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const asking = request(new URL(path, url), { method, headers, agent: false });
  asking.end();
  const [response] = await once(asking, 'response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, headers: response.headers, body };
}

async function serving<T>(parts: ServeParts, body: (url: string) => Promise<T>): Promise<T> {
  const { url, server } = await listen(servedBy(parts), LOOPBACK);
  try {
    return await body(url);
  } finally {
    server.close();
    await once(server, 'close');
  }
}

const refused = new OperatorError({ code: 'CONNECT_REFUSED', seen: `nobody at h with ${SECRET}`, why: 'w', next: 'n' });
const liveOf = async (seen: boolean): Promise<ServeParts> => {
  const look = () =>
    seen ? Promise.resolve(sampleOf([streamOf('shop'), streamOf('ledger')])) : Promise.reject(refused);
  const parts = partsOf(look);
  await lookOnce(parts);
  return parts;
};

test('metrics can be read, whether or not anything could be looked at', async () => {
  for (const seen of [true, false]) {
    const { status, headers, body } = await serving(await liveOf(seen), (url) => ask(url, '/metrics?x=1'));
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(exposition(body).values('acas_up', { side: 'source' })[0]!.value).toBe(Number(seen));
  }
});

test('ready is only what has looked of late; alive is what answers', async () => {
  const readiness = async (seen: boolean) => serving(await liveOf(seen), (url) => ask(url, '/readyz'));
  expect(await readiness(true)).toMatchObject({ status: 200, body: 'the streams were seen of late\n' });
  const unready = await readiness(false);
  expect([unready.status, unready.body.slice(0, 16)]).toEqual([503, 'CONNECT_REFUSED:']);
  expect(unready.body).not.toContain(SECRET);
  expect(await serving(await liveOf(false), (url) => ask(url, '/healthz'))).toMatchObject({ status: 200 });
});

test('only what is there, and only to be read', async () => {
  await serving(await liveOf(true), async (url) => {
    for (const path of ['/page', '/metric', '/constructor', '/../etc/passwd', '/%00'])
      expect([path, (await ask(url, path)).status]).toEqual([path, 404]);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect(await ask(url, '/metrics', {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await ask(url, '/metrics', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });
});

test('the page, its files and what they may do', async () => {
  await serving(await liveOf(false), async (url) => {
    const { status, headers, body } = await ask(url, '/');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(body).toContain('CONNECT_REFUSED');
    expect(body).not.toContain(SECRET);
    expect(body).not.toMatch(/ style="| on\w+="|<script>|https?:/);
    const files = [...body.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, file]) => file!);
    for (const file of files)
      expect([file, [200, 503].includes((await ask(url, `/${file}`)).status)]).toEqual([file, true]);
  });
});

test('a site that has given its name our address reads nothing', async () => {
  await serving(await liveOf(true), async (url) => {
    expect((await ask(url, '/metrics', { host: 'attacker.example.com' })).status).toBe(403);
    expect((await ask(url, '/metrics', { host: 'localhost:1' })).status).toBe(200);
  });
});

test.each([
  ['127.0.0.1:9187', '127.0.0.1', true],
  ['localhost', '127.0.0.1', true],
  ['[::1]:9187', '::1', true],
  ['localhost.example.com', 'localhost', false],
  ['127.0.0.1.example.com', '127.0.0.1', false],
  [undefined, '127.0.0.1', false],
  ['sync.example.com', '0.0.0.0', true],
])('asked as %s of one that listens on %s', (asked, host, meant) => {
  expect(isMeantForUs(asked, host)).toBe(meant);
});

test('a mistake of ours is an answer, not the end', async () => {
  const parts = await liveOf(true);
  jest.spyOn(parts.live, 'view').mockImplementation(() => {
    throw new TypeError(SECRET);
  });
  const { status, body } = await serving(parts, (url) => ask(url, '/metrics'));
  expect(status).toBe(500);
  expect(body).not.toContain(SECRET);
});

test('where it cannot listen it says so', async () => {
  const served = servedBy(await liveOf(true));
  const code = (place: Place) =>
    listen(served, place).then(
      () => '',
      ({ code: said, seen }) => `${said} ${seen}`,
    );
  const { server } = await listen(served, LOOPBACK);
  const { port } = server.address() as AddressInfo;
  expect(await code({ host: '127.0.0.1', port })).toMatch(/^LISTEN_REFUSED .*: another program listens there$/);
  server.close();
  expect(await code({ host: '192.0.2.1', port: 0 })).toMatch(/^LISTEN_REFUSED .*: this machine has no such address$/);
});
