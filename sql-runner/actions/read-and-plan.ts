import { streamFacts } from '../model/stream-state';
import { connectionDoubts } from '../checks/connection-doubts';
import { whatWasLookedAt } from '../checks/looked-at';
import { runChecks } from '../checks/preflight';
import { replacedFindings, replacedOids } from '../resources/replaced-partitions';
import { heldIn } from '../resources/held-stream';
import { blueGreenFindings } from '../resources/hold-costs';
import { ticketLeft } from '../resources/ticket-left';
import { isResetUnfinished } from '../resources/retirement';
import type { Finding } from '../model/change';
import type { Connections } from '../connections/connections';
import { namedIn } from '../observe/forgotten';
import { lookAtStreams } from '../observe/look-at-streams';
import { lookEarly } from '../observe/look-once';
import type { Observation } from '../model/observation';
import type { TablesWanted } from '../model/renewal';
import type { RowsWanted } from '../model/repair';
import { AS_THE_SOURCE, type SequencesWanted } from '../model/sequences';
import { observeFailures } from '../observe/observe-failures';
import { observeRows } from '../observe/observe-rows';
import { withRoles } from '../observe/observe-roles';
import { observeViews } from '../observe/observe-views';
import { ALL_VIEWS, type ViewsWanted } from '../model/views';
import { AS_THEY_ARE, type LargeObjectsWanted } from '../model/large-objects';
import { observeLargeObjects } from '../observe/observe-large-objects';
import { observeSequences } from '../observe/observe-sequences';
import { observeBlueGreen } from '../observe/observe-blue-green';
import { observe, ticketIn } from '../observe/observe';
import { type Plan, type PlanMode } from '../model/plan';
import { withDelays, withKeepers, withLimits, withNextClone, withPreflight } from '../plan/plan-preflight';
import { addedPartitions } from '../plan/added-partitions';
import { renamedByPlan } from '../plan/renames';
import { planFor } from '../plan/plan-for';
import { withHeld } from '../plan/plan-teardown';
import { runnableOnClone } from '../plan/read-only-advice';
import type { Reading } from '../connections/reading';
import { surveySource, surveyTarget } from '../observe/survey-environment';
import { heldFormerRoles, surveyHeld } from '../observe/survey-held';
import { firingTriggersOf } from '../observe/rewriting-triggers';
import { withNewTables } from '../observe/new-tables';
import { withRenames } from '../observe/renames';
import { withWitnesses } from '../observe/witnesses';
import { surveyShapes } from '../observe/survey-shapes';
import { surveySurroundings } from '../observe/survey-surroundings';

/** What some modes are asked for beside. */
export interface Asked {
  readonly sequences?: SequencesWanted;
  readonly views?: ViewsWanted;
  readonly largeObjects?: LargeObjectsWanted;
  readonly tables?: TablesWanted;
  readonly rows?: RowsWanted;
}

const NO_TABLES: TablesWanted = { names: [], database: null };
const NO_ROWS: RowsWanted = { tables: [] };

/** Reads all that a plan of the mode depends on, and makes it. Read-only. */
export async function readAndPlan(
  connections: Connections,
  mode: PlanMode,
  { sequences = AS_THE_SOURCE, views = ALL_VIEWS, largeObjects = AS_THEY_ARE, ...asked }: Asked = {},
): Promise<Plan> {
  const { tables = NO_TABLES, rows = NO_ROWS } = asked;
  const reading = connections.reading();
  switch (mode) {
    case 'apply':
    case 'resume':
      return planToApply(reading, mode);
    case 'hold':
    case 'release':
      return planToHold(reading, mode);
    case 'rotate':
      return planToRotate(reading);
    case 'sequences':
      return planToSetSequences(reading, sequences);
    case 'refresh':
      return planToRefresh(reading, views);
    case 'large-objects':
      return planToCopyLargeObjects(reading, largeObjects);
    case 'resync':
      return planToResync(reading, tables);
    case 'repair':
      return planToRepair(reading, rows);
    case 'skip':
      return planToSkip(reading);
    case 'reset':
      return planToReset(reading);
    case 'teardown':
      return planToTearDown(reading);
  }
}

/** Where sequences stand is read last: what the source hands out meanwhile the clone is to leave out as well. */
async function planToSetSequences(reading: Reading, wanted: SequencesWanted): Promise<Plan> {
  const observed = await observe(reading);
  const observation = { ...observed, sequences: await observeSequences(reading, observed, wanted) };
  return advising(planFor('sequences', reading.contracts.source, observation), observation);
}

async function planToRefresh(reading: Reading, wanted: ViewsWanted): Promise<Plan> {
  const observed = await observe(reading);
  const observation = { ...observed, views: await observeViews(reading, observed, wanted) };
  return advising(planFor('refresh', reading.contracts.source, observation), observation);
}

async function planToCopyLargeObjects(reading: Reading, wanted: LargeObjectsWanted): Promise<Plan> {
  const observed = await observe(reading);
  const observation = { ...observed, largeObjects: await observeLargeObjects(reading, observed, wanted) };
  return advising(planFor('large-objects', reading.contracts.source, observation), observation);
}

/** Read as for an apply, which carries on where a run of this died. */
async function planToResync(reading: Reading, tables: TablesWanted): Promise<Plan> {
  const seen = await observe(reading);
  const observed = { ...seen, renewal: tables, firing: await firingTriggersOf(reading, seen) };
  const observation = await withNewTables(reading, await withWitnesses(reading, observed), tables);
  return advising(planFor('resync', reading.contracts.source, observation), observation);
}

/** The rows are looked at last: until then they may have come. Without a clone there are none. */
async function planToRepair(reading: Reading, wanted: RowsWanted): Promise<Plan> {
  const observed = await withWitnesses(reading, await observe(reading));
  const { target } = observed;
  const seen = target === null || target.isSourceServer ? [] : await observeRows(reading, observed, wanted);
  const observation = { ...observed, repair: { wanted, seen } };
  return advising(planFor('repair', reading.contracts.source, observation), observation);
}

/** What the streams fail on is looked for last: until then they may have gone on. */
async function planToSkip(reading: Reading): Promise<Plan> {
  const observed = await observe(reading);
  const observation = { ...observed, failures: await observeFailures(reading, observed) };
  return advising(planFor('skip', reading.contracts.source, observation), observation);
}

async function planToTearDown(reading: Reading): Promise<Plan> {
  const contract = reading.contracts.source;
  const left: Finding[] = [];
  const observation = await observe(reading, () =>
    ticketIn(reading).catch((cause: unknown) => {
      left.push(ticketLeft(contract, cause));
      return null;
    }),
  );
  const held = await surveyHeld(reading, observation);
  return advising(withHeld(planFor('teardown', contract, observation), [...left, ...held]), observation);
}

/** Of the present clone only what is retired is read: it may be in any state. */
async function planToReset(reading: Reading): Promise<Plan> {
  const contract = namedIn(reading.connections);
  const [observed, source, surroundings] = await Promise.all([
    observe(reading),
    surveySource(reading),
    surveySurroundings(reading),
  ]);
  const { forgotten } = reading.connections;
  const observation = { ...observed, source: { ...observed.source, forgotten } };
  const possible = withLimits(withDelays(planFor('reset', contract, observation), source), contract, source);
  return advising(withNextClone(possible, contract, source, surroundings), observation);
}

const advising = (plan: Plan, observation: Observation): Plan => ({
  ...plan,
  findings: runnableOnClone(plan.findings, observation),
});

/** Whether production is to be switched over, which a publisher cannot be, is asked here alone. */
async function planToHold(reading: Reading, mode: 'hold' | 'release'): Promise<Plan> {
  const contract = reading.contracts.source;
  const [observed, deployments] = await Promise.all([observe(reading), observeBlueGreen(reading)]);
  const observation = await withWitnesses(reading, observed);
  const plan = planFor(mode, contract, observation);
  return advising({ ...plan, findings: [...plan.findings, ...blueGreenFindings(contract, deployments)] }, observation);
}

/** What would keep the new password is said before it is sent. */
async function planToRotate(reading: Reading): Promise<Plan> {
  const contract = reading.contracts.source;
  const [observation, source, target] = await Promise.all([
    observe(reading),
    surveySource(reading),
    surveyTarget(reading),
  ]);
  const plan = planFor('rotate', contract, observation);
  return advising(withKeepers(plan, runChecks(contract, { source, target })), observation);
}

const withTables = async (reading: Reading, observation: Observation): Promise<Observation> =>
  withRoles(reading, await withRenames(reading, await withNewTables(reading, observation)));

async function planToApply(reading: Reading, mode: 'apply' | 'resume'): Promise<Plan> {
  const contract = reading.contracts.source;
  const [early, observed, surveyed, target, surroundings] = await Promise.all([
    lookEarly(reading),
    observe(reading),
    surveySource(reading),
    surveyTarget(reading),
    surveySurroundings(reading),
  ]);
  const source = { ...surveyed, forgotten: observed.source.forgotten };
  const shapes = await surveyShapes(reading, { source, target });
  // After the others, on their sessions: it looks more than once, unless all is well.
  const streams = await lookAtStreams(reading, observed, early);
  const witnessed = await withWitnesses(reading, observed, streams);
  const observation = mode === 'apply' ? await withTables(reading, witnessed) : witnessed;
  const held = heldIn(contract, observation);
  const survey = { source, target, shapes, streams, surroundings, held, replaced: replacedOids(contract, observation) };
  const outcomes = runChecks(contract, survey);
  const doubts = connectionDoubts(contract, { streams, target }, outcomes);
  const possible = withDelays(withLimits(planFor(mode, contract, observation, doubts), contract, source), source);
  const [adding, renaming] = [addedPartitions(possible), renamedByPlan(possible)];
  // What is made and copied, or renamed, needs nobody to do it by hand.
  const left =
    adding === null && renaming === null
      ? outcomes
      : runChecks(contract, { ...survey, adding: adding ?? {}, renaming: renaming ?? {} });
  const planned = isResetUnfinished(streamFacts(contract, observation))
    ? withNextClone(possible, contract, source, surroundings)
    : withPreflight(possible, left);
  // Of a stream that gets nothing new for now, planning itself does not say it.
  const replaced = replacedFindings(contract, observation).filter(
    ({ code, seen }) => !planned.findings.some((one) => one.code === code && one.seen === seen),
  );
  const findings = [...planned.findings, ...replaced, ...(await heldFormerRoles(reading, observation))];
  return advising({ ...planned, findings, looked: whatWasLookedAt(contract, observation, streams) }, observation);
}
