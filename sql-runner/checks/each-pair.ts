import type { ShapePair } from '../model/survey';
import type { Found } from './check';
import type { DatabaseShapes, Scope } from '../model/survey';

/** Looks at every pair of tables whose definitions may differ, in all databases. */
export function eachPair(
  { shapes }: Pick<Scope, 'shapes'>,
  look: (pair: ShapePair, shapes: DatabaseShapes) => Found[],
): Found[] {
  return Object.values(shapes ?? {}).flatMap((both) => both.pairs.flatMap((pair) => look(pair, both)));
}
