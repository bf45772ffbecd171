import { createInterface } from 'node:readline';
import type { ChildResult } from '../../lab/demo/child';
import type { Exchange, Gate } from './exchange';
import { inflict, type Undo } from './faults';
import { commandOf, type Phase } from './phases';
import { expectSuccess } from './judge';
import type { Point } from './points';
import { sameStep, type Step, StepCounter } from './steps';
import type { FaultWorld } from './world';

/** No run of these few tables takes as long, whatever it meets. */
const PATIENCE_MS = 300_000;

export interface WatchedRun {
  result: ChildResult;
  /** All steps of its changes, in order. */
  steps: Step[];
  /** The point was reached. */
  hit: boolean;
}

/** Ids of the planned changes, in order, if this line of a run tells them. */
function plannedBy(line: string): string[] | undefined {
  if (!line.startsWith('{')) return undefined;
  const told = JSON.parse(line) as { type?: string; changes?: { id: string }[] };
  return told.type === 'planned' ? told.changes!.map(({ id }) => id) : undefined;
}

/** Undefined: the run ended before it had a plan. */
export function plannedIn({ stdout }: ChildResult): string[] | undefined {
  return stdout
    .split('\n')
    .map(plannedBy)
    .find((ids) => ids !== undefined);
}

/** Runs a phase, looks at every step of it, and lets the fault happen when its point comes. */
export async function runWatched(world: FaultWorld, phase: Phase, point?: Point): Promise<WatchedRun> {
  const child = world.startRun(commandOf(phase));
  const lines = createInterface({ input: child.process.stdout! });
  const planned = new Promise<string[]>((resolve) => {
    lines.on('line', (line) => {
      const ids = plannedBy(line);
      if (ids !== undefined) resolve(ids);
    });
  });
  const counter = new StepCounter(planned);
  const steps: Step[] = [];
  const stepOf = new WeakMap<object, Step>();
  let fault: Promise<Undo> | undefined;
  let struck: Exchange | undefined;

  const gate: Gate = async (moment, held) => {
    if (moment === 'before') {
      const step = await counter.next(held.exchange);
      if (step !== undefined) {
        steps.push(step);
        stepOf.set(held.exchange, step);
      }
    }
    // Other statements of the run may wait for the same thing, and the run for them.
    if (moment === 'answered' && held.exchange === struck) await (await fault)?.();
    const step = stepOf.get(held.exchange);
    if (point === undefined || fault !== undefined || step === undefined) return;
    if (moment !== point.moment || !sameStep(step, point.step)) return;
    struck = held.exchange;
    fault = inflict(point.fault, world, held, child);
    // Then the test itself failed, which is said below; let nobody wait for the run.
    await fault.catch(() => child.process.kill('SIGKILL'));
  };

  world.holder.gate = gate;
  const late = setTimeout(() => child.process.kill('SIGKILL'), PATIENCE_MS);
  const started = Date.now();
  const result = await child.result;
  clearTimeout(late);
  world.holder.gate = null;
  // The run may have ended of the fault before the server is back from it.
  const undo = await fault;
  await undo?.();
  if (Date.now() - started >= PATIENCE_MS) throw new Error(`the run did not end in ${PATIENCE_MS / 1000} s`);
  return { result, steps, hit: fault !== undefined };
}

/** Nobody starts the next run while a server that the one before has rebooted is not back. */
export async function runPlainly(world: FaultWorld, what: string, command: readonly string[]): Promise<ChildResult> {
  await world.settle();
  const result = await world.run(command);
  expectSuccess(what, result);
  return result;
}
