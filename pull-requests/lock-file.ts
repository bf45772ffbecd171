import { existsSync, readFileSync } from 'node:fs';
import { OperatorError } from '../errors/operator-error';
import type { StackFolder } from './stack-folders';
import { lockFileOf, terraform } from './terraform';

/** Where people and workflows run Terraform. TERRAFORM_LOCK_PLATFORMS names others, with commas. */
function lockPlatforms(): string[] {
  const named = process.env['TERRAFORM_LOCK_PLATFORMS'] || 'linux_amd64,linux_arm64,darwin_amd64,darwin_arm64';
  return named.split(',').map((platform) => platform.trim());
}

/** Writes the lock file of a stack, with the hashes of every platform. Terraform fetches the provider for each of them. */
export async function writeLockFile(stack: StackFolder): Promise<void> {
  const platforms = lockPlatforms().map((platform) => `-platform=${platform}`);
  const { code, stdout, stderr } = await terraform(stack, 'providers', 'lock', '-no-color', ...platforms);
  if (code === 0) return;
  throw new OperatorError({
    code: 'LOCK_FILE_NOT_WRITTEN',
    seen: `terraform providers lock of ${stack.name} failed: ${(stderr || stdout).trim()}`,
    why: 'Without hashes in .terraform.lock.hcl, each machine takes whatever provider it is given.',
    next: 'Run it where the registry of providers can be reached. TERRAFORM_LOCK_PLATFORMS names the platforms.',
  });
}

/**
 * A note where a stack has no lock file. Refuses one with fewer hashes than platforms: `h1:` is of one package each
 * (developer.hashicorp.com/terraform/language/files/dependency-lock), and Terraform adds only that of its own platform.
 */
export function lockFileNote(stack: StackFolder): string | undefined {
  const file = lockFileOf(stack);
  if (!existsSync(file)) {
    return `${stack.name} has no .terraform.lock.hcl, so the provider was not held to any hash: npm run stacks:lock`;
  }
  const fewest = fewestHashes(readFileSync(file, 'utf8'));
  const platforms = lockPlatforms();
  if (fewest >= platforms.length) return undefined;
  throw new OperatorError({
    code: 'LOCK_FILE_INCOMPLETE',
    seen: `${file} has hashes of ${fewest} of the ${platforms.length} platforms ${platforms.join(', ')}.`,
    why: 'On the others, terraform init has nothing to hold the provider to, or refuses it.',
    next: 'Run: npm run stacks:lock, and commit the file. TERRAFORM_LOCK_PLATFORMS names other platforms.',
  });
}

/** Of the provider that has the fewest; 0 where the file has no provider. */
function fewestHashes(text: string): number {
  const blocks = text.split(/^provider /m).slice(1);
  const counts = blocks.map((block) => new Set(block.match(/"h1:[^"]+"/g) ?? []).size);
  return Math.min(...(counts.length === 0 ? [0] : counts));
}
