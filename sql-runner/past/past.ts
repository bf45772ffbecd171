import { isHealthy } from '../model/health';
import type { LiveView } from '../actions/live';
import type { WatchSample } from '../actions/watch';
import type { Change } from './changes';
import type { PastFile } from './past-file';
import type { ChangeLine, SpanLine } from './past-lines';
import { KEPT_MS, Points, SPAN_MS, type Point } from './points';

const CHANGES_KEPT = 200;
/** Lines that the file may have beside those that are still wanted, before it is written anew. */
const SURPLUS = KEPT_MS / SPAN_MS;

/** What was seen of an environment in the last day, and which states changed; also of runs before, where it is kept. */
export class Past {
  private readonly streams = new Map<string, Points>();
  private readonly known: ChangeLine[];
  private open: SpanLine | null = null;
  private surplus = 0;
  /** What this process saw last, however long ago; null: nothing yet. */
  lastSample: WatchSample | null = null;

  /** @param file null: nothing is kept beyond the process */
  constructor(
    private readonly file: PastFile | null,
    now = Date.now(),
  ) {
    const { spans, changes } = file?.read() ?? { spans: [], changes: [] };
    this.known = changes.slice(-CHANGES_KEPT);
    for (const span of spans) if (span.at > now - KEPT_MS && span.at <= now) this.take(span);
    file?.write(this.lines());
  }

  get problem(): string | null {
    return this.file?.problem ?? null;
  }

  get place(): string | null {
    return this.file?.path ?? null;
  }

  points(slot: string): readonly Point[] {
    return this.streams.get(slot)?.all() ?? [];
  }

  /** Newest first. */
  changes(): readonly ChangeLine[] {
    return [...this.known].reverse();
  }

  note(view: LiveView, changes: readonly Change[], at: number): void {
    if (view.sample !== null) this.lastSample = view.sample;
    // Before the first look has come to its end nobody has looked.
    if (view.looks.seen + view.looks.unseen > 0) this.noteSpan(spanOf(view, at));
    for (const line of changes.map(changeLine)) if (!this.isKnown(line)) this.noteChange(line);
  }

  private noteSpan(span: SpanLine): void {
    this.take(span);
    const began = Math.floor(span.at / SPAN_MS);
    const { open } = this;
    if (open !== null && Math.floor(open.at / SPAN_MS) !== began) this.close(open);
    this.open = span;
  }

  /** What was seen within a span is worth a line once it is over. */
  private close({ at, streams }: SpanLine): void {
    const from = Math.floor(at / SPAN_MS) * SPAN_MS;
    const points = Object.keys(streams).flatMap((slot) => {
      const point = this.points(slot).find((one) => one.at === from);
      return point === undefined ? [] : [[slot, point] as const];
    });
    this.append({ at: from, streams: Object.fromEntries(points.map(([slot, point]) => [slot, figures(point)])) });
  }

  /** Of a run before: a stream that stands as it stood then has not changed. */
  private isKnown(line: ChangeLine): boolean {
    const last = this.known.findLast(({ slot }) => slot === line.slot);
    return last !== undefined && last.now === line.now && last.healthy === line.healthy;
  }

  private noteChange(line: ChangeLine): void {
    this.known.push(line);
    if (this.known.length > CHANGES_KEPT) this.known.shift();
    this.append(line);
  }

  private append(line: SpanLine | ChangeLine): void {
    if (this.file === null) return;
    this.surplus += 1;
    if (this.surplus <= SURPLUS) return this.file.append(line);
    this.surplus = 0;
    this.file.write(this.lines());
  }

  private take({ at, streams }: SpanLine): void {
    for (const [slot, [lag, retained, healthy]] of Object.entries(streams)) {
      const points = this.streams.get(slot) ?? new Points();
      this.streams.set(slot, points);
      points.add({ at, lag, retained, healthy });
    }
  }

  private lines() {
    const spans = new Map<number, Record<string, ReturnType<typeof figures>>>();
    for (const [slot, points] of this.streams)
      for (const point of points.all()) spans.set(point.at, { ...spans.get(point.at), [slot]: figures(point) });
    const ordered = [...spans].sort(([one], [other]) => one - other);
    return { spans: ordered.map(([at, streams]) => ({ at, streams })), changes: this.known };
  }
}

const figures = ({ lag, retained, healthy }: Point): [number | null, number | null, boolean | null] => [
  lag,
  retained,
  healthy,
];

function spanOf({ sample, streams }: LiveView, at: number): SpanLine {
  const seen = new Map((sample?.status.streams ?? []).map((stream) => [stream.slot, stream]));
  return {
    at,
    streams: Object.fromEntries(
      streams.map(({ slot }) => {
        const stream = seen.get(slot);
        return [
          slot,
          stream === undefined ? [null, null, null] : [stream.lagBytes, stream.retainedBytes, isHealthy(stream)],
        ];
      }),
    ),
  };
}

function changeLine(change: Change): ChangeLine {
  if (change.kind === 'look') {
    const { unseen, at } = change;
    const [now, cause] = unseen === null ? ['seen', null] : [`not seen: ${unseen.code}`, unseen.seen];
    return {
      changed: at,
      database: null,
      slot: null,
      before: null,
      now,
      healthy: unseen === null ? true : null,
      cause,
    };
  }
  const { at, database, slot, before, now } = change;
  const { state, healthy, cause } = now;
  return { changed: at, database, slot, before: before?.state ?? null, now: state, healthy, cause };
}
