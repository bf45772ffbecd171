import { OperatorError } from '../../errors/operator-error';
import type { Problem } from '../../errors/problem';
import type { SourceContract, TargetContract } from '../../contract/contract';
import { wrongNames } from './contract-names';
import { sameAccount, wrongGroup, wrongPlaces } from './contract-places';
import { usedTwice } from './contract-twice';

/**
 * Refuses a contract of the right shape whose values cannot be, before anything
 * is read or done by them.
 *
 * @param origin file or folder that it comes from
 * @throws OperatorError CONTRACT_INVALID that lists every wrong value
 */
export function refuseWrongValues(contract: SourceContract | TargetContract, origin: string): void {
  const problems = [...wrongNames(contract), ...wrongPlaces(contract)];
  if (contract.side === 'source')
    problems.push(...usedTwice(contract), ...wrongGroup(contract), ...sameAccount(contract));
  if (problems.length > 0) throw contractError(`the contract of the ${contract.side} in ${origin}`, problems);
}

/**
 * The two contracts that were found are of one environment. Their accounts and clusters are compared in connections/sides.ts.
 *
 * @throws OperatorError CONTRACT_INVALID
 */
export function refuseOtherEnvironment(source: SourceContract, target: TargetContract): void {
  const problems = (['environment', 'region'] as const).flatMap((part): Problem[] => {
    if (source[part] === target[part]) return [];
    return [
      {
        code: 'CONTRACT_INVALID',
        path: [part],
        seen: `${part} is ${JSON.stringify(target[part])}, and ${JSON.stringify(source[part])} in the contract of the source`,
        why: 'a clone of another environment is not one of this production, and must not be connected to it',
        next: 'hand over the outputs of both stacks of one environment',
      },
    ];
  });
  if (problems.length > 0) throw contractError('the contract of the target', problems);
}

/** The first problem in full, and below it a sentence for each other. */
function contractError(where: string, problems: readonly Problem[]): OperatorError {
  const [first, ...others] = problems as [Problem, ...Problem[]];
  const rest = others.map(({ seen, why, next }) => `\n  Also: ${seen}; ${why}. What to do: ${next}`);
  const { code, why, next } = first;
  return new OperatorError({ code, seen: `in ${where}, ${first.seen}`, why, next: next + rest.join('') });
}
