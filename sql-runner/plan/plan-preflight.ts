import type { SourceContract } from '../../contract/contract';
import { limitsExceeded, type InUse } from '../checks/limits-in-use';
import { slotDelays } from '../checks/open-transactions';
import { runChecks, type CheckOutcome } from '../checks/preflight';
import type { SourceSurvey, Survey } from '../model/survey';
import { CONNINFO_SETTING } from '../postgres/text/conninfo';
import { slotsDropped, type Change, type Finding } from '../model/change';
import type { Plan } from '../model/plan';
import { judged, refuses } from '../model/steps';

/**
 * The plan with what blocks in the preflight checks, and without its changes
 * where that stops a step of them; what stops other steps is shown beside them.
 * A plan without changes says it too: it must never read as if all were well.
 * Warnings and notes are for doctor, but for those of what would keep a secret
 * that the plan sends; and so is what comes on top where planning
 * itself is blocked: often it is the same once more.
 */
export function withPreflight(plan: Plan, outcomes: readonly CheckOutcome[]): Plan {
  // A clone that is to be replaced, as the next step says, is not judged any more.
  const own = outcomes.filter(
    ({ check }) => plan.nextStep === null || check.side === 'source' || check.side === 'production',
  );
  const around = aroundProduction(own);
  // Its owner makes all of it at once, whatever else keeps the plan from going on.
  if (plan.findings.some((finding) => refuses(finding, plan.changes)))
    return around.length === 0 ? plan : { ...plan, findings: [...plan.findings, ...around] };
  const blocking = own
    .flatMap(({ findings }) => findings ?? [])
    .filter((finding) => finding.severity === 'block' && !isSaid(plan, finding));
  const warned = around.filter(({ severity }) => severity === 'warn');
  const said = [...keepers(plan, own), ...warned];
  if (blocking.length === 0) return said.length > 0 ? { ...plan, findings: [...plan.findings, ...said] } : plan;
  const findings = [...plan.findings, ...judged(blocking, plan.changes)];
  const stopped = blocking.some((finding) => refuses(finding, plan.changes));
  return stopped
    ? { ...plan, changes: [], nextStep: null, findings: [...findings, ...warned] }
    : { ...plan, findings: [...findings, ...said] };
}

/** Planning tells of each slot of ours that is lost, as the check does. */
const isSaid = ({ findings }: Plan, { code }: Finding): boolean =>
  code === 'SLOT_AT_RISK' && findings.some((planned) => planned.code === 'SLOT_LOST');

/**
 * The plan of a reset with what lies on the source and stops one of its steps, before anything is retired: else the
 * clone is given up, and only the one after it is found to be refused. What is of the present clone, and what our slots
 * and publications are by now, is no matter: those are what a reset gets rid of.
 */
export function withNextClone(
  plan: Plan,
  contract: SourceContract,
  source: SourceSurvey,
  surroundings?: Survey['surroundings'],
): Plan {
  const outcomes = runChecks(contract, { source: retiredSurvey(plan, source), target: null, surroundings });
  const stops = (finding: Finding) => finding.severity !== 'block' || refuses(finding, plan.changes);
  return withPreflight(
    plan,
    outcomes.map(({ check, findings }) => ({ check, findings: findings?.filter(stops) ?? null })),
  );
}

/** The survey as it would be once the reset has dropped what the plan names, when the tables are selected anew. */
function retiredSurvey({ changes }: Plan, source: SourceSurvey): SourceSurvey {
  const dropped = new Set(slotsDropped(changes));
  const databases = Object.entries(source.databases).map(([name, survey]) => [name, { ...survey, sent: [] }] as const);
  return {
    ...source,
    slots: source.slots.filter(({ name }) => !dropped.has(name)),
    databases: Object.fromEntries(databases),
  };
}

/** A plan of which nothing else is judged. */
export const withKeepers = (plan: Plan, outcomes: readonly CheckOutcome[]): Plan => ({
  ...plan,
  findings: [...plan.findings, ...keepers(plan, outcomes)],
});

/** What others change at any time, and no stream shows before it has to connect again. */
function aroundProduction(outcomes: readonly CheckOutcome[]): Finding[] {
  return outcomes
    .filter(({ check }) => check.side === 'production')
    .flatMap(({ findings }) => findings ?? [])
    .filter(({ severity }) => severity !== 'info');
}

/** What would keep a secret is said before it is sent. */
function keepers(plan: Plan, outcomes: readonly CheckOutcome[]): Finding[] {
  const sides = plan.changes.filter(sendsSecret).map(({ address }) => address.side);
  return outcomes
    .filter(({ check }) => check.keepsSecrets === true && sides.some((side) => side === check.side))
    .flatMap(({ findings }) => findings ?? []);
}

function sendsSecret({ operation }: Change): boolean {
  if (operation.kind === 'set-role-password') return true;
  if (operation.kind === 'connect-anew') return true;
  return operation.kind === 'sql' && operation.statements.some(({ text }) => text.includes(CONNINFO_SETTING));
}

/** A plan after which a clone is taken, or production restarts, is none where that would not start. */
export function withLimits(plan: Plan, contract: SourceContract, source: InUse): Plan {
  const exceeded = limitsExceeded(contract, source, plan.changes);
  if (exceeded.length === 0) return plan;
  return { ...plan, changes: [], nextStep: null, findings: [...plan.findings, ...exceeded] };
}

/** A plan that makes slots says what it will wait for; in a reset the clone follows no more meanwhile. */
export function withDelays(plan: Plan, source: Pick<SourceSurvey, 'openWrites' | 'prepared'>): Plan {
  if (!plan.changes.some(({ operation }) => operation.kind === 'create-slot')) return plan;
  return { ...plan, findings: [...plan.findings, ...slotDelays(source)] };
}
