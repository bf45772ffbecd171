import type { CheckOutcome } from '../checks/preflight';
import { isBlocked, type Plan } from './plan';

/**
 * The plan with what blocks in the preflight checks, and without its changes
 * where that stops them. A plan without changes says it too: it must never read
 * as if all were well. Warnings and notes are for doctor, and so is what comes
 * on top where planning itself is blocked: often it is the same once more.
 */
export function withPreflight(plan: Plan, outcomes: readonly CheckOutcome[]): Plan {
  const blocking = outcomes.flatMap(({ findings }) => findings ?? []).filter(({ severity }) => severity === 'block');
  if (blocking.length === 0 || isBlocked(plan)) return plan;
  const findings = [...plan.findings, ...blocking];
  const stopped = blocking.some((finding) => finding.standing !== true);
  return stopped ? { ...plan, changes: [], nextStep: null, findings } : { ...plan, findings };
}
