/** What one stream was like in a span of time; the worst of it, so that no peak is lost. */
export interface Point {
  /** When the span began, in milliseconds. */
  readonly at: number;
  /** Bytes; null: not known. */
  readonly lag: number | null;
  readonly retained: number | null;
  /** null: not seen. */
  readonly healthy: boolean | null;
}

export const KEPT_MS = 24 * 3_600_000;
/** 1,920 of them are a day. */
export const SPAN_MS = 45_000;

/** The last day of one stream, oldest first, at most one point a span. */
export class Points {
  private points: Point[] = [];

  constructor(points: readonly Point[] = []) {
    for (const point of points) this.add(point);
  }

  add(point: Point): void {
    const at = Math.floor(point.at / SPAN_MS) * SPAN_MS;
    // Later than now: the clock was set back, and these would stand in the way for as long.
    this.points = this.points.filter((one) => one.at <= at && one.at > at - KEPT_MS);
    const last = this.points.at(-1);
    if (last?.at === at) this.points[this.points.length - 1] = worseOf(last, point);
    else this.points.push({ ...point, at });
  }

  all(): readonly Point[] {
    return this.points;
  }
}

function worseOf(one: Point, other: Point): Point {
  const healthy = [one.healthy, other.healthy];
  return {
    at: one.at,
    lag: most(one.lag, other.lag),
    retained: most(one.retained, other.retained),
    healthy: healthy.includes(false) ? false : healthy.includes(null) ? null : true,
  };
}

const most = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);
