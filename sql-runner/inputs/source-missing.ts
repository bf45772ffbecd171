import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isEnvironmentName } from '../../contract/naming';
import { nearest } from '../../errors/nearest';
import { OperatorError } from '../../errors/operator-error';
import type { ContractInputs } from './contracts';

const SOURCE = '-source';
const WHY = 'sql-runner takes every name and address from the outputs of the stacks';

/**
 * Why there is no source of that name: the name is mistyped, or the stack has no outputs.
 *
 * @param found stacks whose outputs were read
 */
export function sourceMissing(inputs: ContractInputs, found: readonly string[]): OperatorError {
  const { environment, outputs, stacksDir } = inputs;
  const where = outputs.length > 0 ? outputs.join(', ') : stacksDir;
  const known = outputs.length > 0 ? found : stacksIn(stacksDir);
  const names = known.filter((stack) => stack.endsWith(SOURCE)).map((stack) => stack.slice(0, -SOURCE.length));
  const valid = isEnvironmentName(environment);
  if (valid && (names.includes(environment) || names.length === 0)) return notDeployed(inputs, found);
  return new OperatorError({
    code: 'ENVIRONMENT_UNKNOWN',
    seen: `${valid ? `there is no stack ${environment}${SOURCE}` : `${JSON.stringify(environment)} is not a name for an environment`} in ${where}${names.length === 0 ? '' : `; there are the environments ${names.join(', ')}`}`,
    why: WHY,
    next: nextFor(environment, valid, names),
  });
}

function nextFor(environment: string, valid: boolean, names: readonly string[]): string {
  const meant = nearest(environment, names);
  const parts = [
    ...(meant === undefined ? [] : [`if ${meant} is meant, say ${meant}`]),
    ...(valid ? [`if it is a new one: cdktf deploy ${environment}${SOURCE}`, fileGone(environment)] : []),
  ];
  return parts.length > 0
    ? parts.join('; ')
    : 'say the name of an environment, which is that of its file without .yaml';
}

/** Its stacks are not generated any more then, whatever of them is deployed; see environments/left-stacks.ts. */
const fileGone = (environment: string): string =>
  `if its file was removed or renamed, put it back as ${environment}.yaml and run npm run synth: what is deployed of it stays, and production keeps WAL for the slots that it has`;

function notDeployed({ environment, outputs, stacksDir }: ContractInputs, found: readonly string[]): OperatorError {
  const where = outputs.length > 0 ? outputs.join(', ') : join(stacksDir, `${environment}${SOURCE}`);
  const workspace = outputs.length > 0 ? undefined : process.env.TF_WORKSPACE;
  return new OperatorError({
    code: 'SOURCE_NOT_DEPLOYED',
    seen: `${where} holds no outputs of stack ${environment}${SOURCE}${workspace ? ` in workspace ${workspace}, which TF_WORKSPACE names` : ''}${found.length > 0 ? ` (found: ${found.join(', ')})` : ''}`,
    why: `${WHY}; a destroy of that stack that RDS refused has dropped them, while production goes on keeping WAL for the slots: its deploy brings them back`,
    // Deployed there, it would be a second copy of what another workspace may have.
    next: workspace
      ? 'if it was deployed without TF_WORKSPACE, unset that; else deploy it there'
      : `cdktf deploy ${environment}${SOURCE}`,
  });
}

/** Folders that cdktf has synthesised stacks into. */
export function stacksIn(stacksDir: string): string[] {
  try {
    return readdirSync(stacksDir);
  } catch {
    return [];
  }
}
