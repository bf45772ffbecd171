import type { Finding } from '../engine/change';
import type { Scope } from './check';
import type { ShapePair } from './shape-pairs';
import type { DatabaseShapes } from './survey';

/** Looks at every pair of tables whose definitions may differ, in all databases. */
export function eachPair({ shapes }: Scope, look: (pair: ShapePair, shapes: DatabaseShapes) => Finding[]): Finding[] {
  return Object.values(shapes ?? {}).flatMap((both) => both.pairs.flatMap((pair) => look(pair, both)));
}
