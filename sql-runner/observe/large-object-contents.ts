import type { LargeObjectReading } from '../postgres/catalog/large-objects';
import { largeObjectDigests, type Span, type SpanDigest } from '../postgres/catalog/large-object-contents';
import type { Session } from '../postgres/session';
import { ObjectDigest, PAGE_BYTES, WINDOW_PAGES, windowsOf } from '../postgres/text/large-object-pages';
import type { Contents } from '../resources/large-object-verdicts';

/** So many small ones are asked for in one statement, as long as they are no more than a window together. */
const AT_ONCE = 200;
const pagesOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / PAGE_BYTES));

interface Sized {
  readonly oid: number;
  readonly bytes: number;
}

/** In their order, so that none of the groups holds much more than a window; one that is more stands alone. */
export function groupsOf<T extends Sized>(objects: readonly T[]): T[][] {
  const groups: T[][] = [];
  let pages = Infinity;
  for (const one of objects) {
    const own = pagesOf(one.bytes);
    const last = groups.at(-1);
    if (last === undefined || last.length >= AT_ONCE || pages + own > WINDOW_PAGES) {
      groups.push([one]);
      pages = own;
    } else {
      last.push(one);
      pages += own;
    }
  }
  return groups;
}

/** Who reads, and what of it is wanted. */
export interface ContentReader {
  readonly session: Session;
  readonly reading: LargeObjectReading;
  /** See largeObjectDigests. */
  readonly since: number | null;
}

/**
 * What objects hold, each of one snapshot: small ones by one statement, one of several windows by a transaction that has
 * one snapshot. Those that have gone are not in it. Neither side sends what it hashes.
 */
export async function contentsOf(
  reader: ContentReader,
  objects: readonly Sized[],
): Promise<ReadonlyMap<number, Contents>> {
  const found = new Map<number, Contents>();
  for (const group of groupsOf(objects)) {
    const rows = await digests(
      reader,
      group.map(({ oid }) => windowSpan(oid, 0)),
    );
    for (const row of rows) {
      const { oid } = group[row.place]!;
      if (windowsOf(row.bytes) <= 1) found.set(oid, contents([[0, row]], row.bytes));
      else {
        const whole = await ofSeveralWindows(reader, oid);
        if (whole !== null) found.set(oid, whole);
      }
    }
  }
  return found;
}

export const windowSpan = (oid: number, window: number): Span => ({
  oid,
  first: window * WINDOW_PAGES,
  end: (window + 1) * WINDOW_PAGES,
});

const digests = ({ session, reading, since }: ContentReader, spans: readonly Span[]): Promise<SpanDigest[]> =>
  largeObjectDigests(session, reading, spans, since);

function ofSeveralWindows(reader: ContentReader, oid: number): Promise<Contents | null> {
  return reader.session.transaction(() => inSnapshot(reader, oid), { isolation: 'repeatable read', readOnly: true });
}

/** In a transaction of one snapshot, or one in which nobody else writes it. Windows that are holes are passed over. */
export async function inSnapshot(reader: ContentReader, oid: number): Promise<Contents | null> {
  const windows: [number, SpanDigest][] = [];
  for (let window = 0; ;) {
    const [row] = await digests(reader, [windowSpan(oid, window)]);
    if (row === undefined) return null;
    windows.push([window, row]);
    const behind = reader.reading === 'pages' ? (row.next ?? Infinity) / WINDOW_PAGES : window + 1;
    window = Math.floor(behind);
    if (window >= windowsOf(row.bytes)) return contents(windows, row.bytes);
  }
}

function contents(windows: readonly (readonly [number, SpanDigest])[], bytes: number): Contents {
  const digest = new ObjectDigest(bytes);
  for (const [number, row] of windows) digest.window(number, row.digest);
  const writers = windows.map(([, row]) => row.writers);
  const seen = writers.every((one) => one !== null);
  return { bytes, digest: digest.hex(), writers: seen ? [...new Set(writers.flatMap((one) => one ?? []))] : null };
}
