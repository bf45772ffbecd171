import { createInterface } from 'node:readline';
import type { ChildResult } from '../../lab/demo/child';
import type { Gate } from './exchange';
import { inflict } from './faults';
import type { Phase, Point } from './points';
import { sameStep, type Step, StepCounter } from './steps';
import type { FaultWorld } from './world';

export interface WatchedRun {
  result: ChildResult;
  /** All writes of its changes, in order. */
  steps: Step[];
  /** The point was reached. */
  hit: boolean;
}

/** The command of a phase as an operator gives it. */
export function startPhase(world: FaultWorld, phase: Phase) {
  return phase === 'teardown'
    ? world.sqlRunner('teardown', '--auto-approve')
    : world.sqlRunner('apply', '--auto-approve', ...(phase === 'prepare' ? ['--allow-reboot'] : []));
}

/** Runs a phase, looks at every write of it, and lets the fault happen when its point comes. */
export async function runWatched(world: FaultWorld, phase: Phase, point?: Point): Promise<WatchedRun> {
  const child = startPhase(world, phase);
  const lines = createInterface({ input: child.process.stdout! });
  const planned = new Promise<string[]>((resolve) => {
    lines.on('line', (line) => {
      // A killed process may leave half a line; the plan comes before anything is killed.
      if (!line.startsWith('{"type":"planned"')) return;
      resolve((JSON.parse(line) as { changes: { id: string }[] }).changes.map(({ id }) => id));
    });
  });
  const counter = new StepCounter(planned);
  const steps: Step[] = [];
  const stepOf = new WeakMap<object, Step>();
  let undo: (() => Promise<void>) | undefined;

  const gate: Gate = async (moment, held) => {
    if (moment === 'before') {
      const step = await counter.next(held.exchange);
      if (step !== undefined) {
        steps.push(step);
        stepOf.set(held.exchange, step);
      }
    }
    const step = stepOf.get(held.exchange);
    if (point === undefined || undo !== undefined || step === undefined) return;
    if (moment !== point.moment || !sameStep(step, point.step)) return;
    undo = () => Promise.resolve();
    try {
      undo = await inflict(point.fault, world, held, child);
    } catch (error) {
      // The test itself failed: say so, and let nobody wait for the run.
      undo = () => Promise.reject(error);
      child.process.kill('SIGKILL');
    }
  };

  world.holder.gate = gate;
  const result = await child.result;
  world.holder.gate = null;
  await undo?.();
  return { result, steps, hit: undo !== undefined };
}
