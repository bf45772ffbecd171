import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildResult, endChildren, startChild } from '../../../lab/demo/child';
import { CHECKOUT } from '../../../lab/directory';
import { createCertificates } from '../../../lab/postgres/certificates';
import { fakeTerraform, type ReleaseServer, serveReleases, sha256, zipOf } from './release-server';

/** Two that fetch at once, and one behind a proxy with TLS: in processes of their own, as it will be. */
const ZIP = 'terraform_1.99.0_linux_amd64.zip';
const RELEASE = { version: '1.99.0', binaries: { linux_amd64: sha256(fakeTerraform('1.99.0')) } };
const SCRIPT = `
  const { fetchTerraform } = require('./lab/terraform/fetch');
  fetchTerraform({ ...JSON.parse(process.argv[1]), environment: process.env, announce() {} }).then(
    (file) => console.log(file),
    ({ code, seen }) => { console.error(code, seen); process.exitCode = 1; },
  );`;

const folder = mkdtempSync(join(tmpdir(), 'fetching processes '));
let server: ReleaseServer | undefined;
let proxy: Proxy | undefined;
afterEach(async () => {
  await endChildren();
  await proxy?.close();
  await server?.close();
  proxy = server = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fetchingProcess(cache: string, variables: NodeJS.ProcessEnv): Promise<ChildResult> {
  const options = JSON.stringify({ release: RELEASE, platform: 'linux_amd64', cache });
  return startChild({
    argv: [process.execPath, '--require', 'tsx/cjs', '-e', SCRIPT, options],
    cwd: CHECKOUT,
    env: { PATH: process.env.PATH, ...variables },
    log: join(folder, 'child.log'),
  }).result;
}

test('two at once both end with a whole one', async () => {
  const waiting: (() => void)[] = [];
  server = await serveReleases(
    RELEASE.version,
    { [ZIP]: zipOf(fakeTerraform('1.99.0')) },
    {
      answer: (body, response) => {
        // Nobody gets anything before both have asked.
        waiting.push(() => response.end(body));
        if (waiting.length === 2) waiting.forEach((go) => go());
      },
    },
  );
  const cache = join(folder, 'two');
  const variables = { TERRAFORM_RELEASES_URL: server.url };
  const results = await Promise.all([fetchingProcess(cache, variables), fetchingProcess(cache, variables)]);
  const file = join(cache, '1.99.0', 'linux_amd64', 'terraform');
  expect(results).toEqual(Array(2).fill({ exitCode: 0, stdout: `${file}\n`, stderr: '' }));
  expect(readdirSync(join(file, '..'))).toEqual(['terraform', 'terraform.sha256']);
  expect(sha256(readFileSync(file))).toBe(RELEASE.binaries.linux_amd64);
});

describe('behind a proxy', () => {
  let caFile: string;
  beforeEach(async () => {
    const { caFile: ca, certFile, keyFile } = await createCertificates(join(folder, 'certificates'));
    const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    server = await serveReleases(RELEASE.version, { [ZIP]: zipOf(fakeTerraform('1.99.0')) }, { tls });
    caFile = ca;
  });
  const variables = (): NodeJS.ProcessEnv => ({
    TERRAFORM_RELEASES_URL: server!.url,
    NODE_EXTRA_CA_CERTS: caFile,
    HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxy!.port}`,
  });

  test('it is fetched through that, with its login', async () => {
    proxy = await startProxy('me:secret');
    const result = await fetchingProcess(join(folder, 'proxy'), variables());
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(proxy.connected).toEqual([new URL(server!.url).host]);
  });

  test('but not for a host that NO_PROXY names', async () => {
    proxy = await startProxy('me:secret');
    const result = await fetchingProcess(join(folder, 'no proxy'), { ...variables(), NO_PROXY: '127.0.0.1' });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(proxy.connected).toEqual([]);
  });

  test('one that refuses is named, without the login', async () => {
    proxy = await startProxy('me:another');
    const { exitCode, stderr } = await fetchingProcess(join(folder, 'refused'), variables());
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      `TERRAFORM_FETCH_FAILED ${server!.url}/terraform/1.99.0/${ZIP} cannot be fetched through the proxy 127.0.0.1:${proxy.port}: `,
    );
    expect(stderr).toContain('407');
    expect(stderr).not.toContain('secret');
    expect(server!.asked).toEqual([]);
  });
});

interface Proxy {
  readonly port: number;
  /** `host:port` of each tunnel. */
  readonly connected: string[];
  close(): Promise<void>;
}

/** Does what a company's proxy does with TLS: it makes tunnels for whoever has the login. */
async function startProxy(login: string): Promise<Proxy> {
  const connected: string[] = [];
  const sockets = new Set<Socket>();
  const proxy: Server = createServer();
  proxy.on('connect', ({ url = '', headers }, near: Socket) => {
    if (headers['proxy-authorization'] !== `Basic ${Buffer.from(login).toString('base64')}`) {
      near.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    connected.push(url);
    const { hostname, port } = new URL(`http://${url}`);
    const far = connect(Number(port), hostname, () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    connected,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}
