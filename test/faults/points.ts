import type { Moment } from './exchange';
import type { Phase } from './phases';
import { LOCKING, type Step } from './steps';

export type Fault =
  | 'kill'
  | 'cut-source'
  | 'cut-target'
  | 'cut-api'
  | 'restart-source'
  | 'restart-target'
  | 'crash-source'
  | 'crash-target'
  | 'statement-timeout'
  | 'lock-timeout';

/** A fault at a moment of one step of one change. */
export interface Point {
  readonly phase: Phase;
  readonly step: Step;
  readonly moment: Moment;
  readonly fault: Fault;
}

const MOMENTS: readonly Moment[] = ['before', 'sent', 'answered', 'after'];
/** A connection that breaks after the answer is what breaks before the next question. */
const CUT_MOMENTS: readonly Moment[] = ['before', 'sent', 'answered'];

/** `prepare source/shop/slot/x: SELECT pg_create…: kill sent` */
export function nameOf({ phase, step, moment, fault }: Point): string {
  const nth = step.nth === 1 ? '' : ` (${step.nth})`;
  return `${phase} ${step.change}: ${step.statement}${nth}: ${fault} ${moment}`;
}

/** Every point of a phase, by the steps that a run without faults made; the same ones in the same order every time. */
export function pointsOf(phase: Phase, steps: readonly Step[]): Point[] {
  const changes = [...new Set(steps.map(({ change }) => change))];
  const points = changes.flatMap((change) => {
    const own = steps.filter((step) => step.change === change);
    const writes = own.filter((step) => step.writes);
    const looks = own.filter((step) => !step.writes);
    return [
      ...looks.flatMap((step) => atALook(phase, step)),
      ...writes.flatMap((step) => atAWrite(phase, step)),
      // One that only compares has no write, and what it asks first stands for it.
      ...(change === LOCKING ? [] : onceAChange(phase, writes.length > 0 ? writes : own.slice(0, 1))),
    ];
  });
  return points.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

type Side = 'source' | 'target';
const sidesOf = (phase: Phase): readonly Side[] => (phase === 'prepare' ? ['source'] : ['source', 'target']);

const cutOf = (step: Step): Fault => (step.to === 'aws' ? 'cut-api' : `cut-${step.to}`);

function atAWrite(phase: Phase, step: Step): Point[] {
  return [
    ...MOMENTS.map((moment): Point => ({ phase, step, moment, fault: 'kill' })),
    ...CUT_MOMENTS.map((moment): Point => ({ phase, step, moment, fault: cutOf(step) })),
  ];
}

/** Nothing is written yet, but a transaction may be open, and the locks are held. */
function atALook(phase: Phase, step: Step): Point[] {
  return [
    { phase, step, moment: 'answered', fault: 'kill' },
    { phase, step, moment: 'sent', fault: cutOf(step) },
  ];
}

function onceAChange(phase: Phase, writes: readonly Step[]): Point[] {
  const [step] = writes as [Step, ...Step[]];
  const statement = writes.find(({ to }) => to !== 'aws');
  return [
    ...sidesOf(phase)
      .filter((side) => side !== step.to)
      .flatMap((side) => CUT_MOMENTS.map((moment): Point => ({ phase, step, moment, fault: `cut-${side}` }))),
    // A restart is orderly and held before the write; a crash comes when it is done and nobody knows.
    ...sidesOf(phase).flatMap((side): Point[] => [
      { phase, step, moment: 'before', fault: `restart-${side}` },
      { phase, step, moment: 'answered', fault: `crash-${side}` },
    ]),
    ...(statement === undefined ? [] : timeouts(phase, statement)),
  ];
}

function timeouts(phase: Phase, step: Step): Point[] {
  return (['statement-timeout', 'lock-timeout'] as const).map((fault) => ({ phase, step, moment: 'before', fault }));
}
