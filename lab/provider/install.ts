import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { buildSync, stop } from 'esbuild';

import { platform } from '../terraform/release';
import { readProviderSchemas } from './schema/schema-source';

/** The release that `@cdktf/provider-aws` was generated from; the stacks pin the same one. */
const VERSION = '6.25.0';

/**
 * The file that `terraform init` records the hash of in .terraform.lock.hcl.
 * It never changes, whatever the lab, so that lock files stay valid.
 */
const WRAPPER = '#!/bin/sh\nexec "$AURORA_LAB_NODE" "$AURORA_LAB_PROVIDER"\n';

/**
 * Puts the provider into a lab's directory and makes Terraform find it there
 * under the name of hashicorp/aws, without a network.
 * @param shared a folder that labs have in common: what is the same for all is made there by the first of them
 * @returns environment variables for terraform and cdktf.
 */
export async function installProvider(labDirectory: string, shared = labDirectory): Promise<Record<string, string>> {
  const program = path.join(shared, 'provider');
  const mirror = path.join(labDirectory, 'mirror');
  const configuration = path.join(labDirectory, 'terraformrc');
  await mkdir(labDirectory, { recursive: true });
  if (!existsSync(program)) await makeProgram(program);
  await Promise.all([writeFile(configuration, terraformConfiguration(mirror)), writeWrapper(mirror)]);
  return {
    AURORA_LAB_NODE: process.execPath,
    AURORA_LAB_PROVIDER: path.join(program, 'provider.js'),
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${shellWord(mirror)}`,
    TF_CLI_CONFIG_FILE: configuration,
    TF_DISABLE_PLUGIN_TLS: '1',
  };
}

/** Complete or absent: made beside its place, then renamed. Who comes second throws away what he made. */
async function makeProgram(directory: string): Promise<void> {
  const partial = `${directory}.${randomBytes(4).toString('hex')}`;
  await mkdir(partial, { recursive: true });
  buildSync({
    entryPoints: [path.join(__dirname, 'main.ts')],
    outfile: path.join(partial, 'bundle.js'),
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  // Else the compiler would stay beside this process until it ends. Nobody else builds meanwhile, as all of it is synchronous.
  await stop();
  await Promise.all([
    copyFile(path.join(__dirname, 'kept-compiled.js'), path.join(partial, 'provider.js')),
    writeFile(path.join(partial, 'provider-schemas.json'), JSON.stringify(readProviderSchemas())),
  ]);
  await rename(partial, directory).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  });
}

async function writeWrapper(mirror: string): Promise<void> {
  const directory = path.join(mirror, 'registry.terraform.io', 'hashicorp', 'aws', VERSION, platform());
  const file = path.join(directory, `terraform-provider-aws_v${VERSION}_x5`);
  await mkdir(directory, { recursive: true });
  await writeFile(file, WRAPPER);
  await chmod(file, 0o755);
}

/** Only the mirror: what is not in it cannot be installed, so nothing is ever fetched. */
function terraformConfiguration(mirror: string): string {
  return `disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = ${hclString(mirror)}\n  }\n}\n`;
}

const hclString = (text: string): string => JSON.stringify(text).replace(/([$%])\{/g, '$1$1{');

/** Terraform splits TF_CLI_ARGS_* as a shell does. */
const shellWord = (text: string): string => text.replace(/[^\w@%+=:,./-]/g, '\\$&');
