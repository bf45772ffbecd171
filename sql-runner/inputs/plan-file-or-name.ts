import { statSync } from 'node:fs';
import { isEnvironmentName } from '../../contract/naming';
import { OperatorError } from '../../errors/operator-error';
import { stacksIn } from './source-missing';

/**
 * Whether what apply is told to apply is a saved plan; else it is the name of an environment.
 *
 * @throws OperatorError PLAN_FILE_AMBIGUOUS
 */
export function isPlanFile(subject: string, stacksDir: string): boolean {
  // What no environment can be called is a file that is mistyped, or may not be looked at: reading it tells.
  if (!isEnvironmentName(subject)) return true;
  // An environment may be called as a folder here is: `test`.
  if (statSync(subject, { throwIfNoEntry: false })?.isFile() !== true) return false;
  if (!stacksIn(stacksDir).includes(`${subject}-source`)) return true;
  throw new OperatorError({
    code: 'PLAN_FILE_AMBIGUOUS',
    seen: `there is a file ${subject} here, and an environment ${subject}`,
    why: 'a saved plan is applied without asking, and the environment is not',
    next: `if the plan is meant, name the file with its folder: ./${subject}; if the environment is, move the file elsewhere`,
  });
}
