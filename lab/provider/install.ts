import { chmod, mkdir, writeFile } from 'node:fs/promises';
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
 * @returns environment variables for terraform and cdktf.
 */
export async function installProvider(labDirectory: string): Promise<Record<string, string>> {
  const bundle = path.join(labDirectory, 'provider.js');
  const mirror = path.join(labDirectory, 'mirror');
  const configuration = path.join(labDirectory, 'terraformrc');
  await mkdir(labDirectory, { recursive: true });
  buildSync({
    entryPoints: [path.join(__dirname, 'main.ts')],
    outfile: bundle,
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
    writeFile(path.join(labDirectory, 'provider-schemas.json'), JSON.stringify(readProviderSchemas())),
    writeFile(configuration, terraformConfiguration(mirror)),
    writeWrapper(mirror),
  ]);
  return {
    AURORA_LAB_NODE: process.execPath,
    AURORA_LAB_PROVIDER: bundle,
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${shellWord(mirror)}`,
    TF_CLI_CONFIG_FILE: configuration,
    TF_DISABLE_PLUGIN_TLS: '1',
  };
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
