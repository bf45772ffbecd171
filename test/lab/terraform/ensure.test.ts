import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { ensureTerraform, type Terraform } from '../../../lab/terraform/ensure';
import { platform } from '../../../lab/terraform/release';
import { fakeTerraform, type ReleaseServer, serveReleases, sha256, zipOf } from './release-server';

let directory: string;
let server: ReleaseServer;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'terraform versions '));
  server = await serveReleases('1.99.0', { [`terraform_1.99.0_${platform()}.zip`]: zipOf(fakeTerraform('1.99.0')) });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

/** A PATH whose first folder has a terraform that prints this. */
async function pathWith(output: string): Promise<string> {
  const folder = await mkdtemp(path.join(directory, 'path '));
  // Not by a promise: with Node 20.9 the file may still be open for writing when it is started.
  writeFileSync(path.join(folder, 'terraform'), `#!/bin/sh\necho '${output}'\n`, { mode: 0o755 });
  return `${folder}:/usr/bin:/bin`;
}
const version = (text: string): string => JSON.stringify({ terraform_version: text });
const named = async (output: string): Promise<NodeJS.ProcessEnv> => ({
  PATH: process.env.PATH,
  TERRAFORM_BINARY_NAME: path.join((await pathWith(output)).split(':')[0]!, 'terraform'),
});

/** What is run, in an environment that would fetch 1.99.0, and the lines that were said. */
async function ensured(environment: NodeJS.ProcessEnv): Promise<Terraform & { said: string[] }> {
  const said: string[] = [];
  environment.TERRAFORM_RELEASES_URL ??= server.url;
  const release = { version: '1.99.0', binaries: { [platform()]: sha256(fakeTerraform('1.99.0')) } };
  const cache = await mkdtemp(path.join(directory, 'cache '));
  const say = (line: string): number => said.push(line);
  return { ...(await ensureTerraform({ environment, release, cache, say })), said };
}

test.each(['1.10.0', '1.14.0-beta1'])('takes a %s on PATH', async (text) => {
  const environment = { PATH: await pathWith(version(text)) };
  expect(await ensured(environment)).toEqual({ binary: 'terraform', version: text, said: [] });
  expect(environment).not.toHaveProperty('TERRAFORM_BINARY_NAME');
});

test('takes the one that is named, whatever is on PATH', async () => {
  const environment = await named(version('1.12.3'));
  const binary = environment.TERRAFORM_BINARY_NAME;
  expect(await ensured(environment)).toEqual({ binary, version: '1.12.3', said: [] });
});

test.each([
  ['none at all', () => Promise.resolve(directory), 'No terraform on PATH'],
  ['1.9.8', () => pathWith(version('1.9.8')), 'terraform 1.9.8 on PATH does not fit'],
  ['0.13.7', () => pathWith(version('0.13.7')), 'terraform 0.13.7 on PATH does not fit'],
  ['2.0.0', () => pathWith(version('2.0.0')), 'terraform 2.0.0 on PATH does not fit'],
  ['something else', () => pathWith('hello'), 'The terraform on PATH does not run'],
])('fetches one when PATH has %s, and says so', async (_what, makePath, said) => {
  const environment: NodeJS.ProcessEnv = { PATH: await makePath(), TERRAFORM_BINARY_NAME: '' };
  const result = await ensured(environment);
  expect(result.version).toBe('1.99.0');
  expect(result.said).toEqual([`${said}; fetching 1.99.0 from ${new URL(server.url).host}`]);
  // What cdktf, sql-runner and all others run from now on.
  expect(environment.TERRAFORM_BINARY_NAME).toBe(result.binary);
  expect(await ensured(environment)).toMatchObject({ binary: result.binary, said: [] });
});

test('fetches none when that is forbidden', async () => {
  const before = server.asked.length;
  for (const TERRAFORM_FETCH of ['off', 'false', '0']) {
    await expect(ensured({ PATH: directory, TERRAFORM_FETCH })).rejects.toMatchObject({
      code: 'TERRAFORM_MISSING',
      seen: 'terraform is not on PATH, or may not be run',
      next: expect.stringMatching(/^Install Terraform.*; without TERRAFORM_FETCH=\w+, one is fetched\.$/) as string,
    });
    const old = { PATH: await pathWith(version('1.5.7')), TERRAFORM_FETCH };
    await expect(ensured(old)).rejects.toMatchObject({ code: 'TERRAFORM_VERSION' });
  }
  expect(server.asked.length).toBe(before);
});

test.each(['1.9.8', '0.15.5', '2.0.0'])('refuses a named %s, and says what is needed', async (text) => {
  const environment = await named(version(text));
  await expect(ensured(environment)).rejects.toMatchObject({
    code: 'TERRAFORM_VERSION',
    seen: `${environment.TERRAFORM_BINARY_NAME} is version ${text}; >= 1.10 and < 2 is needed`,
    next: expect.stringContaining('Install Terraform') as string,
  });
});

test('says when the named one is absent, or is something else', async () => {
  const absent = { PATH: process.env.PATH, TERRAFORM_BINARY_NAME: 'terraform-that-is-not-there' };
  await expect(ensured(absent)).rejects.toMatchObject({
    code: 'TERRAFORM_MISSING',
    seen: 'terraform-that-is-not-there is not on PATH, or may not be run',
  });
  await expect(ensured(await named('hello'))).rejects.toMatchObject({
    code: 'TERRAFORM_MISSING',
    seen: expect.stringContaining('does not run') as string,
  });
});
