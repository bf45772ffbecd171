import type { SourceContract } from '../../stacks/contract';
import type { Change, Finding, StreamOf } from './change';

export type PlanMode = 'apply' | 'teardown' | 'reset';

/** What has to happen outside sql-runner before the next apply can go on. */
export interface NextStep {
  readonly command: string;
  readonly reason: string;
}

export interface Plan {
  readonly mode: PlanMode;
  readonly environment: string;
  readonly changes: readonly Change[];
  /** A plan with a finding of severity `block` has no changes. */
  readonly findings: readonly Finding[];
  readonly nextStep: NextStep | null;
  /** Digest of what was observed; see fingerprint.ts. */
  readonly fingerprint: string;
}

export function streamsOf(contract: SourceContract): StreamOf[] {
  return contract.links.flatMap((link) => link.streams.map((stream) => ({ database: link.database, stream })));
}

export function isBlocked(plan: Plan): boolean {
  return plan.findings.some((finding) => finding.severity === 'block');
}
