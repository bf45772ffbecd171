import type { Change, Finding, Operation, Step } from './change';

/** Of operations that say by their kind what kind of step they are. */
const STEPS: Partial<Record<Operation['kind'], Step>> = {
  'create-slot': 'slot',
  'issue-ticket': 'ticket',
  'set-role-password': 'role',
  'reboot-writer': 'reboot',
};

/** What kind of step a change is, for findings that stop some steps only; null: none of those. */
const stepOf = ({ operation, step }: Change): Step | null => STEPS[operation.kind] ?? step ?? null;

/** Whether the finding refuses a plan with these changes. One that says which steps it stops leaves the others alone. */
export function refuses(finding: Finding, changes: readonly Change[]): boolean {
  if (finding.severity !== 'block' || finding.standing === true) return false;
  const { stops } = finding;
  return stops === undefined || changes.some((change) => stops.some((step) => step === stepOf(change)));
}

/** The findings of a plan with these changes: of one that refuses them it is no longer said that it leaves some alone. */
export function judged(findings: readonly Finding[], changes: readonly Change[]): Finding[] {
  return findings.map((finding) => {
    if (!refuses(finding, changes)) return finding;
    const { stops: _, ...whole } = finding;
    return whole;
  });
}
