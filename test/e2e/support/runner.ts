import type { ChildResult } from '../../../lab/demo/child';
import type { Toolchain } from '../../../lab/demo/toolchain';

/** The parts of `sql-runner plan --json` that the tests look at. */
export interface PlanJson {
  changes: { id: string; action: string; consent: string | null }[];
  findings: { code: string; severity: string }[];
  nextStep: { command: string } | null;
}

/** One line of the event stream of `sql-runner apply --json`. */
export interface ApplyEvent {
  type: string;
  outcome?: string;
  change?: { id: string };
}

/** A plan with the exit code that a script would see. */
export async function planOf(
  tools: Toolchain,
  ...flags: string[]
): Promise<PlanJson & { exitCode: number | null; ids: string[] }> {
  const { stdout, stderr, exitCode } = await tools.sqlRunner('plan', 'demo', '--json', '--detailed-exitcode', ...flags);
  if (exitCode !== 0 && exitCode !== 2) throw new Error(`sql-runner plan failed: ${stderr}`);
  const plan = JSON.parse(stdout) as PlanJson;
  return { ...plan, exitCode, ids: plan.changes.map((change) => change.id) };
}

export function eventsOf(result: ChildResult): ApplyEvent[] {
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ApplyEvent);
}

/** Fails with everything a command printed unless it ended with the code. */
export function expectExit(result: ChildResult, exitCode: number): ChildResult {
  if (result.exitCode !== exitCode) {
    throw new Error(
      `Exit code ${result.exitCode}, expected ${exitCode}.\n${result.stdout.slice(-4000)}\n${result.stderr.slice(-4000)}`,
    );
  }
  return result;
}
