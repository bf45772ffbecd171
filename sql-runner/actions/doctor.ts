import type { Code } from '../../errors/codes';
import type { Check } from '../checks/check';
import { whatWasLookedAt } from '../checks/looked-at';
import { isConnected, runChecks, type CheckOutcome } from '../checks/preflight';
import type { SourceSurvey, TargetSurvey } from '../model/survey';
import { meanwhile, streamsAlone } from '../checks/slots-alone';
import { explain } from '../explain/explain';
import type { Finding } from '../model/change';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import { lookAtStreams } from '../observe/look-at-streams';
import { lookEarly } from '../observe/look-once';
import { observe } from '../observe/observe';
import type { Observation } from '../model/observation';
import type { LookedAt, Plan } from '../model/plan';
import { planApply } from '../plan/plan-apply';
import { runnableOnClone } from '../plan/read-only-advice';
import { findRunInProgress } from '../execute/run-in-progress';
import { isOfClone, readSourceAlone } from '../observe/source-alone';
import { asConsented, heldIn } from '../resources/held-stream';
import { withRenames } from '../observe/renames';
import { renamedByPlan } from '../plan/renames';
import { replacedFindings, replacedOids } from '../resources/replaced-partitions';
import { heldFormerRoles } from '../observe/survey-held';
import { surveySource, surveyTarget } from '../observe/survey-environment';
import { withWitnesses } from '../observe/witnesses';
import { surveyShapes } from '../observe/survey-shapes';
import { surveySurroundings } from '../observe/survey-surroundings';
import type { Contracts } from '../../contract/contract';

export type CheckStatus = 'pass' | 'info' | 'warn' | 'fail' | 'skipped';

export interface CheckResult {
  readonly code: Code;
  /** What it is about; both: what planning refuses, or could not read. */
  readonly side: Check['side'] | 'both';
  readonly status: CheckStatus;
  /** What is so when it passes; null for what was found beside the checks. */
  readonly holds: string | null;
  readonly findings: readonly Finding[];
}

export interface Diagnosis {
  readonly environment: string;
  readonly results: readonly CheckResult[];
  /** How the streams stood; null while there is no clone, or where they could not be read. */
  readonly looked: LookedAt | null;
  /** A subscription of ours is on the clone. */
  readonly connected: boolean;
}

/**
 * Every check of both sides at once, on read-only sessions. A side that cannot
 * be read is a finding like any other, and the other side is checked all the same.
 */
export async function diagnose(open: Open, contracts: Contracts): Promise<Diagnosis> {
  const connections = open(contracts);
  try {
    const [before] = await Promise.all([findRunInProgress(connections), reachBoth(connections)]);
    const reading = connections.reading();
    const [early, observed, source, target, surroundings] = await Promise.all([
      lookEarly(reading),
      attempt(() => observe(reading)),
      attempt(() => surveySource(reading)),
      attempt(() => surveyTarget(reading)),
      attempt(() => surveySurroundings(reading)),
    ]);
    const facts = observed.value;
    const read = { source: withForgotten(source.value, facts), target: withoutUsurpers(target.value, facts) };
    const shapes = await attempt(() => surveyShapes(reading, read));
    const streams = await attempt(async () => (facts === null ? null : lookAtStreams(reading, facts, early)));
    const witnessed = await attempt(async () => (facts === null ? null : withWitnesses(reading, facts, streams.value)));
    const seen = witnessed.value ?? facts;
    const renames = await attempt(async () => (seen === null ? null : withRenames(reading, seen)));
    const survey = {
      ...read,
      unreachable: isOfClone(observed.cause),
      streams: streams.value,
      shapes: shapes.value ?? undefined,
      surroundings: surroundings.value,
      held: seen === null ? [] : heldIn(contracts.source, seen),
      replaced: seen === null ? {} : replacedOids(contracts.source, seen),
    };
    const renamable = renames.value === null ? null : renamedByPlan(planApply(contracts.source, renames.value));
    const outcomes = runChecks(contracts.source, { ...survey, renamable: renamable ?? {} });
    const plan = seen === null ? null : planApply(contracts.source, seen);
    const connected = isConnected(contracts.source, survey);
    const held = await attempt(async () => (seen === null ? [] : heldFormerRoles(reading, seen)));
    const planned =
      plan === null
        ? []
        : [
            ...asConsented(plan.findings),
            ...replacedFindings(contracts.source, seen!),
            ...(held.value ?? []),
            ...(connected ? openChanges(plan) : []),
          ];
    const running = [...before, ...(await findRunInProgress(connections))].slice(0, 1);
    const ofObserved = await withoutClone(open, connections, observed);
    // One server that cannot be reached fails every read of it in the same way.
    const others = [source, target, surroundings, shapes, streams, witnessed, renames, held].flatMap(
      ({ failure }) => failure ?? [],
    );
    const failures = distinct([...ofObserved, ...others]);
    return {
      environment: contracts.source.environment,
      results: resultsOf([...running, ...failures, ...planned], outcomes).map((result) => ({
        ...result,
        findings: runnableOnClone(result.findings, seen),
      })),
      looked: seen === null ? null : whatWasLookedAt(contracts.source, seen, streams.value),
      connected,
    };
  } finally {
    await connections.close();
  }
}

/** At once, as one that does not answer is waited for: why it cannot be reached whoever reads there says. */
async function reachBoth(connections: Connections): Promise<void> {
  const sides = connections.contracts.target === null ? (['source'] as const) : (['source', 'target'] as const);
  await Promise.allSettled(sides.map((side) => connections.first(side)));
}

/** What has the name of a database that is under another name by now is none of the environment's. */
function withoutUsurpers(target: TargetSurvey | null, seen: Observation | null): TargetSurvey | null {
  const renamed = new Set(seen?.target?.renamedDatabases?.map(({ database }) => database));
  if (target === null) return null;
  return {
    ...target,
    databases: Object.fromEntries(Object.entries(target.databases).filter(([database]) => !renamed.has(database))),
  };
}

const withForgotten = (source: SourceSurvey | null, seen: Observation | null): SourceSurvey | null =>
  source === null || seen === null ? source : { ...source, forgotten: seen.source.forgotten };

/** What follows already is well only where nothing is to be changed. */
function openChanges({ environment, changes }: Plan): Finding[] {
  if (changes.length === 0) return [];
  return [
    {
      code: 'CHANGES_OPEN',
      severity: 'block',
      seen: `${changes.length} ${changes.length === 1 ? 'thing is' : 'things are'} not as sql-runner makes them: ${changes.map(({ id }) => id).join(', ')}`,
      why: 'something was altered, or a run did not get to its end; what follows now may stop, or not be right',
      next: `see what sql-runner plan ${environment} shows, then run sql-runner apply ${environment}`,
    },
  ];
}

interface Attempt<T> {
  readonly value: T | null;
  readonly failure: Finding | null;
  readonly cause: unknown;
}

async function attempt<T>(read: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await read(), failure: null, cause: null };
  } catch (cause) {
    const { code, seen, why, next } = explain(cause);
    return { value: null, failure: { code, severity: 'block', seen, why, next }, cause };
  }
}

/** What a plan would say of the slots, and what production keeps meanwhile: neither needs the clone. */
async function withoutClone(
  open: Open,
  connections: Connections,
  { failure, cause }: Attempt<unknown>,
): Promise<Finding[]> {
  const { contracts } = connections;
  if (failure === null) return [];
  if (!isOfClone(cause)) return [failure];
  const { ticketNonce } = contracts.target!;
  // They are read on other connections, of which production is not to have twice as many.
  await connections.closeSessions();
  const { value } = await attempt(() => readSourceAlone(open, contracts, 'apply'));
  // Why not, the checks of the source say.
  if (value === null) return [failure];
  const streams = streamsAlone(value.contract, value.source, ticketNonce);
  const why = `${failure.why} ${meanwhile(streams, value.source)}`;
  return [{ ...failure, why }, ...streams.flatMap(({ finding }) => finding ?? [])];
}

function distinct(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (one, index) => findings.findIndex((other) => other.code === one.code && other.seen === one.seen) === index,
  );
}

/** What plan says under the code of a check is a finding of that check, and told once, as plan tells it. */
function resultsOf(findings: readonly Finding[], outcomes: readonly CheckOutcome[]): CheckResult[] {
  const codes = new Set(outcomes.map(({ check }) => check.code));
  const ofCheck = (code: Code) => findings.filter((finding) => finding.code === code);
  return [
    ...found(findings.filter(({ code }) => !codes.has(code))),
    ...outcomes.map((outcome) => resultOf(outcome, ofCheck(outcome.check.code))),
  ];
}

/** What planning itself refuses, or could not read: a result for each code. */
function found(findings: readonly Finding[]): CheckResult[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return codes.map((code) => {
    const own = findings.filter((finding) => finding.code === code);
    return { code, side: 'both' as const, status: worst(own), holds: null, findings: own };
  });
}

function resultOf({ check, findings }: CheckOutcome, planned: readonly Finding[]): CheckResult {
  const all = distinct([...planned, ...(findings ?? [])]);
  const status = findings === null && planned.length === 0 ? 'skipped' : worst(all);
  return { code: check.code, side: check.side, status, holds: check.holds, findings: all };
}

function worst(findings: readonly Finding[]): CheckStatus {
  const severities = findings.map(({ severity }) => severity);
  if (severities.includes('block')) return 'fail';
  if (severities.includes('warn')) return 'warn';
  return severities.length > 0 ? 'info' : 'pass';
}

export function isHealthy({ results }: Diagnosis): boolean {
  return results.every(({ status }) => status !== 'fail');
}
