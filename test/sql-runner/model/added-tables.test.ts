import { arrivingOf, followedBy } from '../../../sql-runner/model/added-tables';
import type { PublicationFacts } from '../../../sql-runner/model/observation';
import type { PublicationRows } from '../../../sql-runner/postgres/catalog/publications';
import type { PublishedRows } from '../../../sql-runner/postgres/catalog/published-rows';
import { alteredSince } from '../../../sql-runner/resources/publication-rows';
import { COMPARED, NOTE, OID } from '../support/new-tables';
import { publication } from '../support/observations';

const ROWS: PublishedRows = {
  ...COMPARED,
  name: 'public.newer',
  schema: 'public',
  joined: null,
  indirect: false,
  unlogged: false,
  identified: true,
  defined: 'd',
  keyed: 'k',
  rewritten: [],
};

const rows = (overrides: Partial<PublishedRows> = {}, row = COMPARED.row): PublicationRows => ({
  self: '1 2',
  members: { 'public.newer': row },
  tables: { [OID]: { ...ROWS, ...overrides } },
  types: {},
});

const source = (own: PublicationRows): PublicationFacts =>
  publication('acas_demo_shop', null, { tables: [{ oid: OID, schema: 'public', name: 'newer' }], rows: own } as never);
const copy: PublicationFacts = publication('acas_demo_shop', null, {
  tables: [],
  rows: { self: '1 2', members: {}, tables: {}, types: {} },
});
const compared = { ...NOTE, compared: COMPARED };
const altered = (own: PublicationRows, added: typeof compared | typeof NOTE) =>
  alteredSince(source(own), followedBy(copy, source(own), { added: [added] }));

test('a table that was added is no alteration; without a note it is', () => {
  expect(altered(rows(), NOTE)).toEqual([]);
  expect(altered(rows(), compared)).toEqual([]);
  expect(alteredSince(source(rows()), followedBy(copy, source(rows()), null))).toEqual(['public.newer']);
  expect(alteredSince(source(rows()), followedBy(copy, source(rows()), { added: [{ ...NOTE, oid: 7 }] }))).toEqual([
    'public.newer',
  ]);
});

test.each<[string, PublicationRows, string]>([
  ['taken out and put back', rows({}, `9 ${OID} 800`), 'public.newer'],
  ['written anew', rows({ stored: '7', touched: '7' }), 'public.newer (rows rewritten by ALTER TABLE)'],
  ['given other names of columns', rows({ order: '9' }), 'public.newer (other columns have the names of before)'],
  [
    'renamed and named back',
    rows({ known: '4 9' }),
    'public.newer (renamed, moved to another schema or given to another owner, on either side)',
  ],
])('once it was compared, one that was %s is told; before it is compared anyway', (_, own, told) => {
  expect(altered(own, compared)).toEqual([told]);
  expect(altered(own, NOTE)).toEqual([]);
});

test('one that is not published yet is not missed; one that was compared is', () => {
  const without = { ...source(rows()), tables: [] };
  expect(followedBy(copy, without, { added: [NOTE] })).toBe(copy);
  expect(followedBy(copy, without, { added: [compared] })!.tables).toEqual([
    { oid: OID, schema: 'public', name: 'newer', added: true },
  ]);
  expect(followedBy(null, without, { added: [compared] })).toBeNull();
  expect(followedBy(copy, null, null)).toBe(copy);
});

test('on their way are those that were not compared', () => {
  expect(arrivingOf({ added: [NOTE, { ...compared, oid: 8 }] })).toEqual([NOTE]);
  expect([arrivingOf(null), arrivingOf({})]).toEqual([[], []]);
});
