import { createHash } from 'node:crypto';
import type { PublicationFacts, PublicationRows } from '../engine/observation';

/**
 * What of the source's publication was altered since the clone was taken, even
 * if it was put back. The clone is a physical copy, so a row of the catalog that
 * nobody touched has the same oid and xmin on both sides (freezing leaves xmin
 * in place: htup_details.h, HEAP_XMIN_FROZEN); a row that was written again has
 * others. COMMENT ON PUBLICATION touches neither.
 *
 * Tables that left are for the comparison of the lists: a dropped one takes its
 * row along.
 */
export function alteredSince(source: PublicationFacts | null, inherited: PublicationFacts | null): string[] {
  if (source?.rows === undefined || inherited?.rows === undefined) return [];
  const before = new Set(Object.values(inherited.rows.members));
  const members = Object.entries(source.rows.members);
  return [
    ...(source.rows.self === inherited.rows.self ? [] : ['the publication itself']),
    ...members.filter(([, row]) => !before.has(row)).map(([table]) => table),
  ];
}

/** As 32 hexadecimal digits, to be remembered: which state of the publication the rows were compared under. */
export function digestOf({ self, members }: PublicationRows): string {
  const all = [self, ...Object.values(members).sort()];
  return createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 32);
}
