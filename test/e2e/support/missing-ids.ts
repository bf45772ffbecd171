export const ORDER_IDS = 'SELECT id::text FROM orders ORDER BY id';

type Row = Record<string, unknown>;

/** Ids of the source's rows that the clone does not have, as text. */
export function missingIds(clone: readonly Row[], source: readonly Row[]): string[] {
  const there = new Set(clone.map(({ id }) => id));
  return source.map(({ id }) => String(id)).filter((id) => !there.has(id));
}
