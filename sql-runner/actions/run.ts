import { OperatorError } from '../../errors/operator-error';
import type { Session } from '../postgres/session';
import type { Finding } from '../model/change';
import type { Connections } from '../connections/connections';
import type { Open } from '../connections/open';
import type { Listener } from '../model/events';
import { executeAll } from './execute-all';
import { enabledAmong } from '../execute/enabled-among';
import type { Execution } from '../execute/execution';
import { connectionsFor } from '../observe/forgotten';
import { untilDisabledEnded } from '../execute/ending-workers';
import { sendBeats } from '../execute/heartbeat';
import { waitInSync } from '../execute/in-sync';
import { type Asked, readAndPlan } from './read-and-plan';
import { isMoveKnown, noteWitnesses } from '../execute/note-witness';
import { rememberingUpdates, rememberUpdates } from '../execute/remember-updates';
import type { RunTrail } from '../execute/run-trail';
import type { SequencesWanted } from '../model/sequences';
import type { LargeObjectsWanted } from '../model/large-objects';
import type { ViewsWanted } from '../model/views';
import type { TablesWanted } from '../model/renewal';
import type { RowsWanted } from '../model/repair';
import { takeLock } from '../execute/lock';
import { namingHeld } from '../execute/held-error';
import { lockEnvironment } from '../execute/lock-environment';
import { changesApart } from '../plan/changes-apart';
import { isBlocked, type Plan, type PlanMode } from '../model/plan';
import { findRunInProgress } from '../execute/run-in-progress';
import { tellingOfSource } from '../observe/unreachable-clone';
import { streamsOf, type StreamOf } from '../model/streams';
import type { Contracts } from '../../contract/contract';

export interface RunOptions {
  readonly mode: PlanMode;
  /** Consents to a reboot of the source's writer. */
  readonly allowReboot: boolean;
  /** Asked with the plan before anything is changed. */
  readonly confirm: (plan: Plan) => Promise<boolean>;
  /** A plan made earlier: the one of now must be the same. */
  readonly saved: Plan | null;
  /** Of a run that sets sequences; absent: as the source's stand. */
  readonly sequences?: SequencesWanted;
  /** Of a run that refreshes materialized views; absent: all of them. */
  readonly views?: ViewsWanted;
  /** Of a run that copies large objects; absent: with no further consent. */
  readonly largeObjects?: LargeObjectsWanted;
  /** Of a run that copies tables anew. */
  readonly tables?: TablesWanted;
  /** Of a run that mends rows. */
  readonly rows?: RowsWanted;
  readonly lockTimeoutMs: number;
  /** 0: do not wait for the streams to catch up. */
  readonly syncTimeoutMs: number;
  /** True once the operator has asked to stop; looked at between changes. */
  readonly interrupted: () => boolean;
  readonly listener: Listener;
  /** What keeps the run in the history: told of the connections, and waited for a moment before they end. */
  readonly trail?: Pick<RunTrail, 'opened' | 'closing'>;
}

export type RunOutcome =
  | 'applied'
  | 'nothing-to-do'
  | 'declined'
  /** Between two changes; some of them are left. */
  | 'interrupted'
  /** All changes are done, and the clone was not seen to be in sync. */
  | 'stopped-waiting';

/** Reads everything and plans; writes nothing and takes no lock. */
export function makePlan(open: Open, contracts: Contracts, mode: PlanMode, asked?: Asked): Promise<Plan> {
  return tellingOfSource(open, contracts, mode, () => planWithoutLock(open, contracts, mode, asked));
}

/** What apply would do, over connections that somebody has open and goes on with. */
export function makePlanOver(open: Open, connections: Connections): Promise<Plan> {
  return tellingOfSource(open, connections.contracts, 'apply', () => planOver(connections, 'apply'));
}

async function planWithoutLock(open: Open, contracts: Contracts, mode: PlanMode, asked?: Asked): Promise<Plan> {
  const connections = await connectionsFor(open, contracts, mode);
  try {
    return await planOver(connections, mode, asked);
  } finally {
    await connections.close();
  }
}

async function planOver(connections: Connections, mode: PlanMode, asked?: Asked): Promise<Plan> {
  const before = await findRunInProgress(connections);
  const made = await readAndPlan(connections, mode, asked);
  const [running] = [...before, ...(await findRunInProgress(connections))];
  return running === undefined ? made : { ...made, findings: [running, ...made.findings] };
}

/** Lock, observe, plan, ask, carry out, wait for the streams. */
export function run(open: Open, contracts: Contracts, options: RunOptions): Promise<RunOutcome> {
  return tellingOfSource(open, contracts, options.mode, async () => {
    const connections = await connectionsFor(open, contracts, options.mode);
    options.trail?.opened(connections);
    try {
      return await runLocked(connections, options);
    } finally {
      await options.trail?.closing();
      await connections.close();
    }
  });
}

async function runLocked(connections: Connections, options: RunOptions): Promise<RunOutcome> {
  const execution = lockedExecution(connections, options);
  const lock = await lockEnvironment(connections, execution, options.lockTimeoutMs);
  const planned = await planAtRest(execution, options);
  // What else can be carried out is, although something blocks.
  if (planned.changes.length === 0) refuseBlocked(planned);
  if (options.saved !== null) refuseStale(planned, options.saved);
  options.listener({ type: 'planned', plan: planned });
  if (planned.changes.length > 0) {
    refuseWithoutConsent(planned, options);
    if (options.saved === null && !(await options.confirm(planned))) return 'declined';
    // What the log tells now it may not tell any more when this run has ended, or a hold has.
    if (REMEMBERING.has(options.mode) && isMoveKnown(execution)) await noteWitnesses(execution);
    const ended = await rememberingUpdates(execution, planned, async (made) => {
      const all = await executeAll(planned, lock, execution, { ...options, made });
      // What was made is remembered, whatever is said of the rest.
      if (all) refuseBlocked(planned);
      return all;
    }).catch(async (cause: unknown) => {
      throw await namingHeld(cause, options.mode, () => readAndPlan(connections, options.mode));
    });
    if (!ended) return 'interrupted';
  }
  // All that could be set or mended is; what could not be is no success.
  if (IN_PARTS.has(planned.mode)) refuseBlocked({ ...planned, changes: [] });
  await rememberUpdates(execution, planned, true);
  if (!(await settle(execution, planned, options))) return 'stopped-waiting';
  return planned.changes.length === 0 ? 'nothing-to-do' : 'applied';
}

/** Where both sides stand is known once whoever was disabled has ended. */
async function planAtRest(execution: Execution, { mode, ...asked }: RunOptions): Promise<Plan> {
  const plan = () => readAndPlan(execution.connections, mode, asked);
  const planned = await plan();
  return (await untilDisabledEnded(execution, planned)) ? plan() : planned;
}

function lockedExecution(connections: Connections, options: RunOptions): Execution {
  const { environment } = connections.contracts.source;
  const prepare = (session: Session) => takeLock(session, environment, options.lockTimeoutMs, options.listener);
  const { listener, interrupted } = options;
  const patience = { timeoutMs: options.syncTimeoutMs, interrupted };
  return { connections, listener, interrupted, patience, writer: (place) => connections.writer(place, prepare) };
}

/**
 * In sync is part of the promise of apply, whether or not there was anything to change.
 * @returns whether it was not interrupted
 */
async function settle(execution: Execution, planned: Plan, options: RunOptions): Promise<boolean> {
  if (!FOLLOWING.has(options.mode) || options.syncTimeoutMs === 0 || planned.nextStep !== null) return true;
  const { connections, listener } = execution;
  const streams = await awaited(connections, options.mode);
  if (streams.length === 0) return true;
  const beats = await sendBeats(execution, streams);
  const { interrupted } = options;
  const refuseLeft = () => refuseWhatIsLeft(connections, planned);
  const done = await waitInSync(connections, streams, options.syncTimeoutMs, listener, {
    beats,
    interrupted,
    refuseLeft,
  });
  if (done === null) listener({ type: 'interrupted', remaining: 0, made: planned.changes.length });
  else await noteWitnesses(execution);
  return done !== null;
}

/** Of what these do, each part is for itself. */
const IN_PARTS: ReadonlySet<PlanMode> = new Set(['sequences', 'refresh', 'large-objects', 'repair']);

/** After these the clone follows, or nothing is well. */
const FOLLOWING: ReadonlySet<PlanMode> = new Set(['apply', 'resume', 'rotate']);

/** After these the stream goes on that was seen. */
const REMEMBERING: ReadonlySet<PlanMode> = new Set([...FOLLOWING, 'hold']);

/** A rotation leaves alone what is held, and what is not connected yet. */
async function awaited(connections: Connections, mode: PlanMode): Promise<StreamOf[]> {
  const streams = streamsOf(connections.contracts.source);
  return mode === 'rotate' ? enabledAmong(connections, streams) : streams;
}

/** What stood in the way of nothing, and was to be mended by the changes, must be gone before anything is called well. */
async function refuseWhatIsLeft(connections: Connections, planned: Plan): Promise<void> {
  if (!planned.findings.some(({ severity }) => severity === 'block')) return;
  const { findings, ...now } = await readAndPlan(connections, planned.mode);
  refuseBlocked({ ...now, findings, changes: [] });
}

export function refuseBlocked(planned: Plan): void {
  if (!isBlocked(planned)) return;
  const blocking = planned.findings.filter((finding) => finding.severity === 'block');
  // Whoever is at work may well be the reason.
  const running = planned.findings.filter((finding) => finding.code === 'RUN_IN_PROGRESS');
  const [first, ...rest] = [...blocking, ...running] as [Finding, ...Finding[]];
  throw new OperatorError({
    code: first.code,
    seen: [first.seen, ...rest.map((finding) => `${finding.code}: ${finding.seen}`)].join('\n  and '),
    why: first.why,
    next: [...new Set([...blocking, ...running].map((finding) => finding.next))].join('\n  and '),
    also: blocking.slice(1).map((finding) => finding.code),
  });
}

/** What plan is asked with for it. */
const flagOf = (mode: PlanMode): string =>
  mode === 'apply' ? '' : mode === 'release' ? ' --release-slots' : ` --${mode}`;

function refuseStale(planned: Plan, saved: Plan): void {
  const apart = changesApart(saved.changes, planned.changes);
  if (planned.fingerprint === saved.fingerprint && apart === null) return;
  throw new OperatorError({
    code: 'PLAN_STALE',
    seen: `the databases or the accounts are not as they were when the plan was saved; ${apart ?? 'its changes are the same, and rest on something else'}`,
    why: 'what was reviewed is not what would happen now',
    next: `make and review a new plan: sql-runner plan ${planned.environment}${flagOf(planned.mode)} --out FILE`,
  });
}

function refuseWithoutConsent(planned: Plan, options: RunOptions): void {
  const needing = planned.changes.find((change) => change.consent === 'allow-reboot');
  if (needing === undefined || options.allowReboot) return;
  throw new OperatorError({
    code: 'CONSENT_MISSING',
    seen: `the plan contains ${needing.id}: ${needing.reason}`,
    why: 'the source is not available while its writer restarts, usually for less than a minute',
    next: 'run the command again with --allow-reboot at a time that suits production',
  });
}
