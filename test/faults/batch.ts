import { choosePoints, type Choice, type Phase, PHASES, type Point, pointsOf, roundsOf } from './points';
import { between, converge, playRound, type RoundResult } from './round';
import { runWatched } from './run';
import type { FaultWorld } from './world';

/** A path without faults, whose writes are what faults can happen to. */
async function recordPoints(world: FaultWorld): Promise<Point[]> {
  const points: Point[] = [];
  for (const phase of ['prepare', 'bootstrap', 'teardown'] as const) {
    const { result, steps } = await runWatched(world, phase);
    if (result.exitCode !== 0) throw new Error(`${phase} without a fault failed\n${result.stdout}\n${result.stderr}`);
    points.push(...pointsOf(phase, steps));
    await between(world, phase);
  }
  return points;
}

/** From any state to a clone in sync. */
async function build(world: FaultWorld, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    await converge(world, phase);
    await between(world, phase);
  }
}

/** Every worker chooses the same points and plays its share of the rounds. */
export interface Share extends Choice {
  readonly worker: number;
  readonly workers: number;
}

/** @returns how many points there are to choose from */
export async function playShare(
  world: FaultWorld,
  share: Share,
  onRound: (result: RoundResult) => void,
): Promise<number> {
  const points = await recordPoints(world);
  await build(world, ['prepare', 'bootstrap']);
  const rounds = roundsOf(choosePoints(points, share)).filter((_, i) => i % share.workers === share.worker);
  for (const round of rounds) {
    const result = await playRound(world, round);
    onRound(result);
    // What one round broke must not count against the next.
    if (result.problems.length > 0) await build(world, PHASES);
  }
  return points.length;
}
