import type { ChildResult } from '../../lab/demo/child';
import { EXIT_CODES, PRECEDENCE } from '../../errors/exit-codes';
import { between } from './between';
import {
  countAtRest,
  expectEqualRows,
  expectFollowing,
  expectNothingLeft,
  expectSuccess,
  RowsDiffer,
  saysInSync,
  shown,
} from './judge';
import { commandOf, type Phase, remedyOf } from './phases';
import type { Point } from './points';
import type { Round } from './rounds';
import type { RowCounts } from './rows';
import { plannedIn, runPlainly, runWatched } from './run';
import type { FaultWorld } from './world';

/** What became of the points of one round. */
export interface RoundResult {
  points: Point[];
  /** Of those, where the run came to its end and had not sent the statement this time: nothing was tried. */
  notMet: Point[];
  /** Of those, where the run that met the fault carried on to its end by itself. */
  shruggedOff: number;
  counts: RowCounts;
  /** Why the round is not survived; empty: it is. */
  problems: string[];
  seconds: number;
}

/** Ids of the changes that each phase consists of. */
export type Paths = Readonly<Record<Phase, readonly string[]>>;

/**
 * Goes through the phases of a round, each with at most one fault and one plain run after it; then everything must be
 * equal. Writers write all the time.
 */
export async function playRound(world: FaultWorld, paths: Paths, round: Round): Promise<RoundResult> {
  const started = Date.now();
  const result: RoundResult = {
    points: round.phases.flatMap((phase) => round.points[phase] ?? []),
    notMet: [],
    shruggedOff: 0,
    counts: { rows: 0, lost: 0, doubled: 0, tables: [] },
    problems: [],
    seconds: 0,
  };
  try {
    for (const phase of round.phases) {
      const point = round.points[phase];
      const { hit, shruggedOff } = await playPhase(world, phase, paths, point).catch((error: unknown) => {
        throw new Error(`in ${phase}: ${(error as Error).message}`, { cause: error });
      });
      if (point !== undefined && !hit) result.notMet.push(point);
      if (shruggedOff) result.shruggedOff += 1;
      await between(world, phase);
    }
    await expectNothingLeft(world);
    // While the writers write.
    expectSuccess('verify', await world.run(['verify']));
    result.counts = await countAtRest(world);
    if (result.counts.tables.length > 0) result.problems.push(`rows differ in ${result.counts.tables.join(', ')}`);
  } catch (error) {
    const { message, cause } = error as Error;
    result.problems.push(message);
    if (cause instanceof RowsDiffer) result.counts = cause.counts;
  }
  result.seconds = (Date.now() - started) / 1000;
  return result;
}

/**
 * What the phase before left over, or undid, would show in the first plan of this one.
 * @returns shruggedOff: there was a fault and its run succeeded all the same
 */
async function playPhase(
  world: FaultWorld,
  phase: Phase,
  paths: Paths,
  point?: Point,
): Promise<{ hit: boolean; shruggedOff: boolean }> {
  await world.tables.before(phase);
  const ticket = world.ticketNonce;
  const { result: met, hit } =
    point === undefined ? { result: undefined, hit: false } : await meetFault(world, phase, point);
  // The run after it would put right what this one had said of the clone.
  if (met !== undefined && saysInSync(met)) await expectEqualRows(world, 'when the run with the fault said in sync');
  const command = met === undefined ? commandOf(phase) : remedyOf(phase);
  let last = await runPlainly(world, `${phase} after the fault`, command);
  let planned = (met && plannedIn(met)) ?? plannedIn(last);
  if (await hadNotBegun(world, phase, ticket, last)) {
    last = await runPlainly(world, `${phase} after the apply`, commandOf(phase));
    planned = plannedIn(last);
  }
  expectSame(paths[phase], planned);
  await expectFollowing(world, phase, last);
  return { hit, shruggedOff: hit && met?.exitCode === 0 };
}

/** Not even its locks were taken, or nothing was noted yet: the apply after it rightly had nothing to do. */
async function hadNotBegun(
  world: FaultWorld,
  phase: Phase,
  ticket: string | undefined,
  remedy: ChildResult,
): Promise<boolean> {
  if (phase === 'reset') return world.ticketNonce === ticket;
  if (phase !== 'resync' || !(await world.tables.isDamaged())) return false;
  const done = plannedIn(remedy) ?? [];
  if (done.length > 0) throw new Error(`rows differ still, after an apply that has done ${done.join(', ')}`);
  return true;
}

/** What a run ends with of itself. */
const SAID = PRECEDENCE.map((kind) => EXIT_CODES[kind].code);

async function meetFault(
  world: FaultWorld,
  phase: Phase,
  point: Point,
): Promise<{ result: ChildResult; hit: boolean }> {
  const { result, hit } = await runWatched(world, phase, point);
  // What it asks hangs on what is written meanwhile: a look more or less, a note that was due in the recorded run.
  if (!hit && result.exitCode !== 0) throw new Error(`the run failed before its point\n${shown(result)}`);
  if (/^\s+at .*[:(]\d+/m.test(result.stderr)) throw new Error(`a stack trace for the operator\n${shown(result)}`);
  if (point.fault !== 'kill' && !SAID.some((code) => code === result.exitCode))
    throw new Error(`the fault ended the process\n${shown(result)}`);
  return { result, hit };
}

function expectSame(path: readonly string[], planned: readonly string[] | undefined): void {
  const there = new Set(planned);
  const lacking = path.filter((id) => !there.has(id));
  const more = (planned ?? []).filter((id) => !path.includes(id));
  if (lacking.length + more.length > 0)
    throw new Error(
      `the plan is not that of an undisturbed way: without ${lacking.join(', ')}; with ${more.join(', ')}`,
    );
}
