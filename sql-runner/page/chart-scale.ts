import type { Point } from '../past/points';

const HOUR = 3_600_000;
const SPANS = [HOUR, 6 * HOUR, 24 * HOUR];

/** The shortest of an hour, six and a day in which all that is known has room. */
export function spanOf(points: readonly Point[], now: number): number {
  const oldest = points[0]?.at ?? now;
  return SPANS.find((span) => now - oldest <= span) ?? SPANS.at(-1)!;
}

/** 1, 2 or 5 times a power of ten: the least of them that nothing exceeds. */
export function niceMost(values: readonly number[]): number {
  const most = values.reduce((one, other) => Math.max(one, other), 1_000);
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((times) => times * power).find((one) => one >= most)!;
}

interface Dot {
  readonly at: number;
  readonly value: number;
}

/** What is known one after the other. Across what is not known, no line is drawn. */
export function stretches(points: readonly Point[], of: 'lag' | 'retained', gap: number): Dot[][] {
  const found: Dot[][] = [];
  let last: number | null = null;
  for (const point of points) {
    const value = point[of];
    if (value === null) last = null;
    else {
      if (last === null || point.at - last > gap) found.push([]);
      found.at(-1)!.push({ at: point.at, value });
      last = point.at;
    }
  }
  return found;
}

export type Standing = 'good' | 'bad' | 'unknown';

/** How it stood, in as few pieces as there are changes; where nobody looked there is none. */
export function runs(points: readonly Point[], gap: number, length: number) {
  const found: { from: number; to: number; standing: Standing }[] = [];
  for (const { at, healthy } of points) {
    const standing = healthy === null ? 'unknown' : healthy ? 'good' : 'bad';
    const last = found.at(-1);
    if (last !== undefined && last.standing === standing && at - last.to <= gap) last.to = at + length;
    else found.push({ from: at, to: at + length, standing });
  }
  return found;
}
