import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { OperatorError } from '../../../environments/operator-error';
import { assertTerraform } from '../../../lab/provider/terraform-version';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'terraform versions '));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** A binary that only knows its version. */
async function binary(output: string): Promise<NodeJS.ProcessEnv> {
  const file = path.join(directory, `terraform-${output.replace(/\W/g, '')}`);
  await writeFile(file, `#!/bin/sh\necho '${output}'\n`);
  await chmod(file, 0o755);
  return { ...process.env, TERRAFORM_BINARY_NAME: file };
}
const version = (text: string): Promise<NodeJS.ProcessEnv> => binary(JSON.stringify({ terraform_version: text }));

test('takes the terraform on this machine, and every 1.x from 1.10', async () => {
  expect(await assertTerraform()).toMatch(/^1\.\d+\.\d+/);
  expect(await assertTerraform(await version('1.10.0'))).toBe('1.10.0');
  expect(await assertTerraform(await version('1.14.0-beta1'))).toBe('1.14.0-beta1');
});

test.each(['1.9.8', '0.15.5', '2.0.0'])('refuses %s and says what is needed', async (text) => {
  const error: unknown = await assertTerraform(await version(text)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OperatorError);
  expect(error).toMatchObject({
    code: 'TERRAFORM_VERSION',
    next: expect.stringContaining('Install Terraform') as string,
  });
  expect((error as OperatorError).seen).toContain(`is version ${text}; >= 1.10 and < 2 is needed`);
});

test('says when there is none, or when it is something else', async () => {
  const absent = { ...process.env, TERRAFORM_BINARY_NAME: 'terraform-that-is-not-there' };
  await expect(assertTerraform(absent)).rejects.toMatchObject({
    code: 'TERRAFORM_MISSING',
    seen: 'terraform-that-is-not-there is not on PATH, or may not be run',
  });
  await expect(assertTerraform(await binary('hello'))).rejects.toMatchObject({
    code: 'TERRAFORM_MISSING',
    seen: expect.stringContaining('does not run') as string,
  });
});
