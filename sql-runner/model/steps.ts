import type { Change, Finding, Step } from './change';

/** What kind of step a change is, for findings that stop some steps only; null: none of those. */
function stepOf({ operation, step }: Change): Step | null {
  switch (operation.kind) {
    case 'create-slot':
      return 'slot';
    case 'issue-ticket':
      return 'ticket';
    case 'set-role-password':
      return 'role';
    case 'reboot-writer':
      return 'reboot';
    default:
      return step ?? null;
  }
}

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
