import type { StreamStatus } from '../actions/status';
import { formatBytes } from '../render/bytes';

/** How far a stream may be behind. */
export interface LagLimit {
  readonly bytes: number;
  /** As it was written. */
  readonly written: string;
}

const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `100MB`, `1.5 GiB`, `512kB`; null for anything else. A bare number could be meant as seconds, and is none. */
export function lagLimit(text: string): LagLimit | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?b)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? ''];
  return factor === undefined ? null : { bytes: Number(number) * factor, written: text.trim() };
}

/** A sentence for each stream that is further behind than that, or of which nobody knows. */
export function beyondLag(
  streams: readonly Pick<StreamStatus, 'database' | 'lagBytes'>[],
  limit: LagLimit,
): readonly string[] {
  return streams.flatMap(({ database, lagBytes }) => {
    if (lagBytes === null) return [`${database}: its lag cannot be read, so it may well be above ${limit.written}`];
    return lagBytes > limit.bytes
      ? [`${database}: ${formatBytes(lagBytes)} behind, which is above ${limit.written}`]
      : [];
  });
}
