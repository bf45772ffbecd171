import type { Client } from 'pg';
import type { Finding } from '../../../sql-runner/engine/change';

/** The statements that a fix ends with. @throws Error when it prints none */
export function sqlIn(next: string): string {
  const match = /(?:on the (?:source|clone)|database \S+): (.+;)$/s.exec(next);
  if (match === null) throw new Error(`no statement at the end of: ${next}`);
  return match[1]!;
}

/** Carries the printed statements out exactly as they stand, one by one: some cannot run within a transaction. */
export async function carryOut(finding: Finding, client: Client): Promise<void> {
  for (const statement of sqlIn(finding.next).split(/(?<=;) /)) await client.query(statement);
}

/** The parameter and the value of `set <name> to <value>`; null when the fix sets none. */
export function settingIn(next: string): { name: string; value: string } | null {
  const match = /set ([\w.]+) to (-?\d+)/.exec(next);
  return match === null ? null : { name: match[1]!, value: match[2]! };
}

/** `aws rds reboot-db-instance --db-instance-identifier x` as its words. @throws Error when the fix prints no such command */
export function awsCommandIn(next: string): { verb: string; identifier: string } {
  const match = /aws rds ((?:wait )?[\w-]+) --db-(?:instance|cluster)-identifier ([\w-]+)/.exec(next);
  if (match === null) throw new Error(`no aws command in: ${next}`);
  return { verb: match[1]!, identifier: match[2]! };
}
