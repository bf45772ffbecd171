import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fetchTerraform } from '../../../lab/terraform/fetch';
import { isKept, keep } from '../../../lab/terraform/kept';
import { fakeTerraform, type ReleaseServer, serveReleases, sha256, zipOf } from './release-server';

const BINARY = fakeTerraform('1.99.0');
const OTHER = fakeTerraform('6.6.6');
const RELEASE = { version: '1.99.0', binaries: { linux_amd64: sha256(BINARY) } };

let folder: string;
let server: ReleaseServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kept terraform '));
  server = await serveReleases(RELEASE.version, { 'terraform_1.99.0_linux_amd64.zip': zipOf(BINARY) });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The path, and whether what was kept was found to be damaged; null where nothing was fetched. */
async function fetched(): Promise<{ file: string; damaged: boolean | null }> {
  let damaged: boolean | null = null;
  const file = await fetchTerraform({
    release: RELEASE,
    platform: 'linux_amd64',
    cache: folder,
    environment: { TERRAFORM_RELEASES_URL: server.url },
    announce: (_host, isDamaged) => (damaged = isDamaged),
  });
  return { file, damaged };
}

test.each([
  ['was replaced', () => OTHER],
  ['lacks its end', () => BINARY.subarray(0, -1)],
  ['has one other byte', () => Uint8Array.from(BINARY, (byte, index) => (index === 5 ? byte ^ 1 : byte))],
  ['is empty', () => new Uint8Array()],
])('one that %s is fetched anew, and no other', async (_, damaged) => {
  const { file } = await fetched();
  expect(await fetched()).toEqual({ file, damaged: null });
  // Neither its date nor its size need tell.
  writeFileSync(file, damaged());
  expect(await fetched()).toEqual({ file, damaged: true });
  expect(sha256(readFileSync(file))).toBe(sha256(BINARY));
  expect(statSync(file).mode & 0o777).toBe(0o755);
  expect(server.asked).toHaveLength(2);
});

test('a folder in its place, or in that of its sum, gives way', async () => {
  const { file } = await fetched();
  for (const place of [file, `${file}.sha256`]) {
    rmSync(place);
    mkdirSync(join(place, 'folder'), { recursive: true });
  }
  expect(await fetched()).toEqual({ file, damaged: true });
  expect(await isKept(file, undefined)).toBe(true);
});

test('one that is damaged is not run where it cannot be fetched anew', async () => {
  const { file } = await fetched();
  writeFileSync(file, OTHER);
  await server.close();
  await expect(fetched()).rejects.toMatchObject({ code: 'TERRAFORM_FETCH_FAILED' });
});

test('where this repository does not have its sum, the one that was written down counts', async () => {
  const file = join(folder, 'terraform');
  keep(file, BINARY);
  expect(await isKept(file, undefined)).toBe(true);
  writeFileSync(file, OTHER);
  expect(await isKept(file, undefined)).toBe(false);
  keep(file, OTHER);
  expect(await isKept(file, undefined)).toBe(true);
  rmSync(`${file}.sha256`);
  expect(await isKept(file, undefined)).toBe(false);
});

test('what a process left that was killed while it wrote is removed, and what another writes is not', async () => {
  const { file } = await fetched();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  const [left, written] = [`${file}.${child.pid}`, `${file}.${process.ppid}`];
  for (const unfinished of [left, `${file}.sha256.${child.pid}`, written]) writeFileSync(unfinished, 'half');
  await fetched();
  expect(readdirSync(dirname(file))).toEqual(['terraform', `terraform.${process.ppid}`, 'terraform.sha256']);
});
