import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OperatorError } from '../../errors/operator-error';
import type { SourceContract, TargetContract, Contracts } from '../../contract/contract';
import { refuseOtherEnvironment } from './contract-values';
import { extractContracts } from './extract-contracts';
import { sourceMissing } from './source-missing';
import { terraformOutput } from './terraform-output';

export interface ContractInputs {
  readonly environment: string;
  /** Folder with one folder a stack, as cdktf synthesises them. */
  readonly stacksDir: string;
  /** Files with outputs; when given, neither the variable is read nor terraform called. */
  readonly outputs: readonly string[];
}

/** The outputs themselves, where there is neither a file nor terraform: in a container. */
export const OUTPUTS_VARIABLE = 'SQL_RUNNER_OUTPUTS';

/**
 * The contracts of an environment, from files, from the variable or from terraform itself: the first of them that there is.
 *
 * @throws OperatorError SOURCE_NOT_DEPLOYED, ENVIRONMENT_UNKNOWN, CONTRACT_INVALID, OUTPUTS_UNREADABLE, TERRAFORM_OUTPUT_FAILED
 */
export async function readContracts(asked: ContractInputs): Promise<Contracts> {
  // Empty counts as none, as in a workflow whose variable is not set.
  const variable = asked.outputs.length > 0 ? '' : (process.env[OUTPUTS_VARIABLE] ?? '');
  const inputs = variable === '' ? asked : { ...asked, outputs: [OUTPUTS_VARIABLE] };
  const found = await (variable === '' ? fromFilesOrStacks(inputs) : fromVariable(variable));
  const sources = found.filter((contract) => contract.side === 'source');
  const source = onlyOne(sources, inputs.environment);
  const targets = found.filter((contract) => contract.side === 'target');
  const target = onlyOne(targets, inputs.environment) ?? withoutSource(targets, sources) ?? null;
  if (source === undefined)
    throw sourceMissing(
      inputs,
      found.map((contract) => `${contract.environment}-${contract.side}`),
    );
  if (target !== null) refuseOtherEnvironment(source, target);
  return { source, target };
}

/** The contract of the environment. Files may hold it more than once, but not with different values. */
function onlyOne<T extends SourceContract | TargetContract>(contracts: readonly T[], environment: string) {
  const [first, ...others] = contracts.filter((contract) => contract.environment === environment);
  if (first === undefined || others.every((other) => isDeepStrictEqual(other, first))) return first;
  throw new OperatorError({
    code: 'CONTRACT_INVALID',
    seen: `${others.length + 1} contracts of the ${first.side} of ${environment} were handed over, and they differ`,
    why: 'nothing tells which of them is meant',
    next: 'hand over one file for each stack, as it is deployed now',
  });
}

/** One whose environment has no source here can only be meant for the source that is here. */
function withoutSource(targets: readonly TargetContract[], sources: readonly SourceContract[]) {
  return targets.find(({ environment }) => !sources.some((source) => source.environment === environment));
}

function fromFilesOrStacks(inputs: ContractInputs): Promise<(SourceContract | TargetContract)[]> {
  return inputs.outputs.length > 0 ? fromFiles(inputs.outputs) : fromStacks(inputs);
}

async function fromVariable(text: string): Promise<(SourceContract | TargetContract)[]> {
  const document = await asJson(OUTPUTS_VARIABLE, () => Promise.resolve(text));
  return extractContracts(document, OUTPUTS_VARIABLE);
}

async function fromFiles(files: readonly string[]): Promise<(SourceContract | TargetContract)[]> {
  const lists = await Promise.all(
    files.map(async (file) => extractContracts(await asJson(file, () => readFile(file, 'utf8')), file)),
  );
  return lists.flat();
}

async function fromStacks({ environment, stacksDir }: ContractInputs): Promise<(SourceContract | TargetContract)[]> {
  const directories = ['source', 'target'].map((side) => join(stacksDir, `${environment}-${side}`));
  const lists = await Promise.all(
    directories.map(async (directory) => extractContracts(await terraformOutput(directory), directory)),
  );
  return lists.flat();
}

async function asJson(origin: string, read: () => Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await read()) as unknown;
  } catch (cause) {
    throw new OperatorError({
      code: 'OUTPUTS_UNREADABLE',
      seen: `${origin} cannot be read as JSON: ${(cause as Error).message}`,
      why: 'the outputs of the stacks are all that sql-runner knows of the environment',
      next: 'write it with: terraform output -json > FILE, or: cdktf output --outputs-file FILE',
      cause,
    });
  }
}
