import { between } from './between';
import { shown } from './judge';
import { commandOf, isFollowing, type Phase, PHASES, REBUILD, wayThrough } from './phases';
import { nameOf, type Point, pointsOf } from './points';
import { type Paths, playRound, type RoundResult } from './round';
import { choosePoints, type Choice, kindsIn, roundsOf } from './rounds';
import { plannedIn, runPlainly, runWatched } from './run';
import type { Choices } from './summary';
import type { FaultWorld } from './world';

/** A way without faults, whose steps are what faults can happen to. */
async function record(world: FaultWorld, way: readonly Phase[]): Promise<{ points: Point[]; paths: Paths }> {
  const points = new Map<Phase, Point[]>();
  const paths = Object.fromEntries(PHASES.map((phase) => [phase, [] as string[]])) as Record<Phase, string[]>;
  for (const phase of way) {
    await world.tables.before(phase);
    const { result, steps } = await runWatched(world, phase);
    if (result.exitCode !== 0) throw new Error(`${phase} without a fault failed\n${shown(result)}`);
    // What only the first run on a clone does, such as its notes, is nothing that each round would come to.
    if (!points.has(phase) || isFollowing(phase)) points.set(phase, pointsOf(phase, steps));
    paths[phase] = plannedIn(result)!;
    await between(world, phase);
  }
  return { points: [...points.values()].flat(), paths };
}

/** From any state to a clone in sync. */
async function build(world: FaultWorld, phases: readonly Phase[]): Promise<void> {
  await world.tables.cleared();
  for (const phase of phases) {
    await runPlainly(world, phase, commandOf(phase));
    await between(world, phase);
  }
}

/** Every worker chooses the same points and plays its share of the rounds. */
export interface Share extends Choice {
  readonly worker: number;
  readonly workers: number;
  /** That may have points; default: all. */
  readonly phases?: readonly Phase[];
}

export interface Listener {
  chosen(names: readonly string[], from: Choices): void;
  played(result: RoundResult): void;
}

export async function playShare(world: FaultWorld, share: Share, listener: Listener): Promise<void> {
  const phases = share.phases ?? PHASES;
  const way = wayThrough(phases);
  if (way[0] !== 'prepare' && !world.hasClone) await build(world, ['prepare', 'bootstrap']);
  const { points, paths } = await record(world, way);
  const own = points.filter(({ phase }) => phases.includes(phase));
  const chosen = choosePoints(own, share);
  listener.chosen(chosen.map(nameOf), { points: own.length, kinds: kindsIn(own) });
  if (way.at(-1) === 'teardown') await build(world, ['prepare', 'bootstrap']);
  const rounds = roundsOf(chosen).filter((_, i) => i % share.workers === share.worker);
  for (const round of rounds) {
    const result = await playRound(world, paths, round);
    listener.played(result);
    // What one round broke must not count against the next.
    if (result.problems.length > 0) await build(world, REBUILD);
  }
}
