import type { CheckOutcome } from '../checks/preflight';
import type { Plan } from './plan';

/**
 * The plan, refused where a preflight check blocks. Warnings and notes are for
 * doctor: a plan shows what it is about. With nothing to do nothing can go wrong.
 */
export function withPreflight(plan: Plan, outcomes: readonly CheckOutcome[]): Plan {
  if (plan.changes.length === 0) return plan;
  const blocking = outcomes.flatMap(({ findings }) => findings ?? []).filter(({ severity }) => severity === 'block');
  if (blocking.length === 0) return plan;
  return { ...plan, changes: [], nextStep: null, findings: [...plan.findings, ...blocking] };
}
