import { Fn, TerraformLocal, Token, type IResolvable, type Precondition } from 'cdktf';
import type { Construct } from 'constructs';
import type { PublishedContract } from '../../../contract/contract';
import type { Environment } from '../../../environments/schema';

/** A task definition has 64 KiB (Amazon ECS service quotas, "Task definition size"). */
const ALL_BYTES = 64 * 1024;
/** For everything in it but the contract of the source: the names in that of the target, roles, image, command. */
const REST_BYTES = 8 * 1024;
export const CONTRACT_BYTES = ALL_BYTES - REST_BYTES;

export interface RunnerOutputs {
  /** Expression for what `SQL_RUNNER_OUTPUTS` holds. */
  readonly text: string;
  /** That it fits, as far as it is known in a plan. */
  readonly precondition: Precondition;
}

/**
 * The outputs of both stacks as one document, as sql-runner reads them. Of the roles it has those that a task can take: the
 * one in the source account that the environment names for it, and in its own account none, where its own role does.
 */
export function runnerOutputs(
  scope: Construct,
  { name, source, target }: Environment,
  /** What the source stack puts out as its contract. */
  sourceContract: IResolvable,
  contract: PublishedContract,
): RunnerOutputs {
  const account = { accountId: source.accountId, ...sourceRole({ source, target }) };
  const targetAccount = { accountId: target.accountId, roleArn: Token.nullValue() };
  const ofSource = new TerraformLocal(scope, 'source-contract', Fn.merge([sourceContract, { account, targetAccount }]));
  const local = `local.${ofSource.friendlyUniqueId}`;
  // A local of its own: expressions in it would be texts inside of a function's argument.
  const ofTarget = new TerraformLocal(scope, 'target-contract', { ...contract, account: targetAccount });
  const both = { source: ofSource.expression as unknown, target: ofTarget.expression as unknown };
  const document = new TerraformLocal(scope, 'outputs', Fn.jsonencode(both));
  // Encoded twice, as it is a text inside of a document; of base64, as length() counts characters, and a name may have others.
  const bytes = `floor(length(base64encode(jsonencode(jsonencode(${local})))) * 3 / 4)`;
  return {
    text: document.asString,
    precondition: {
      condition: `\${${bytes} <= ${CONTRACT_BYTES}}`,
      errorMessage: `What sql-runner has to know of environment ${name} takes \${${bytes}} bytes, and a task definition of ECS holds 64 KiB, of which ${CONTRACT_BYTES} are left for it. Select whole schemas where databases[].tables names many tables, or remove target.runner from the environment file and run sql-runner elsewhere; then npm run synth.`,
    },
  };
}

/** The role in the source account that a task takes: its own, else that of sql-runner. */
export function sourceRole({ source, target }: Pick<Environment, 'source' | 'target'>) {
  const own = target.runner?.sourceRoleArn;
  const { externalId } = source;
  return {
    roleArn: own ?? source.runnerRoleArn ?? source.roleArn,
    ...(own === undefined && externalId !== undefined ? { externalId } : {}),
  };
}
