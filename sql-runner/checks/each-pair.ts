import type { Finding } from '../model/change';
import type { ShapePair } from '../model/survey';
import type { DatabaseShapes, Scope } from '../model/survey';

/** Looks at every pair of tables whose definitions may differ, in all databases. */
export function eachPair({ shapes }: Scope, look: (pair: ShapePair, shapes: DatabaseShapes) => Finding[]): Finding[] {
  return Object.values(shapes ?? {}).flatMap((both) => both.pairs.flatMap((pair) => look(pair, both)));
}
