import type { ColumnShape, TableShape } from '../../../sql-runner/postgres/catalog/table-shapes';
import { after } from './provocations';
import { column, differing, pairOf } from './shape-provocations';

type Facts = Partial<ColumnShape>;
type Pair = ReturnType<typeof pairOf>;
const told = (pair: Pair) =>
  after(differing(pair))
    .filter(({ code }) => code === 'ADDED_VALUES_DIFFER')
    .map(({ seen }) => / was (.*)$/.exec(seen)![1]);
const both = (
  there: Facts,
  here: Facts,
  tables: [Partial<TableShape>?, Partial<TableShape>?] = [],
  more?: Partial<Pair>,
) => pairOf({ columns: [column('a', there)], ...tables[0] }, { columns: [column('a', here)], ...tables[1] }, more);

/** A column that has got another number there: it was dropped, and added again. */
const AGAIN = { number: 2 };
const WITHOUT = 'with no value that is kept beside the rows';
const SOURCE = 'on the source, and has the values of before on the clone';
const CLONE = 'on the clone, and has the values of before on the source';
test.each<[string, Pair, string[]]>([
  ['as it was', both({}, {}), []],
  [
    'dropped and added again on the source',
    both(AGAIN, {}, [{ dropped: [1] }]),
    [`dropped and added again ${WITHOUT} ${SOURCE}`],
  ],
  [
    'dropped and added again with a value',
    both({ ...AGAIN, missing: '5' }, {}, [{ dropped: [1] }]),
    [`dropped and added again with 5 ${SOURCE}`],
  ],
  [
    'dropped and added again on the clone',
    both({}, { ...AGAIN, missing: '6' }, [{}, { dropped: [1] }]),
    [`dropped and added again with 6 ${CLONE}`],
  ],
  [
    'dropped and added again on both sides, to nothing',
    both(AGAIN, { number: 3 }, [{ dropped: [1, 3] }, { dropped: [1, 2] }]),
    [],
  ],
  ['of another number, which nobody dropped', both(AGAIN, {}), []],
  [
    'computed again',
    both({ ...AGAIN, generated: 's', expression: 'b' }, { generated: 's', expression: 'b' }, [{ dropped: [1] }]),
    [],
  ],
  ['of another table', both(AGAIN, {}, [{ dropped: [1] }], { same: false }), []],
])('a column that is %s', (_, pair, expected) => {
  expect(told(pair)).toEqual(expected);
});

const ANEW = { file: 99 };
test.each<[string, Pair, string[]]>([
  ['the same value', both({ missing: '1' }, { missing: '1' }), []],
  ['a value each', both({ missing: '1' }, { missing: '2' }), ['added with 1 on the source and with 2 on the clone']],
  [
    'a value each, in rows that were written anew',
    both({ missing: '1' }, { missing: '2' }, [ANEW]),
    ['added with 1 on the source and with 2 on the clone'],
  ],
  [
    'a value on the source alone',
    both({ missing: '1' }, {}),
    ['added with 1 on the source and with NULL on the clone'],
  ],
  ['a value on the clone alone', both({}, { missing: '2' }), ['added with NULL on the source and with 2 on the clone']],
  ['a value on one side, in rows that the other has written anew', both({ missing: '1' }, {}, [{}, ANEW]), []],
  ['a value on the clone, in rows that the source has written anew', both({}, { missing: '2' }, [ANEW]), []],
  ['a value on one side, of another table', both({ missing: '1' }, {}, [], { same: false }), []],
])('a column that was added on both sides with %s', (_, pair, expected) => {
  expect(told(pair)).toEqual(expected);
});

test('a column that the clone lacks has no values to compare', () => {
  expect(told(pairOf({ columns: [column('a', { missing: '1' })] }, {}))).toEqual([]);
});
