import { shellWord } from '../../errors/shell-word';
import { openToLook } from '../connections/open';
import { readContracts } from '../inputs/contracts';
import { writePlanFile } from '../actions/plan-file';
import { assertPlanPlace } from '../actions/plan-place';
import { isBlocked, isIdleButUnwell, type PlanMode } from '../model/plan';
import type { SequencesWanted } from '../model/sequences';
import { makePlan, refuseBlocked } from '../actions/run';
import { readVerification } from '../actions/verification-file';
import { planText } from '../render/plan-text';
import { planJson } from '../render/run-json';
import { exitOfPlan } from './exit-of-plan';
import { jsonDocument } from './machine-output';
import { outputFor, type CommonOptions } from './settings';

/** What is planned instead of apply; one of them at most. */
export type InsteadOfApply = Partial<
  Record<
    | 'teardown'
    | 'reset'
    | 'hold'
    | 'releaseSlots'
    | 'resume'
    | 'rotate'
    | 'sequences'
    | 'refresh'
    | 'largeObjects'
    | 'skip',
    true
  >
>;

export interface PlanOptions extends CommonOptions, InsteadOfApply, Partial<SequencesWanted> {
  /** Save the plan for `apply FILE`. */
  readonly out?: string;
  /** Tables that are to be copied anew. */
  readonly resync?: readonly string[];
  /** Of large objects. */
  readonly prune?: boolean;
  readonly overwrite?: boolean;
  /** Whose they are. */
  readonly database?: string;
  /** A file of verify --json, whose rows are to be mended. */
  readonly repair?: string;
  /** Exit 2 when there are changes. */
  readonly detailedExitcode: boolean;
}

/** Shows what apply, or another verb, would do. Reads only. */
export async function plan(environment: string, options: PlanOptions): Promise<number> {
  const output = outputFor(options);
  if (options.out !== undefined) await assertPlanPlace(options.out);
  const contracts = await readContracts({ environment, ...options });
  const { headroom = 0, putBack = false, prune = false, overwrite = false, database = null } = options;
  const planned = await makePlan(openToLook, contracts, modeOf(options), {
    sequences: { headroom, putBack },
    tables: { names: options.resync ?? [], database },
    largeObjects: { database, prune, overwrite },
    ...(options.repair === undefined ? {} : { rows: await readVerification(options.repair, environment) }),
  });
  if (options.json) output.out(jsonDocument(planJson(planned)));
  else if (!isBlocked(planned) || planned.changes.length > 0 || isIdleButUnwell(planned))
    output.out(planText(planned, output.style));
  const exit = exitOfPlan(planned, options.detailedExitcode);
  if (isIdleButUnwell(planned)) return exit;
  refuseBlocked(planned);
  if (options.out !== undefined) {
    await writePlanFile(options.out, planned);
    output.log(`Saved to ${options.out}. To apply exactly this plan: sql-runner apply ${shellWord(options.out)}`);
  }
  return exit;
}

function modeOf({
  releaseSlots,
  largeObjects,
  resync,
  repair,
  ...others
}: InsteadOfApply & Pick<PlanOptions, 'resync' | 'repair'>): PlanMode {
  if (releaseSlots) return 'release';
  if (largeObjects) return 'large-objects';
  if (resync !== undefined) return 'resync';
  if (repair !== undefined) return 'repair';
  return (
    (['teardown', 'reset', 'hold', 'resume', 'rotate', 'sequences', 'refresh', 'skip'] as const).find(
      (mode) => others[mode],
    ) ?? 'apply'
  );
}
