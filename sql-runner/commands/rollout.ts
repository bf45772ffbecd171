import { spawn, type ChildProcess } from 'node:child_process';
import { dirname, join } from 'node:path';
import { exitCode } from '../../errors/exit-codes';
import { OperatorError } from '../../errors/operator-error';
import { assertTerraform } from '../inputs/terraform-output';
import type { NextStep } from '../model/plan';
import { interruption, type Interruption } from './interruption';
import { carryOut, type ApplyOptions } from './apply';
import { outputFor } from './settings';

/**
 * The whole way: source stack, apply, target stack, apply. Every step is one
 * that can be run by hand, and each asks for itself unless --auto-approve.
 */
export async function rollout(environment: string, options: ApplyOptions): Promise<number> {
  const { log } = outputFor(options);
  await assertTerraform();
  let child: ChildProcess | null = null;
  const stop = interruption(log, {
    // Ctrl-C reaches cdktf from the terminal too, and a second one would end terraform in the middle of something.
    first: (signal) => void (signal !== 'SIGINT' && child?.kill(signal)),
  });
  stop.begin();
  const deploy = async (stack: string): Promise<number> => {
    stop.now(`cdktf deploy ${stack}`);
    const code = await cdktfDeploy(stack, options, (started) => (child = started));
    child = null;
    stop.now(null);
    return code;
  };
  try {
    return await allSteps(environment, options, { log, stop, deploy });
  } finally {
    stop.release();
  }
}

interface Way {
  readonly log: (text: string) => void;
  readonly stop: Interruption;
  readonly deploy: (stack: string) => Promise<number>;
}

async function allSteps(environment: string, options: ApplyOptions, { log, stop, deploy }: Way): Promise<number> {
  let open = null as NextStep | null;
  const applying = () => carryOut(environment, 'apply', null, options, ({ nextStep }) => (open = nextStep));
  const steps: { name: string; run: () => Promise<number> }[] = [
    { name: `cdktf deploy ${environment}-source`, run: () => deploy(`${environment}-source`) },
    { name: `sql-runner apply ${environment}`, run: applying },
    { name: `cdktf deploy ${environment}-target`, run: () => deploy(`${environment}-target`) },
    { name: `sql-runner apply ${environment}`, run: applying },
  ];
  for (const [index, step] of steps.entries()) {
    log(`\n[${index + 1}/${steps.length}] ${step.name}`);
    const code = await step.run();
    const left = steps[index + 1]?.name;
    if (stop.requested() && left !== undefined) log(`The rollout is stopped as you asked, before: ${left}.`);
    if (code !== 0) return code;
    if (stop.requested() && left !== undefined) return exitCode('error');
  }
  if (open !== null) throw cloneMissing(open);
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
function cdktfDeploy(stack: string, options: ApplyOptions, onStart: (child: ChildProcess) => void): Promise<number> {
  const args = [
    'deploy',
    stack,
    '--output',
    outputDirectory(options),
    ...(options.autoApprove ? ['--auto-approve'] : []),
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(cdktfBinary(), args, { stdio: ['inherit', process.stderr, 'inherit'] });
    onStart(child);
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
