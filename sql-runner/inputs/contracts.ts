import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../environments/operator-error';
import type { SourceContract, TargetContract } from '../../stacks/contract';
import type { Contracts } from '../engine/connections';
import { extractContracts } from './extract-contracts';
import { terraformOutput } from './terraform-output';

export interface ContractInputs {
  readonly environment: string;
  /** Folder with one folder a stack, as cdktf synthesises them. */
  readonly stacksDir: string;
  /** Files with outputs; when given, terraform is not called. */
  readonly outputs: readonly string[];
}

/** The contracts of an environment, from files or from terraform itself. */
export async function readContracts(inputs: ContractInputs): Promise<Contracts> {
  const found = inputs.outputs.length > 0 ? await fromFiles(inputs.outputs) : await fromStacks(inputs);
  const own = found.filter((contract) => contract.environment === inputs.environment);
  const source = own.find((contract): contract is SourceContract => contract.side === 'source');
  const target = own.find((contract): contract is TargetContract => contract.side === 'target') ?? null;
  if (source === undefined)
    throw sourceMissing(
      inputs,
      found.map((contract) => `${contract.environment}-${contract.side}`),
    );
  return { source, target };
}

async function fromFiles(files: readonly string[]): Promise<(SourceContract | TargetContract)[]> {
  const lists = await Promise.all(files.map(async (file) => extractContracts(await readJson(file), file)));
  return lists.flat();
}

async function fromStacks({ environment, stacksDir }: ContractInputs): Promise<(SourceContract | TargetContract)[]> {
  const directories = ['source', 'target'].map((side) => join(stacksDir, `${environment}-${side}`));
  const lists = await Promise.all(
    directories.map(async (directory) => extractContracts(await terraformOutput(directory), directory)),
  );
  return lists.flat();
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new OperatorError({
      code: 'OUTPUTS_UNREADABLE',
      seen: `${file} cannot be read as JSON: ${(cause as Error).message}`,
      why: 'the outputs of the stacks are all that sql-runner knows of the environment',
      next: 'write it with: terraform output -json > FILE, or: cdktf output --outputs-file FILE',
      cause,
    });
  }
}

function sourceMissing(inputs: ContractInputs, found: readonly string[]): OperatorError {
  const where =
    inputs.outputs.length > 0 ? inputs.outputs.join(', ') : join(inputs.stacksDir, `${inputs.environment}-source`);
  return new OperatorError({
    code: 'SOURCE_NOT_DEPLOYED',
    seen: `${where} holds no outputs of stack ${inputs.environment}-source${found.length > 0 ? ` (found: ${found.join(', ')})` : ''}`,
    why: 'sql-runner takes every name and address from the outputs of the stacks',
    next: `cdktf deploy ${inputs.environment}-source`,
  });
}
