import type { CheckOutcome } from '../checks/preflight';
import type { Plan } from './plan';
import { judged, refuses } from './steps';

/**
 * The plan with what blocks in the preflight checks, and without its changes
 * where that stops a step of them; what stops other steps is shown beside them.
 * A plan without changes says it too: it must never read as if all were well.
 * Warnings and notes are for doctor, and so is what comes on top where planning
 * itself is blocked: often it is the same once more.
 */
export function withPreflight(plan: Plan, outcomes: readonly CheckOutcome[]): Plan {
  // A clone that is to be replaced, as the next step says, is not judged any more.
  const own = outcomes.filter(({ check }) => plan.nextStep === null || check.side === 'source');
  const blocking = own.flatMap(({ findings }) => findings ?? []).filter(({ severity }) => severity === 'block');
  if (blocking.length === 0 || plan.findings.some((finding) => refuses(finding, plan.changes))) return plan;
  const findings = [...plan.findings, ...judged(blocking, plan.changes)];
  const stopped = blocking.some((finding) => refuses(finding, plan.changes));
  return stopped ? { ...plan, changes: [], nextStep: null, findings } : { ...plan, findings };
}
