import type { SourceContract } from '../../contract/contract';
import type { Finding, Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import type { NextStep, Plan, PlanMode } from '../model/plan';
import { judged, refuses } from '../model/steps';
import { fingerprint } from './fingerprint';

export interface Ending {
  readonly mode: PlanMode;
  /** What is to be done outside once the changes are made; not asked where there are none because something blocks. */
  readonly nextStep: () => NextStep | null;
  /** What is said beside the plan, of the changes that are left of it. */
  readonly beside: (changes: Plan['changes']) => readonly Finding[];
}

/** What was proposed as a plan: one that something refuses has no changes. */
export function finishPlan(
  contract: SourceContract,
  observation: Observation,
  { changes, findings }: Proposal,
  { mode, nextStep, beside }: Ending,
): Plan {
  const blocked = findings.some((finding) => refuses(finding, changes));
  const left = blocked ? [] : changes;
  return {
    mode,
    environment: contract.environment,
    changes: left,
    findings: [...judged(findings, changes), ...beside(left)],
    nextStep: blocked ? null : nextStep(),
    fingerprint: fingerprint(contract, observation),
  };
}
