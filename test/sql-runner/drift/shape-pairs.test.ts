import { pairsOf, shapePairs } from '../../../sql-runner/drift/shape-pairs';
import type { TableDigest } from '../../../sql-runner/postgres/catalog/table-digests';
import { definition } from '../checks/provocations';
import { shape } from '../checks/shape-provocations';

/** A partitioned table, a part of it that is partitioned too, two leaves, and a table beside them. */
const table = (oid: number, name: string, parent: number | null = null): TableDigest => ({
  ...definition,
  schema: 'public',
  oid,
  name,
  parent,
});
const PRODUCTION = [table(1, 'root'), table(2, 'middle', 1), table(3, 'a', 2), table(4, 'b', 2), table(5, 'beside')];
const named = (...names: string[]) => names.map((name) => ({ schema: 'public', name }));
/** Numbers on both sides. */
const paired = (sent: string[], clone: readonly TableDigest[]) =>
  pairsOf(named(...sent), PRODUCTION, clone).map(({ there, here }) => `${there.oid} ${here.oid}`);

test('what is sent is compared by its name, and the tables above it, each once', () => {
  expect(paired(['a', 'b'], PRODUCTION)).toEqual(['3 3', '2 2', '1 1', '4 4']);
  expect(paired(['beside'], [table(9, 'beside'), table(5, 'other')])).toEqual(['5 9']);
  expect(paired([], PRODUCTION)).toEqual([]);
});

test('what one side has not is compared with nothing', () => {
  expect(paired(['a', 'gone'], [table(3, 'a', 2)])).toEqual(['3 3']);
  const detached = [table(3, 'a', 77)];
  expect(pairsOf(named('a'), detached, detached)).toHaveLength(1);
});

test('definitions that were read are put together, with those above and below', () => {
  const here = PRODUCTION.map((one) => ({ ...one, oid: one.name === 'beside' ? 9 : one.oid }));
  const pairs = pairsOf(named('a', 'b', 'beside'), PRODUCTION, here);
  const shapes = (tables: readonly TableDigest[]) => tables.map(({ oid, name }) => shape({ oid, name }));
  const made = shapePairs('shop', pairs, { source: shapes(PRODUCTION), target: shapes(here) });
  const facts = made.map(({ there, here: own, same, parent, leaves }) => [
    there.name,
    own.name,
    same,
    parent?.there.name ?? null,
    leaves.map((leaf) => leaf.there.name).sort(),
  ]);
  expect(new Set(made.map(({ database }) => database))).toEqual(new Set(['shop']));
  expect(facts).toEqual([
    ['a', 'a', true, 'middle', []],
    ['middle', 'middle', true, 'root', ['a', 'b']],
    ['root', 'root', true, null, ['a', 'b', 'middle']],
    ['b', 'b', true, 'middle', []],
    // Another table of that name.
    ['beside', 'beside', false, null, []],
  ]);
});

test('a definition that only one side could read is left out, and those above it stay', () => {
  const pairs = pairsOf(named('a', 'b'), PRODUCTION, PRODUCTION);
  const all = PRODUCTION.map(({ oid, name }) => shape({ oid, name }));
  const without = (...names: string[]) => all.filter(({ name }) => !names.includes(name));
  const made = shapePairs('shop', pairs, { source: without('a', 'root'), target: without('b') });
  expect(made.map(({ there, parent, leaves }) => [there.name, parent, leaves])).toEqual([['middle', null, []]]);
});
