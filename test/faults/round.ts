import { EXIT_CODES, PRECEDENCE } from '../../errors/exit-codes';
import type { ChildResult } from '../../lab/demo/child';
import type { Finding } from '../../sql-runner/model/change';
import { restart } from './faults';
import { commandOf, type Phase, remedyOf } from './phases';
import type { Point } from './points';
import type { Round } from './rounds';
import { caughtUp, countRows, type RowCounts } from './rows';
import { plannedIn, runWatched } from './run';
import type { FaultWorld } from './world';

/** What became of the points of one round. */
export interface RoundResult {
  points: Point[];
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
    shruggedOff: 0,
    counts: { rows: 0, lost: 0, doubled: 0, tables: [] },
    problems: [],
    seconds: 0,
  };
  try {
    for (const phase of round.phases) {
      const point = round.points[phase];
      const shruggedOff = await playPhase(world, phase, paths, point).catch((error: unknown) => {
        throw new Error(`in ${phase}: ${(error as Error).message}`, { cause: error });
      });
      if (shruggedOff) result.shruggedOff += 1;
      await between(world, phase);
    }
    await expectNothingLeft(world);
    await verifyWhileWritten(world);
    result.counts = await countAtRest(world);
    if (result.counts.tables.length > 0) result.problems.push(`rows differ in ${result.counts.tables.join(', ')}`);
  } catch (error) {
    result.problems.push((error as Error).message);
  }
  result.seconds = (Date.now() - started) / 1000;
  return result;
}

/**
 * What the phase before left over, or undid, would show in the first plan of this one.
 * @returns true when there was a fault and its run succeeded all the same
 */
async function playPhase(world: FaultWorld, phase: Phase, paths: Paths, point?: Point): Promise<boolean> {
  const ticket = world.ticketNonce;
  const met = point === undefined ? undefined : await meetFault(world, phase, point);
  const plain = await runPlainly(
    world,
    `${phase} after the fault`,
    met === undefined ? commandOf(phase) : remedyOf(phase),
  );
  let planned = (met && plannedIn(met)) ?? plannedIn(plain);
  // The reset had not begun, or not even its locks were taken: the apply after it rightly had nothing to do.
  if (phase === 'reset' && world.ticketNonce === ticket)
    planned = plannedIn(await runPlainly(world, 'reset after the apply', commandOf(phase)));
  expectSame(paths[phase], planned);
  return met?.exitCode === 0;
}

/** What has to be done outside sql-runner after a phase. */
export async function between(world: FaultWorld, phase: Phase): Promise<void> {
  if (phase === 'teardown') {
    await world.destroyStacks();
    // With the former parameter group in force again, prepare has all its changes to make.
    await restart(world, 'source');
  }
  if (phase === 'prepare' || phase === 'reset') await world.takeClone();
}

/** What a run ends with of itself. */
const SAID = PRECEDENCE.map((kind) => EXIT_CODES[kind].code);

async function meetFault(world: FaultWorld, phase: Phase, point: Point): Promise<ChildResult> {
  const { result, hit } = await runWatched(world, phase, point);
  if (!hit) throw new Error(`the run never came to the point\n${shown(result)}`);
  if (/^\s+at .*[:(]\d+/m.test(result.stderr)) throw new Error(`a stack trace for the operator\n${shown(result)}`);
  if (point.fault !== 'kill' && !SAID.some((code) => code === result.exitCode))
    throw new Error(`the fault ended the process\n${shown(result)}`);
  return result;
}

/** Nobody starts the next run while a server that the one before has rebooted is not back. */
export async function runPlainly(world: FaultWorld, what: string, command: readonly string[]): Promise<ChildResult> {
  await world.settle();
  const result = await world.run(command);
  expectSuccess(what, result);
  return result;
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

/** One plain run must have done it all. */
async function expectNothingLeft(world: FaultWorld): Promise<void> {
  const { changes, findings } = await world.plan();
  const left = [...changes.map(({ id }) => id), ...findings.filter(isBlocking).map(({ code }) => code)];
  if (left.length > 0) throw new Error(`it did not converge, there is still: ${left.join(', ')}`);
}

const isBlocking = ({ severity }: Finding): boolean => severity === 'block';

async function verifyWhileWritten(world: FaultWorld): Promise<void> {
  expectSuccess('verify', await world.run(['verify']));
}

async function countAtRest(world: FaultWorld): Promise<RowCounts> {
  await world.stopWriters();
  try {
    const source = await world.source(world.databases[0]!);
    await caughtUp(source, world.replicationNames).finally(() => source.end());
    const all = await Promise.all(world.databases.map((database) => countRows(world.source, world.clone, database)));
    return all.reduce((sum, counts) => ({
      rows: sum.rows + counts.rows,
      lost: sum.lost + counts.lost,
      doubled: sum.doubled + counts.doubled,
      tables: [...sum.tables, ...counts.tables],
    }));
  } finally {
    await world.startWriters();
  }
}

function expectSuccess(what: string, result: ChildResult): void {
  if (result.exitCode !== 0) throw new Error(`${what} did not succeed\n${shown(result)}`);
}

export const shown = ({ exitCode, stdout, stderr }: ChildResult): string =>
  `exit code ${exitCode}\n${stdout.slice(-1500)}\n${stderr.slice(-1500)}`;
