import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8 } from 'fflate';
import { fetchTerraform, type FetchOptions } from '../../../lab/terraform/fetch';
import { fakeTerraform, type ReleaseServer, serveReleases, type ServerOptions, sha256, zipOf } from './release-server';

const BINARY = fakeTerraform('1.99.0');
const RELEASE = { version: '1.99.0', binaries: { linux_amd64: sha256(BINARY) } };
const ZIP = 'terraform_1.99.0_linux_amd64.zip';

const folder = mkdtempSync(join(tmpdir(), 'fetched terraform '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let cache: string;
let server: ReleaseServer | undefined;
beforeEach(() => {
  cache = join(mkdtempSync(join(folder, 'case ')), 'cache');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serve(zip: Uint8Array, options?: ServerOptions): Promise<void> {
  server = await serveReleases(RELEASE.version, { [ZIP]: zip }, options);
}

function fetched(options: Partial<FetchOptions> = {}): Promise<string> {
  const environment = { TERRAFORM_RELEASES_URL: server?.url };
  const announce = (): void => undefined;
  return fetchTerraform({ release: RELEASE, platform: 'linux_amd64', cache, environment, announce, ...options });
}

/** The error, after a look that nothing was left behind. */
async function failure(options: Partial<FetchOptions> = {}): Promise<{ code: string; seen: string; next: string }> {
  const error: unknown = await fetched(options).catch((thrown: unknown) => thrown);
  expect(existsSync(cache)).toBe(false);
  return error as { code: string; seen: string; next: string };
}

test('what was released is kept, can be run, and is fetched once', async () => {
  await serve(zipOf(BINARY));
  const announced: string[] = [];
  const file = await fetched({ announce: (host) => announced.push(host) });
  expect(file).toBe(join(cache, '1.99.0', 'linux_amd64', 'terraform'));
  expect(Buffer.from(BINARY).equals(readFileSync(file))).toBe(true);
  expect(execFileSync(file, { encoding: 'utf8' })).toContain('1.99.0');
  expect(readdirSync(join(file, '..'))).toEqual(['terraform', 'terraform.sha256']);
  expect(await fetched({ announce: (host) => announced.push(host) })).toBe(file);
  expect(server?.asked).toEqual([`/terraform/1.99.0/${ZIP}`]);
  expect(announced).toEqual([new URL(server!.url).host]);
});

test('a mirror may have a path and a login, which is sent and not printed', async () => {
  const logins: unknown[] = [];
  await serve(zipOf(BINARY), {
    answer: (_body, response, { headers }) => {
      logins.push(headers.authorization);
      response.writeHead(403).end();
    },
  });
  const mirror = server!.url.replace('//', '//me:s%3Acret@');
  const error = await failure({ environment: { TERRAFORM_RELEASES_URL: `${mirror}/` } });
  expect(logins).toEqual([`Basic ${Buffer.from('me:s:cret').toString('base64')}`]);
  expect(error.seen).toBe(`${server!.url}/terraform/1.99.0/${ZIP} cannot be fetched: the server answers 403`);
  await failure({ environment: { TERRAFORM_RELEASES_URL: `${server!.url}/some/path/` } });
  expect(server?.asked.at(-1)).toBe(`/some/path/terraform/1.99.0/${ZIP}`);
});

test('a redirection is followed, and a login stays with its server', async () => {
  const logins: unknown[] = [];
  const storage = await serveReleases(
    RELEASE.version,
    { [ZIP]: zipOf(BINARY) },
    {
      answer: (body, response, { headers }) => {
        logins.push(headers.authorization);
        response.end(body);
      },
    },
  );
  const location = `${storage.url}/terraform/1.99.0/${ZIP}`;
  await serve(zipOf(BINARY), { answer: (_body, response) => response.writeHead(302, { location }).end() });
  const file = await fetched({ environment: { TERRAFORM_RELEASES_URL: server!.url.replace('//', '//me:secret@') } });
  await storage.close();
  expect(existsSync(file)).toBe(true);
  expect(logins).toEqual([undefined]);
});

test('another binary than the pinned one is an error', async () => {
  const other = fakeTerraform('6.6.6');
  await serve(zipOf(other));
  const error = await failure();
  expect(error).toMatchObject({
    code: 'TERRAFORM_CHECKSUM',
    seen: `terraform in ${ZIP} has the SHA-256 ${sha256(other)}; ${sha256(BINARY)} is expected`,
  });
});

test.each([
  ['a page of a proxy', strToU8('<html>Please log in.</html>')],
  ['half a zip', zipOf(BINARY).subarray(0, 100)],
  ['a zip without terraform', zipOf(BINARY, 0).map((byte) => (byte === 't'.charCodeAt(0) ? 'T'.charCodeAt(0) : byte))],
])('%s is an error', async (_what, body) => {
  await serve(body);
  expect(await failure()).toMatchObject({
    code: 'TERRAFORM_NOT_UNPACKED',
    seen: expect.stringContaining(ZIP) as string,
  });
});

test.each([
  [
    'a body of known length',
    (response: ServerResponse, length: number) => response.setHeader('content-length', length),
  ],
  ['a body of unknown length', () => undefined],
])('a connection that is cut within %s is an error', async (_what, prepare) => {
  await serve(zipOf(BINARY, 0), {
    answer: (body, response) => {
      prepare(response, body.length);
      response.write(body.subarray(0, body.length / 2), () => response.destroy());
    },
  });
  expect(await failure()).toMatchObject({
    code: 'TERRAFORM_FETCH_FAILED',
    seen: expect.stringMatching(/cannot be fetched: (other side closed|aborted|terminated)/) as string,
  });
});

test('a server that is not there is an error that says what to do', async () => {
  await serve(zipOf(BINARY));
  const { url } = server!;
  await server!.close();
  const error = await failure({ environment: { TERRAFORM_RELEASES_URL: url } });
  expect(error.code).toBe('TERRAFORM_FETCH_FAILED');
  expect(error.seen).toMatch(/cannot be fetched: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  expect(error.next).toMatch(/HTTPS_PROXY.*TERRAFORM_RELEASES_URL.*install Terraform 1\.10 or later/);
});

test.each([
  ['nowhere', 'nowhere'],
  ['ftp://me:secret@mirror', 'ftp://mirror'],
])('%s is no server', async (TERRAFORM_RELEASES_URL, printed) => {
  expect(await failure({ environment: { TERRAFORM_RELEASES_URL } })).toMatchObject({
    code: 'TERRAFORM_RELEASES_URL',
    seen: `TERRAFORM_RELEASES_URL is "${printed}", which is no address of a web server`,
  });
});

test('where it cannot be kept, that is said', async () => {
  await serve(zipOf(BINARY));
  const file = join(folder, 'a file');
  writeFileSync(file, '');
  await expect(fetched({ cache: file })).rejects.toMatchObject({ code: 'TERRAFORM_NOT_KEPT' });
  expect(statSync(file).size).toBe(0);
});
