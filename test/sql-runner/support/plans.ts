import type { Change, Finding } from '../../../sql-runner/model/change';
import type { Plan } from '../../../sql-runner/model/plan';

/** `+ source/shop/slot/acas_demo_shop`: what a plan does, in its order. */
export function outline(plan: Plan): string[] {
  const symbols: Record<Change['action'], string> = { create: '+', update: '~', delete: '-', replace: '-/+' };
  return plan.changes.map((change) => `${symbols[change.action]} ${change.id}`);
}

export function codes(plan: Plan, severity: Finding['severity'] = 'block'): string[] {
  return plan.findings.filter((finding) => finding.severity === severity).map((finding) => finding.code);
}

/** A plan that is refused must offer nothing to do. */
export function expectBlocked(plan: Plan, ...expected: string[]): void {
  expect(codes(plan)).toEqual(expected);
  expect(plan.changes).toEqual([]);
  expect(plan.nextStep).toBeNull();
}

export function findingOf(plan: Plan, code: string): Finding {
  const finding = plan.findings.find((candidate) => candidate.code === code);
  if (finding === undefined) throw new Error(`no ${code} among ${plan.findings.map((other) => other.code).join(', ')}`);
  return finding;
}

/** Everything that the change says it would send to a server. */
export function sqlOf(change: Change): string[] {
  const { operation } = change;
  const sql = operation.kind === 'give-copy-rights' ? operation.giving : operation;
  return sql.kind === 'sql' ? sql.statements.map((statement) => statement.text) : [];
}
