import { attributeChanges } from './attribute-changes';
import type { ResourceChange, TerraformPlan } from './plan-json';

export type Action = 'create' | 'update' | 'replace' | 'delete' | 'forget' | 'import' | 'move';

export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Why it is replaced or deleted, and where it was. */
  readonly notes: readonly string[];
  readonly attributes: readonly string[];
}

/** What a plan would do, without a value that Terraform holds for a secret. */
export interface PlanSummary {
  readonly changes: readonly PlannedChange[];
  readonly outputs: readonly string[];
  /** Changed by somebody else since the last apply. */
  readonly drifted: readonly string[];
  /** False: Terraform itself says that there will be more. */
  readonly complete: boolean;
}

export function summarize(plan: TerraformPlan): PlanSummary {
  return {
    changes: plan.resource_changes.flatMap(plannedChange),
    outputs: Object.entries(plan.output_changes)
      .filter(([, { actions }]) => actions.some((action) => action !== 'no-op'))
      .map(([name]) => name),
    drifted: plan.resource_drift.map(({ address }) => address),
    complete: plan.complete && !plan.errored,
  };
}

function plannedChange(resource: ResourceChange): PlannedChange[] {
  const action = actionOf(resource);
  if (action === undefined) return [];
  const { address, type, change } = resource;
  const {
    before,
    after,
    after_unknown: unknown,
    before_sensitive: secretBefore,
    after_sensitive: secretAfter,
  } = change;
  const differ = action === 'update' || action === 'replace';
  const sides = { before, after, unknown, secretBefore, secretAfter };
  return [
    { address, type, action, notes: notesOf(resource, action), attributes: differ ? attributeChanges(sides) : [] },
  ];
}

function actionOf({ change: { actions, importing }, previous_address: former }: ResourceChange): Action | undefined {
  const known = actions.filter((action) => action !== 'no-op' && action !== 'read');
  if (known.includes('delete') && known.length > 1) return 'replace';
  // A word of a later Terraform is a change as well.
  if (known.length > 0) return ACTIONS.find((action) => action === known[0]) ?? 'update';
  if (importing !== undefined && importing !== null) return 'import';
  return former === undefined ? undefined : 'move';
}

const ACTIONS: readonly Action[] = ['create', 'update', 'delete', 'forget'];

function notesOf(resource: ResourceChange, action: Action): string[] {
  const { action_reason: reason, previous_address: former, deposed, change } = resource;
  const why = action === 'forget' ? FORGOTTEN : reason && (REASONS[reason] ?? reason.replaceAll('_', ' '));
  return [
    ...(why === undefined ? [] : [why]),
    ...(former === undefined ? [] : [`was ${former}`]),
    ...(deposed === undefined ? [] : ['left over of an earlier replacement']),
    ...(change.importing === undefined || change.importing === null ? [] : ['taken over from AWS']),
  ];
}

/** A `removed` block without destroy. Terraform gives the reason of a deletion for it, or none. */
const FORGOTTEN = 'forgotten, stays in AWS';

const REASONS: Readonly<Record<string, string>> = {
  replace_because_cannot_update: 'cannot be changed in place',
  replace_because_tainted: 'its last apply failed, or it is tainted',
  replace_by_request: 'asked for',
  replace_by_triggers: 'tied to something that changes',
  delete_because_no_resource_config: 'no longer in the stack',
};
