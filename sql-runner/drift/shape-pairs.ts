import type { ShapePair } from '../model/survey';
import type { QualifiedName } from '../postgres/text/quoting';
import type { TableDigest } from '../postgres/catalog/table-digests';
import type { TableShape } from '../postgres/catalog/table-shapes';

/** Two tables of which one receives the rows of the other. */
export interface DigestPair {
  readonly there: TableDigest;
  readonly here: TableDigest;
}

export const tableKey = ({ schema, name }: QualifiedName): string => JSON.stringify([schema, name]);

export function byName<T extends { schema: string; name: string }>(tables: readonly T[]): Map<string, T> {
  return new Map(tables.map((table) => [tableKey(table), table]));
}

/**
 * What is sent, and the partitioned tables above it, that both sides have.
 * @param sent tables of one database that publications of ours send
 */
export function pairsOf(
  sent: readonly { schema: string; name: string }[],
  production: readonly TableDigest[],
  clone: readonly TableDigest[],
): DigestPair[] {
  const [there, here] = [byName(production), byName(clone)];
  // Nothing has no number: above what has no parent nothing is found.
  const oids = new Map<number | null, TableDigest>(production.map((one) => [one.oid, one]));
  const wanted = new Set<TableDigest>();
  for (const table of sent) {
    let next = there.get(tableKey(table));
    while (next !== undefined && !wanted.has(next)) {
      wanted.add(next);
      next = oids.get(next.parent);
    }
  }
  return [...wanted].flatMap((table) => {
    const own = here.get(tableKey(table));
    return own === undefined ? [] : [{ there: table, here: own }];
  });
}

/** Of the pairs whose definitions were read, that is those that may differ. */
export function shapePairs(
  database: string,
  pairs: readonly DigestPair[],
  shapes: { readonly source: readonly TableShape[]; readonly target: readonly TableShape[] },
): ShapePair[] {
  const there = new Map(shapes.source.map((shape) => [shape.oid, shape]));
  const here = new Map(shapes.target.map((shape) => [shape.oid, shape]));
  const made = new Map<number | null, ShapePair & { leaves: ShapePair[]; parent: ShapePair | null }>();
  for (const pair of pairs) {
    const [production, clone] = [there.get(pair.there.oid), here.get(pair.here.oid)];
    if (production === undefined || clone === undefined) continue;
    const same = production.oid === clone.oid;
    made.set(production.oid, { database, there: production, here: clone, same, parent: null, leaves: [] });
  }
  for (const { there: digest } of pairs) {
    const own = made.get(digest.oid);
    const parent = made.get(digest.parent);
    if (own !== undefined && parent !== undefined) own.parent = parent;
  }
  for (const own of made.values())
    for (let above = own.parent; above !== null; above = above.parent) (above.leaves as ShapePair[]).push(own);
  return [...made.values()];
}
