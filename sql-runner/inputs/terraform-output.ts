import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { OperatorError } from '../../errors/operator-error';

const run = promisify(execFile);

/**
 * `terraform output -json` in a stack's folder. {} when nothing is deployed.
 * A folder that no terraform command has visited yet is initialised first, as
 * cdktf does before each of its commands.
 */
export async function terraformOutput(directory: string): Promise<unknown> {
  if (!existsSync(directory)) return {};
  try {
    return await readOutput(directory);
  } catch (error) {
    if (!/init|plugins are not installed/i.test(String((error as { stderr?: string }).stderr)))
      throw outputFailed(directory, error);
  }
  try {
    await terraform(directory, ['init', '-input=false', '-no-color']);
    return await readOutput(directory);
  } catch (error) {
    throw outputFailed(directory, error);
  }
}

/** Before anything that calls terraform by way of another program, which would say less clearly that it is missing. */
export async function assertTerraform(): Promise<void> {
  await terraform('.', ['version']).catch((cause: unknown) => {
    throw outputFailed('.', cause);
  });
}

async function readOutput(directory: string): Promise<unknown> {
  return JSON.parse(await terraform(directory, ['output', '-json', '-no-color'])) as unknown;
}

async function terraform(directory: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run(binaryName(), args, {
    cwd: directory,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, TF_IN_AUTOMATION: '1' },
  });
  return stdout;
}

/** The variable of cdktf: a path, or `tofu`. Empty counts as none, as in a workflow whose variable is not set. */
function binaryName(): string {
  return process.env.TERRAFORM_BINARY_NAME || 'terraform';
}

function outputFailed(directory: string, cause: unknown): OperatorError {
  const failure = cause as { code?: string; stderr?: string; message: string };
  // EACCES also when a directory of PATH may not be searched and no later one has it.
  if (failure.code === 'ENOENT' || failure.code === 'EACCES') {
    return new OperatorError({
      code: 'TERRAFORM_MISSING',
      seen: `${binaryName()} is not on PATH, or may not be run`,
      why: 'the stacks are deployed, and their outputs read, with it',
      next: 'install Terraform 1.10 or later (developer.hashicorp.com/terraform/install), name it in TERRAFORM_BINARY_NAME, or hand the outputs over: --outputs FILE',
      cause,
    });
  }
  return new OperatorError({
    code: 'TERRAFORM_OUTPUT_FAILED',
    seen: `${binaryName()} output in ${directory} failed: ${(failure.stderr || failure.message).trim()}`,
    why: 'the outputs of the stacks are all that sql-runner knows of the environment',
    // With the other one, the providers would come from another registry, and the lock file would be another.
    next: `run ${binaryName()} init there, or hand the outputs over: --outputs FILE`,
    cause,
  });
}
