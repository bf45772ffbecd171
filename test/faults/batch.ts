import { commandOf, type Phase, REBUILD } from './phases';
import { nameOf, type Point, pointsOf } from './points';
import { between, type Paths, playRound, type RoundResult, runPlainly, shown } from './round';
import { choosePoints, type Choice, roundsOf } from './rounds';
import { plannedIn, runWatched } from './run';
import type { FaultWorld } from './world';

/** A way without faults, whose steps are what faults can happen to. */
async function record(world: FaultWorld): Promise<{ points: Point[]; paths: Paths }> {
  const points: Point[] = [];
  const paths = { prepare: [], bootstrap: [], reset: [], teardown: [] } as Record<Phase, string[]>;
  for (const phase of ['prepare', 'bootstrap', 'reset', 'bootstrap', 'teardown'] as const) {
    const { result, steps } = await runWatched(world, phase);
    if (result.exitCode !== 0) throw new Error(`${phase} without a fault failed\n${shown(result)}`);
    if (paths[phase].length === 0) points.push(...pointsOf(phase, steps));
    paths[phase] = plannedIn(result)!;
    await between(world, phase);
  }
  return { points, paths };
}

/** From any state to a clone in sync. */
async function build(world: FaultWorld, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    await runPlainly(world, phase, commandOf(phase));
    await between(world, phase);
  }
}

/** Every worker chooses the same points and plays its share of the rounds. */
export interface Share extends Choice {
  readonly worker: number;
  readonly workers: number;
}

export interface Listener {
  /** @param all how many points there are to choose from */
  chosen(names: readonly string[], all: number): void;
  played(result: RoundResult): void;
}

export async function playShare(world: FaultWorld, share: Share, listener: Listener): Promise<void> {
  const { points, paths } = await record(world);
  const chosen = choosePoints(points, share);
  listener.chosen(chosen.map(nameOf), points.length);
  await build(world, ['prepare', 'bootstrap']);
  const rounds = roundsOf(chosen).filter((_, i) => i % share.workers === share.worker);
  for (const round of rounds) {
    const result = await playRound(world, paths, round);
    listener.played(result);
    // What one round broke must not count against the next.
    if (result.problems.length > 0) await build(world, REBUILD);
  }
}
