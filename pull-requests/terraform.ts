import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFolder } from './stack-folders';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The variable that cdktf and sql-runner read as well: a path, or `tofu`. */
function terraformBinary(): string {
  return process.env['TERRAFORM_BINARY_NAME'] || 'terraform';
}

/** Runs Terraform in the folder of a stack. Nothing of it is printed: what a log may show, the caller decides. */
export function terraform({ folder }: StackFolder, ...args: string[]): Promise<Ended> {
  // With TF_LOG, requests and answers of AWS would be on stderr.
  const { TF_LOG: _log, TF_LOG_CORE: _core, TF_LOG_PROVIDER: _provider, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(terraformBinary(), args, {
      cwd: folder,
      env: { ...env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

export const lockFileOf = ({ folder }: StackFolder): string => join(folder, '.terraform.lock.hcl');

/**
 * Initialises a stack for some work. Where its lock file is committed, Terraform must do with it; where none is, the one
 * that Terraform makes has the hash of this platform alone, and goes again.
 */
export async function initialised<T>(
  stack: StackFolder,
  args: readonly string[],
  work: (init: Ended) => Promise<T>,
): Promise<T> {
  const lockFile = lockFileOf(stack);
  const locked = existsSync(lockFile);
  try {
    const readonly = locked ? ['-lockfile=readonly'] : [];
    return await work(await terraform(stack, 'init', '-input=false', '-no-color', ...readonly, ...args));
  } finally {
    if (!locked) rmSync(lockFile, { force: true });
  }
}
