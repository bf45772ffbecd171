import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { exitCode } from '../../errors/exit-codes';
import { OperatorError } from '../../errors/operator-error';
import { assertTerraform } from '../inputs/terraform-output';
import type { NextStep } from '../model/plan';
import { carryOut, type ApplyOptions } from './apply';
import { outputFor } from './settings';

/**
 * The whole way: source stack, apply, target stack, apply. Every step is one
 * that can be run by hand, and each asks for itself unless --auto-approve.
 */
export async function rollout(environment: string, options: ApplyOptions): Promise<number> {
  const { log } = outputFor(options);
  await assertTerraform();
  let left = null as NextStep | null;
  const applying = () => carryOut(environment, 'apply', null, options, ({ nextStep }) => (left = nextStep));
  const steps: { name: string; run: () => Promise<number> }[] = [
    { name: `cdktf deploy ${environment}-source`, run: () => cdktfDeploy(`${environment}-source`, options) },
    { name: `sql-runner apply ${environment}`, run: applying },
    { name: `cdktf deploy ${environment}-target`, run: () => cdktfDeploy(`${environment}-target`, options) },
    { name: `sql-runner apply ${environment}`, run: applying },
  ];
  for (const [index, step] of steps.entries()) {
    log(`\n[${index + 1}/${steps.length}] ${step.name}`);
    const code = await step.run();
    if (code !== 0) return code;
  }
  if (left !== null) throw cloneMissing(left);
  return 0;
}

/** cdktf ends with 0 as well where nobody has approved what it would do. */
function cloneMissing({ command, reason }: NextStep): OperatorError {
  return new OperatorError({
    code: 'ROLLOUT_NOT_DONE',
    seen: `every step has ended well, and the last one still says: ${command} ${reason}`,
    why: 'there is no clone that follows, and what it is to follow from keeps WAL on production until there is',
    next: 'see above what cdktf did instead, then run this command again',
  });
}

/** cdktf writes to stderr here: stdout is for results. */
function cdktfDeploy(stack: string, options: ApplyOptions): Promise<number> {
  const args = [
    'deploy',
    stack,
    '--output',
    outputDirectory(options),
    ...(options.autoApprove ? ['--auto-approve'] : []),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(cdktfBinary(), args, { stdio: ['inherit', process.stderr, 'inherit'] });
    child.once('error', (cause) => reject(cdktfMissing(cause)));
    // Its own codes mean something else than ours.
    child.once('close', (code) => resolve(exitCode(code === 0 ? 'done' : 'error')));
  });
}

/** cdktf puts the stacks in <output>/stacks. */
function outputDirectory(options: ApplyOptions): string {
  return dirname(options.stacksDir);
}

function cdktfBinary(): string {
  try {
    return join(dirname(require.resolve('cdktf-cli/package.json')), '..', '.bin', 'cdktf');
  } catch {
    return 'cdktf';
  }
}

function cdktfMissing(cause: unknown): OperatorError {
  return new OperatorError({
    code: 'CDKTF_MISSING',
    seen: `cdktf cannot be started: ${(cause as Error).message}`,
    why: 'rollout deploys the stacks with it',
    next: 'run npm ci in the project, or run the four steps of the rollout by hand',
    cause,
  });
}
