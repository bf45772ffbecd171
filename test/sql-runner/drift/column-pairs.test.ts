import * as fc from 'fast-check';
import { renamedColumns } from '../../../sql-runner/drift/column-pairs';
import type { ColumnShape } from '../../../sql-runner/postgres/catalog/table-shapes';
import { column, pairOf } from '../checks/shape-provocations';

/** Of a table that the clone has under another oid, as `apply` makes it for one that comes later. */

const later = (there: readonly ColumnShape[], here: readonly ColumnShape[], dropped: readonly number[] = []) => ({
  ...pairOf({ columns: there, dropped }, { columns: here }),
  same: false,
});
const named = (...names: string[]) => names.map((name, index) => column(name, { number: index + 1 }));
const renames = (...of: Parameters<typeof later>) =>
  renamedColumns(later(...of)).map(({ from, to }) => `${from.name} ${to.name}`);

test('one name that each side has alone is that of the same column', () => {
  expect(renames(named('id', 'why'), named('id', 'reason'))).toEqual(['reason why']);
  // Whoever made the clone's table by hand may have had another order.
  expect(renames(named('id', 'why', 'at'), named('at', 'reason', 'id'))).toEqual(['reason why']);
});

test.each([
  ['one is dropped, and another added', [named('id', 'b'), named('id', 'a'), [2]] as const],
  ['one was added', [named('id', 'a', 'b'), named('id', 'a')] as const],
  ['two have other names, so which is which nobody knows', [named('id', 'c', 'd'), named('id', 'a', 'b')] as const],
  ['it has another type as well', [[...named('id'), column('b', { type: 'bigint' })], named('id', 'a')] as const],
])('where %s nothing is called a rename', (_, [there, here, dropped]) => {
  expect(renames(there, here, dropped)).toEqual([]);
});

type Step = { readonly kind: 'rename' | 'drop' | 'add'; readonly at: number };
const step = fc.record<Step>({ kind: fc.constantFrom('rename', 'drop', 'add'), at: fc.nat(9) });

test('whatever production does after the copy, what is called a rename was one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 4 }), (count, steps) => {
      // Each column with the name that it was copied under; null: it came later.
      let there: { own: ColumnShape; copied: string | null }[] = named(
        ...Array.from({ length: count }, (_, n) => `c${n}`),
      ).map((own) => ({
        own,
        copied: own.name,
      }));
      const here = there.map(({ own }) => own);
      const dropped: number[] = [];
      steps.forEach(({ kind, at }, n) => {
        const index = at % Math.max(there.length, 1);
        if (kind === 'add')
          there.push({ own: column(`n${n}`, { number: there.length + dropped.length + 1 }), copied: null });
        else if (there[index] !== undefined && kind === 'drop') {
          dropped.push(there[index].own.number);
          there = there.filter((_, place) => place !== index);
        } else if (there[index] !== undefined)
          there = there.map((one, place) => (place === index ? { ...one, own: { ...one.own, name: `r${n}` } } : one));
      });
      const found = renamedColumns(
        later(
          there.map(({ own }) => own),
          here,
          dropped,
        ),
      );
      for (const { from, to } of found) expect(there.find(({ own }) => own.name === to.name)!.copied).toBe(from.name);
    }),
  );
});
