import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { OperatorError } from '../../environments/operator-error';

const run = promisify(execFile);
const NEEDED = '>= 1.10 and < 2';
const INSTALL =
  'Install Terraform 1.10 or later from https://developer.hashicorp.com/terraform/install, or name another binary in TERRAFORM_BINARY_NAME.';

/**
 * The version of the terraform binary that cdktf will run too.
 * Throws OperatorError TERRAFORM_MISSING or TERRAFORM_VERSION.
 */
export async function assertTerraform(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  // cdktf reads the same variable: https://developer.hashicorp.com/terraform/cdktf/create-and-deploy/environment-variables
  const binary = environment.TERRAFORM_BINARY_NAME || 'terraform';
  const version = await versionOf(binary, environment);
  const [major, minor] = version.split('.').map(Number) as [number, number];
  if (major === 1 && minor >= 10) return version;
  throw new OperatorError({
    code: 'TERRAFORM_VERSION',
    seen: `${binary} is version ${version}; ${NEEDED} is needed`,
    why: 'the stacks ask for it: their states in S3 are locked by a file there',
    next: INSTALL,
  });
}

async function versionOf(binary: string, environment: NodeJS.ProcessEnv): Promise<string> {
  try {
    const { stdout } = await run(binary, ['version', '-json'], { env: { ...environment, CHECKPOINT_DISABLE: '1' } });
    const { terraform_version: version } = JSON.parse(stdout) as { terraform_version?: unknown };
    if (typeof version === 'string' && /^\d+\.\d+\./.test(version)) return version;
    throw new Error(`«${binary} version -json» names no version`);
  } catch (cause) {
    // EACCES also when a directory of PATH may not be searched and no later one has it.
    const isAbsent = ['ENOENT', 'EACCES'].includes((cause as NodeJS.ErrnoException).code ?? '');
    throw new OperatorError({
      code: 'TERRAFORM_MISSING',
      seen: isAbsent
        ? `${binary} is not on PATH, or may not be run`
        : `${binary} does not run: ${(cause as Error).message.trim()}`,
      why: 'the stacks are applied by Terraform',
      next: INSTALL,
      cause,
    });
  }
}
