import { version } from '../../package.json';
import type { Contracts } from '../../contract/contract';
import { exitOfError } from '../../errors/exit-of-error';
import { RunTrail } from '../execute/run-trail';
import { explain } from '../explain/explain';
import type { PlanMode } from '../model/plan';
import { RUN } from '../model/run-id';
import type { RunOutcome } from './run';

let parts = 0;

/** Keeps a run in the history; a rollout has several of one id. */
export function trailOf(
  { source, target }: Contracts,
  mode: PlanMode | 'verify',
  file: string | undefined,
  say: (line: string) => void,
): RunTrail {
  parts += 1;
  const { environment, region } = source;
  const clone = target?.cluster.identifier ?? null;
  return new RunTrail({ run: RUN, part: parts, environment, mode, version, region, file: file ?? null, clone, say });
}

/** Does a run and keeps how it ended. */
export async function keepingEnd(
  trail: RunTrail,
  work: () => Promise<{ readonly outcome: RunOutcome; readonly exitCode: number }>,
): Promise<number> {
  try {
    const { outcome, exitCode } = await work();
    await trail.ended({ outcome, code: null, exitCode });
    return exitCode;
  } catch (cause) {
    const error = explain(cause);
    await trail.ended({ outcome: null, code: error.code, exitCode: exitOfError(error) });
    throw cause;
  }
}
