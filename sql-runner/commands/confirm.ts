import { MODES } from '../plan/plan-for';
import { createInterface } from 'node:readline/promises';
import { OperatorError } from '../../errors/operator-error';
import type { PlanMode } from '../model/plan';

/** Asks on the terminal; only `yes` is yes. */
export const confirm = (mode: PlanMode): Promise<boolean> => confirmed(MODES[mode].question);

export async function confirmed(question: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    throw new OperatorError({
      code: 'APPROVAL_MISSING',
      seen: 'the plan needs your approval and there is no terminal to ask on',
      why: 'nothing is changed that nobody has approved',
      next: 'review the plan, then run the command again with --auto-approve, or apply a saved plan: sql-runner plan ENVIRONMENT --out FILE, sql-runner apply FILE',
    });
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(`${question} Only 'yes' is accepted: `)) === 'yes';
  } catch (cause) {
    // Ctrl-C or Ctrl-D at the question.
    if ((cause as { code?: string }).code === 'ABORT_ERR') return false;
    throw cause;
  } finally {
    prompt.close();
  }
}
