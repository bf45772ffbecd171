import { exitCode } from '../../errors/exit-codes';
import { exitOfCodes } from '../../errors/exit-of-error';
import type { Plan } from '../model/plan';

/** What plan ends with. What its changes are to mend is not well yet, so that counts as what nothing mends does. */
export function exitOfPlan({ changes, findings }: Pick<Plan, 'changes' | 'findings'>, detailed: boolean): number {
  const unwell = findings.filter(({ severity }) => severity === 'block').map(({ code }) => code);
  if (unwell.length > 0) return exitOfCodes(unwell);
  return exitCode(detailed && changes.length > 0 ? 'changes' : 'done');
}
