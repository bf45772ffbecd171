import { seededRandom } from '../../lab/workload/random';
import { GROWTH, MENDING, type Phase, PHASES, REBUILD, RENEWAL } from './phases';
import { nameOf, type Point } from './points';

/** One way from a clone in sync to the next one, with at most one fault in each of its phases. */
export interface Round {
  readonly phases: readonly Phase[];
  readonly points: Partial<Record<Phase, Point>>;
}

export interface Choice {
  /** Only points whose name it matches. */
  readonly filter?: RegExp;
  /** That many of them, chosen by the seed, with every fault at every change first; default: all. */
  readonly sample?: number;
  readonly seed: number;
}

/** The chosen points in an order that follows from the seed. */
export function choosePoints(points: readonly Point[], { filter, sample, seed }: Choice): Point[] {
  const wanted = points.filter((point) => filter?.test(nameOf(point)) ?? true);
  shuffle(wanted, seed);
  if (sample === undefined) return wanted;
  const seen = new Set<string>();
  const isFirst = new Map(wanted.map((point) => [point, seen.size < seen.add(faultAtChange(point)).size]));
  const chosen = [...wanted.filter((point) => isFirst.get(point)), ...wanted.filter((point) => !isFirst.get(point))];
  return shuffle(chosen.slice(0, sample), seed);
}

/** How many faults at how many changes, whatever the step and the moment. */
export const kindsIn = (points: readonly Point[]): number => new Set(points.map(faultAtChange)).size;

const faultAtChange = ({ phase, step, fault }: Point): string => `${phase} ${step.change} ${fault}`;

function shuffle(points: Point[], seed: number): Point[] {
  const random = seededRandom(seed);
  for (let i = points.length - 1; i > 0; i -= 1) {
    const j = random.int(0, i);
    [points[i], points[j]] = [points[j]!, points[i]!];
  }
  return points;
}

/**
 * Packs points into rounds: a round has room for one point of each of its phases, and costs a clone unless it is one in
 * which the clone goes on.
 */
export function roundsOf(points: readonly Point[]): Round[] {
  const of = (phase: Phase): Point[] => points.filter((point) => point.phase === phase);
  const lists = Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as Record<Phase, Point[]>;
  const rebuilds = Math.max(lists.teardown.length, lists.prepare.length);
  const renewals = Math.max(lists.reset.length, lists.bootstrap.length - rebuilds);
  const kinds = [
    ...spread(rebuilds, REBUILD), // the longer ones
    ...spread(renewals, RENEWAL),
    ...spread(Math.max(...GROWTH.map((phase) => lists[phase].length)), GROWTH),
    ...spread(Math.max(...MENDING.map((phase) => lists[phase].length)), MENDING),
  ].sort((a, b) => a.at - b.at);
  return kinds.map(({ phases }) => ({
    phases,
    points: Object.fromEntries(phases.flatMap((phase) => lists[phase].splice(0, 1).map((point) => [phase, point]))),
  }));
}

/** So many rounds of a kind, evenly over the whole, so that every worker gets its part of each kind. */
function spread(count: number, phases: readonly Phase[]): { at: number; phases: readonly Phase[] }[] {
  return Array.from({ length: count }, (_, i) => ({ at: (i + 0.5) / count, phases }));
}
