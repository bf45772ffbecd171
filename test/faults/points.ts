import { seededRandom } from '../../lab/workload/random';
import type { Moment } from './exchange';
import type { Step } from './steps';

/** What a round goes through, one after the other. */
export const PHASES = ['teardown', 'prepare', 'bootstrap'] as const;
export type Phase = (typeof PHASES)[number];

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

/** A fault at a moment of one write of one change. */
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

/** Every point of a phase, by the writes that a run without faults made. */
export function pointsOf(phase: Phase, steps: readonly Step[]): Point[] {
  return steps.flatMap((step, i) => {
    const first = steps[i - 1]?.change !== step.change;
    return [...atEveryWrite(phase, step), ...(first ? onceAChange(phase, step) : [])];
  });
}

const sidesOf = (phase: Phase) => (phase === 'prepare' ? (['source'] as const) : (['source', 'target'] as const));

function atEveryWrite(phase: Phase, step: Step): Point[] {
  const cut: Fault = step.to === 'aws' ? 'cut-api' : `cut-${step.to}`;
  return [
    ...MOMENTS.map((moment): Point => ({ phase, step, moment, fault: 'kill' })),
    ...CUT_MOMENTS.map((moment): Point => ({ phase, step, moment, fault: cut })),
  ];
}

function onceAChange(phase: Phase, step: Step): Point[] {
  // The reboot of the source is a change of its own.
  const servers = step.change.startsWith('source/reboot/') ? [] : sidesOf(phase);
  const timeouts = step.to === 'aws' ? [] : (['statement-timeout', 'lock-timeout'] as const);
  return [
    ...sidesOf(phase)
      .filter((side) => side !== step.to)
      .flatMap((side) => CUT_MOMENTS.map((moment): Point => ({ phase, step, moment, fault: `cut-${side}` }))),
    // A restart is orderly and held before the write; a crash comes when it is done and nobody knows.
    ...servers.flatMap((side): Point[] => [
      { phase, step, moment: 'before', fault: `restart-${side}` },
      { phase, step, moment: 'answered', fault: `crash-${side}` },
    ]),
    ...timeouts.map((fault): Point => ({ phase, step, moment: 'before', fault })),
  ];
}

/** At most one point of each phase. */
export type Round = Partial<Record<Phase, Point>>;

export interface Choice {
  /** Only points whose name it matches. */
  readonly filter?: RegExp;
  /** That many of them, chosen by the seed; default: all. */
  readonly sample?: number;
  readonly seed: number;
}

/** The chosen points in an order that follows from the seed. */
export function choosePoints(points: readonly Point[], { filter, sample, seed }: Choice): Point[] {
  const wanted = points.filter((point) => filter?.test(nameOf(point)) ?? true);
  const random = seededRandom(seed);
  for (let i = wanted.length - 1; i > 0; i -= 1) {
    const j = random.int(0, i);
    [wanted[i], wanted[j]] = [wanted[j]!, wanted[i]!];
  }
  return wanted.slice(0, sample ?? wanted.length);
}

/** Packs points into rounds: a round costs a clone, and has room for one point of each phase. */
export function roundsOf(points: readonly Point[]): Round[] {
  const lists = PHASES.map((phase) => points.filter((point) => point.phase === phase));
  const length = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length }, (_, i) =>
    Object.fromEntries(lists.flatMap((list) => (list[i] === undefined ? [] : [[list[i].phase, list[i]]]))),
  );
}
