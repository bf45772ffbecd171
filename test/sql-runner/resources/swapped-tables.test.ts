import type { StreamFacts } from '../../../sql-runner/model/stream-state';
import { swappedTables, swappedWords } from '../../../sql-runner/resources/swapped-tables';

type Members = Record<string, string>;
/** A stream by what its publication names on the source, and what the clone's copy of that names. */
const between = (source: Members, clone: Members) =>
  swappedTables({ tables: [] }, {
    stream: { publication: 'acas_demo_shop' },
    publication: { rows: { members: source, tables: {} } },
    inherited: { rows: { members: clone, tables: {} } },
  } as unknown as StreamFacts);

const CLONED = { 'public.reviews': '7 100 3', 'public.orders': '8 101 3' };
test.each<[string, Members, string[]]>([
  ['names what it named', CLONED, []],
  ['was given a table back', { ...CLONED, 'public.reviews': '9 100 5' }, []],
  ['names another table of that name', { ...CLONED, 'public.reviews': '9 200 5' }, ['public.reviews']],
  ['names one less', { 'public.orders': '8 101 3' }, []],
  ['names it by another name', { 'public.orders': '8 101 3', 'public.old': '7 100 3' }, []],
  [
    'names both, as a renamed one is told by its number',
    { ...CLONED, 'public.reviews': '9 200 5', 'public.old': '7 100 3' },
    [],
  ],
  ['names one that was made since', { ...CLONED, 'public.later': '9 200 5' }, []],
])('a publication %s', (_, source, swapped) => {
  expect(between(source, CLONED)).toEqual(swapped.map((here) => ({ here, there: undefined })));
});

test('what became of the table that was cloned is said where it is known', () => {
  const words = (there: string | null | undefined) => swappedWords('shop', { here: 'public.a', there });
  expect([words('public.b'), words(null), words(undefined)].map((said) => /cloned (.*)$/.exec(said)![1])).toEqual([
    'is public.b now',
    'was dropped',
    'is not in the publication any more',
  ]);
});
