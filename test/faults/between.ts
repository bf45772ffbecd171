import { restart } from './faults';
import { commandOf, type Phase } from './phases';
import { runPlainly } from './run';
import type { FaultWorld } from './world';

/** What has to be done outside sql-runner after a phase. */
export async function between(world: FaultWorld, phase: Phase): Promise<void> {
  if (phase === 'teardown') {
    await world.destroyStacks();
    // With the former parameter group in force again, prepare has all its changes to make.
    await restart(world, 'source');
  }
  if (phase === 'prepare' || phase === 'reset') await world.takeClone();
  if (phase === 'shrink') {
    // What left is dropped on both sides, and no longer noted: the same tables may come once more.
    await world.tables.cleared();
    await world.tables.clearedOnClone();
    await runPlainly(world, 'the apply that forgets the tables', commandOf('bootstrap'));
  }
}
