import { OperatorError } from '../../errors/operator-error';
import { pathText } from '../../errors/setting-problems';
import {
  CONTRACT_OUTPUT,
  sourceContractSchema,
  targetContractSchema,
  type SourceContract,
  type TargetContract,
} from '../../contract/contract';
import { z } from 'zod';
import { refuseWrongValues } from './contract-values';

const anyContractSchema = z.discriminatedUnion('side', [sourceContractSchema, targetContractSchema]);

/**
 * The contracts in a document of outputs, whichever tool wrote it:
 * - `terraform output -json`: {"contract": {"value": {…}, "type": …, "sensitive": …}}
 * - `cdktf output --outputs-file`: {"<stack>": {"contract": {…}}}
 * - the contract itself.
 *
 * @throws OperatorError CONTRACT_INVALID
 */
export function extractContracts(document: unknown, origin: string): (SourceContract | TargetContract)[] {
  return candidates(document)
    .filter((candidate) => !isBeforeClone(candidate))
    .map((candidate) => parseContract(candidate, origin));
}

/** Deployed before there was a clone ticket, the target stack has all but the clone (stacks/constructs/cluster/clone-ticket-gate.ts). */
function isBeforeClone(candidate: unknown): boolean {
  const { side, cluster } = (candidate ?? {}) as { side?: unknown; cluster?: { identifier?: unknown } | null };
  return side === 'target' && cluster?.identifier === null;
}

function candidates(document: unknown): unknown[] {
  if (document === null || typeof document !== 'object') return [];
  const record = document as Record<string, unknown>;
  if ('side' in record && 'version' in record) return [record];
  if (CONTRACT_OUTPUT in record) return [unwrap(record[CONTRACT_OUTPUT])];
  return Object.values(record).flatMap(candidates);
}

function unwrap(output: unknown): unknown {
  const isWrapped = output !== null && typeof output === 'object' && 'value' in output;
  return isWrapped ? output.value : output;
}

function parseContract(candidate: unknown, origin: string): SourceContract | TargetContract {
  const result = anyContractSchema.safeParse(candidate);
  if (result.success) {
    refuseWrongValues(result.data, origin);
    return result.data;
  }
  const issues = result.error.issues.map(({ path, message }) => `${pathText(path)}: ${message}`).join('; ');
  throw new OperatorError({
    code: 'CONTRACT_INVALID',
    seen: `the output ${CONTRACT_OUTPUT} of ${origin} is not one this version reads: ${issues}`,
    why: 'sql-runner takes every name and address from it',
    next: 'deploy the stack again with the same version of this project',
    cause: result.error,
  });
}
