import type { ChildResult } from '../../lab/demo/child';
import type { Finding } from '../../sql-runner/engine/change';
import { restart } from './faults';
import { nameOf, type Phase, PHASES, type Point, type Round } from './points';
import { caughtUp, countRows, type RowCounts } from './rows';
import { runWatched, startPhase } from './run';
import type { FaultWorld } from './world';

/** What became of the points of one round. */
export interface RoundResult {
  points: string[];
  /** Of those, where the run that met the fault carried on to its end by itself. */
  shruggedOff: number;
  counts: RowCounts;
  /** Why the round is not survived; empty: it is. */
  problems: string[];
  seconds: number;
}

/**
 * Tears down, prepares, clones and bootstraps, each with at most one fault and one plain run after it; then everything
 * must be equal. Writers write all the time.
 */
export async function playRound(world: FaultWorld, round: Round): Promise<RoundResult> {
  const started = Date.now();
  const result: RoundResult = {
    points: PHASES.flatMap((phase) => (round[phase] === undefined ? [] : [nameOf(round[phase])])),
    shruggedOff: 0,
    counts: { rows: 0, lost: 0, doubled: 0, tables: [] },
    problems: [],
    seconds: 0,
  };
  try {
    for (const phase of PHASES) {
      if (round[phase] !== undefined && (await meetFault(world, phase, round[phase]))) result.shruggedOff += 1;
      await converge(world, phase);
      await between(world, phase);
    }
    await verifyWhileWritten(world);
    result.counts = await countAtRest(world);
    if (result.counts.tables.length > 0) result.problems.push(`rows differ in ${result.counts.tables.join(', ')}`);
  } catch (error) {
    result.problems.push((error as Error).message);
  }
  result.seconds = (Date.now() - started) / 1000;
  return result;
}

/** What has to be done outside sql-runner after a phase. */
export async function between(world: FaultWorld, phase: Phase): Promise<void> {
  if (phase === 'teardown') {
    await world.destroyClone();
    // With the former parameter group in force again, prepare has all its changes to make.
    await restart(world, 'source');
  }
  if (phase === 'prepare') await world.takeClone();
}

/** @returns true when the run succeeded all the same */
async function meetFault(world: FaultWorld, phase: Phase, point: Point): Promise<boolean> {
  const { result, hit } = await runWatched(world, phase, point);
  if (!hit) throw new Error(`the run never came to the point\n${shown(result)}`);
  if (/^\s+at .*[:(]\d+/m.test(result.stderr)) throw new Error(`a stack trace for the operator\n${shown(result)}`);
  if (point.fault !== 'kill' && result.exitCode !== 0 && result.exitCode !== 1)
    throw new Error(`the fault ended the process\n${shown(result)}`);
  return result.exitCode === 0;
}

/** One plain run must do, and leave nothing to do. */
export async function converge(world: FaultWorld, phase: Phase): Promise<void> {
  expectSuccess(`${phase} after the fault`, await startPhase(world, phase).result);
  const { changes, findings } = await world.plan(phase === 'teardown' ? 'teardown' : 'apply');
  const left = [...changes.map(({ id }) => id), ...findings.filter(isBlocking).map(({ code }) => code)];
  if (left.length > 0) throw new Error(`${phase} did not converge, there is still: ${left.join(', ')}`);
}

const isBlocking = ({ severity }: Finding): boolean => severity === 'block';

async function verifyWhileWritten(world: FaultWorld): Promise<void> {
  expectSuccess('verify', await world.sqlRunner('verify').result);
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

const shown = ({ exitCode, stdout, stderr }: ChildResult): string =>
  `exit code ${exitCode}\n${stdout.slice(-1500)}\n${stderr.slice(-1500)}`;
