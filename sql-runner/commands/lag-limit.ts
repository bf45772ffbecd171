import type { StreamStatus } from '../actions/status';
import { parseSize } from '../../contract/size';
import { formatBytes } from '../render/bytes';
import { duration } from '../render/duration';

/** How far a stream may be behind. */
export interface LagLimit {
  /** null: it is a time. */
  readonly bytes: number | null;
  /** null: it is a size. */
  readonly seconds: number | null;
  /** As it was written. */
  readonly written: string;
}

/** A size, as `100MB`, or a time, as `90s` or `5min`; null for anything else. A bare number could be either, and is none. */
export function lagLimit(text: string): LagLimit | null {
  const written = text.trim();
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(s|min|h)$/i.exec(written) ?? [];
  const seconds = unit === undefined ? null : Number(number) * SECONDS[unit.toLowerCase()]!;
  const bytes = parseSize(text);
  return seconds === null && bytes === null ? null : { bytes, seconds, written };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600 };

/** A sentence for each stream that is further behind than that, or of which nobody knows. */
export function beyondLag(
  streams: readonly Pick<StreamStatus, 'database' | 'lagBytes' | 'lagSeconds'>[],
  limit: LagLimit,
): readonly string[] {
  return streams.flatMap(({ database, lagBytes, lagSeconds }) => {
    const [lag, most] = limit.bytes === null ? [lagSeconds, limit.seconds!] : [lagBytes, limit.bytes];
    if (lag === null) return [`${database}: its lag cannot be read, so it may well be above ${limit.written}`];
    if (lag <= most) return [];
    const behind = limit.bytes === null ? duration(lag) : formatBytes(lag);
    return [`${database}: ${behind} behind, which is above ${limit.written}`];
  });
}
