import type { PublicationRows } from '../../../sql-runner/postgres/catalog/publications';
import { alteredSince, digestOf, resentSince, unloggedOnOneSide } from '../../../sql-runner/resources/publication-rows';
import { edit, publication, type Draft } from '../support/observations';

const COLUMNS = { touched: 't', names: 'n', order: 'o', given: [], defined: 'd', keyed: 'k', rewritten: [] };
const TABLE = {
  ...COLUMNS,
  stored: 's',
  known: '5 10',
  schema: 'public',
  housed: null,
  identified: true,
  indirect: false,
  unlogged: false,
};
/** What rows of the catalog tell of a publication; read from a server in publication-rows.test.ts. */
const THEN: PublicationRows = {
  self: '1 10',
  members: { 'public.orders': '2 3 10' },
  tables: {
    '3': { ...TABLE, name: 'public.orders', joined: null },
    '4': { ...TABLE, name: 'public.part', joined: 'j' },
  },
  types: {
    '6': { name: 'public.tier', kind: 'e', defined: 'd', parts: { '20': ['basic', '5'], '22': ['plus', '5'] } },
    '7': { name: 'public.address', kind: 'c', defined: 'd', parts: { '1': ['street', '5'], '2': ['town', '5'] } },
  },
};
type Rows = Draft<PublicationRows>;
const of = (rows?: PublicationRows) => publication('ours', null, { rows: rows as Rows });
const now = (change: (rows: Rows) => void) => edit(THEN, change);

test.each<[string, (rows: Rows) => void, string[], string[]?]>([
  ['nothing', () => undefined, []],
  ['itself', (rows) => (rows.self = '1 11'), ['the publication itself']],
  ['a table put back', (rows) => (rows.members['public.orders'] = '5 3 11'), ['public.orders']],
  ['a table renamed', (rows) => (rows.members = { 'public.sales': '2 3 10' }), []],
  ['a table that left', (rows) => (rows.members = {}), []],
  ['a part put back', (rows) => (rows.tables['4']!.joined = 'k'), ['public.part (attached)']],
  ['a part that is none any more', (rows) => (rows.tables['4']!.joined = null), []],
  ['a part made since', (rows) => (rows.tables['9'] = { ...rows.tables['4']!, name: 'new' }), []],
  ['a new file', (rows) => (rows.tables['3']!.stored = 'x'), []],
  [
    'a new file of what a publication has by its partitioned table alone',
    (rows) => Object.assign(rows.tables['4']!, { stored: 'x', indirect: true }),
    ['public.part (a partition whose rows are in a new file)'],
    [],
  ],
  ['the file of before', (rows) => Object.assign(rows.tables['4']!, { indirect: true }), []],
  [
    'a new file of such a one, made since',
    (rows) => (rows.tables['9'] = { ...rows.tables['4']!, stored: '10', indirect: true }),
    ['public.part (a partition whose rows are in a new file)'],
    [],
  ],
  [
    'the first file of such a one, made since',
    (rows) => (rows.tables['9'] = { ...rows.tables['4']!, stored: '9', indirect: true }),
    [],
  ],
  ['a column touched', (rows) => (rows.tables['3']!.touched = 'x'), []],
  ['a column added at the end', (rows) => Object.assign(rows.tables['3']!, { names: 'x', order: 'x' }), []],
])('of %s is told what may have been sent otherwise', (_, change, altered, resent = altered) => {
  expect(alteredSince(of(now(change)), of(THEN))).toStrictEqual(altered);
  expect(resentSince(of(now(change)), of(THEN))).toStrictEqual(resent);
  if (altered.length > 0) expect(digestOf(now(change), THEN)).not.toBe(digestOf(THEN, THEN));
});

test.each<[string, (rows: Rows) => void, string]>([
  [
    'rewritten',
    (rows) => Object.assign(rows.tables['3']!, { stored: 'x', touched: 'x' }),
    'rows rewritten by ALTER TABLE',
  ],
  [
    'with columns that exchanged names',
    (rows) => (rows.tables['3']!.order = 'x'),
    'other columns have the names of before',
  ],
])('a table %s: its rows may be others, and nothing of it was sent', (_, change, what) => {
  expect(alteredSince(of(now(change)), of(THEN))).toStrictEqual([`public.orders (${what})`]);
  expect(resentSince(of(now(change)), of(THEN))).toStrictEqual([]);
});

const PUT_BACK = 'public.orders (columns renamed or altered on one side, and put back)';
test('columns altered on one side and put back are told; on both sides, it is one change that both were to get', () => {
  const rewritten = (...columns: string[]) => now((rows) => (rows.tables['3']!.rewritten = columns));
  const told = (source: PublicationRows, clone: PublicationRows) => alteredSince(of(source), of(clone));
  expect([told(rewritten('2 11'), THEN), told(THEN, rewritten('2 11'))]).toStrictEqual([[PUT_BACK], [PUT_BACK]]);
  expect(told(rewritten('2 11', '3 11'), rewritten('2 12'))).toStrictEqual([PUT_BACK]);
  expect(told(rewritten('2 11'), rewritten('2 12'))).toStrictEqual([]);
  const other = edit(rewritten('2 11'), (rows) => (rows.tables['3']!.defined = 'x'));
  expect([told(other, THEN), told(THEN, other)]).toStrictEqual([[], []]);
  const stored = edit(rewritten('2 11'), (rows) => Object.assign(rows.tables['3']!, { stored: 'x', touched: 'x' }));
  expect(told(stored, THEN)).toStrictEqual(['public.orders (rows rewritten by ALTER TABLE)']);
  const digests = [rewritten('2 11'), rewritten('2 12'), rewritten('3 11'), THEN].flatMap((one) => [
    digestOf(one, THEN),
    digestOf(THEN, one),
  ]);
  expect(new Set(digests).size).toBe(7);
  // Attached meanwhile, which writes its columns as well: told as that, and once.
  const attached = edit(rewritten('2 11'), (rows) => (rows.tables['3']!.joined = 'k'));
  expect(told(attached, THEN)).toStrictEqual(['public.orders (attached)']);
  expect(digestOf(rewritten('2 11', '3 11'), THEN)).toBe(digestOf(rewritten('3 11', '2 11'), THEN));
});

const LENT = 'renamed, moved to another schema or given to another owner, on either side';
test('a name that was given away for a while, on either side, is told as long as both have it again', () => {
  const lent = now((rows) => {
    rows.tables['3']!.known = '5 11';
    for (const table of Object.values(rows.tables)) table.housed = '7 12';
  });
  const told = [`public.orders (${LENT})`, 'schema public (renamed, or given other rights, on either side)'];
  for (const [source, inherited] of [[lent, THEN] as const, [THEN, lent] as const]) {
    expect(alteredSince(of(source), of(inherited))).toStrictEqual(told);
    expect(resentSince(of(source), of(inherited))).toStrictEqual([]);
  }
  const away = edit(lent, (rows) => Object.values(rows.tables).forEach((table) => (table.name += '_old')));
  expect([alteredSince(of(away), of(THEN)), alteredSince(of(THEN), of(away))]).toStrictEqual([[], []]);
  const [onSource, onClone, none] = [digestOf(lent, THEN), digestOf(THEN, lent), digestOf(THEN, THEN)];
  expect(new Set([onSource, onClone, none]).size).toBe(3);
  expect(digestOf(lent, lent)).toBe(none);
});

type Parts = Record<string, [string | null, string]>;
const RENAMED = 'public.tier (labels renamed, or put in order, on either side)';
const REFILLED = 'public.address (an attribute dropped and added again on one side)';
test.each<[string, string, (parts: Parts) => void, string[]]>([
  ['labels have their names back', '6', (parts) => (parts['20']![1] = '9'), [`type ${RENAMED}`]],
  ['a label has another name', '6', (parts) => (parts['20'] = ['bronze', '9']), []],
  ['a label is new', '6', (parts) => (parts['24'] = ['gold', '9']), []],
  ['an attribute has another name', '7', (parts) => (parts['2'] = ['city', '9']), []],
  ['an attribute has its name back', '7', (parts) => (parts['2']![1] = '9'), []],
  ['an attribute is gone', '7', (parts) => (parts['2'] = [null, '9']), []],
  [
    'an attribute is another one',
    '7',
    (parts) => Object.assign(parts, { '2': [null, '9'], '3': ['town', '9'] }),
    [`type ${REFILLED}`],
  ],
])('of a type is told what stored values may have read as meanwhile: %s', (_, oid, change, told) => {
  const changed = now((rows) => change(rows.types[oid]!.parts));
  expect([alteredSince(of(changed), of(THEN)), alteredSince(of(THEN), of(changed))]).toStrictEqual([told, told]);
  expect(resentSince(of(changed), of(THEN))).toStrictEqual([]);
  expect(digestOf(changed, THEN) === digestOf(THEN, THEN)).toBe(told.length === 0);
  const again = edit(changed, (rows) =>
    Object.values(rows.types[oid]!.parts as Parts).forEach((part) => (part[1] += '0')),
  );
  if (told.length > 0) expect(digestOf(again, THEN)).not.toBe(digestOf(changed, THEN));
  expect(alteredSince(of(changed), of(changed))).toStrictEqual([]);
});

test('what either side dropped alike, or a type that it has alone, is no alteration of rows', () => {
  const dropped = now((rows) => Object.assign(rows.types['7']!.parts, { '2': [null, '9'], '3': ['town', '9'] }));
  const later = edit(dropped, (rows) => Object.assign(rows.types['7']!.parts, { '2': [null, '11'] }));
  expect(alteredSince(of(dropped), of(later))).toStrictEqual([]);
  expect(alteredSince(of(dropped), of(edit(THEN, (rows) => (rows.types = {}))))).toStrictEqual([]);
});

test('a column that the clone alone was given hid its rows, where the source has it not with the same value', () => {
  const given = edit(THEN, (rows) => (rows.tables['3']!.given = ['a', 'b']));
  expect(alteredSince(of(THEN), of(given))).toStrictEqual([
    'public.orders (whole rows identify it, and the clone was given a column)',
  ]);
  expect(alteredSince(of(given), of(given))).toStrictEqual([]);
  expect(alteredSince(of(given), of(THEN))).toStrictEqual([]);
  const rewritten = now((rows) => Object.assign(rows.tables['3']!, { stored: 'x', touched: 'x' }));
  expect(alteredSince(of(rewritten), of(given))).toStrictEqual(['public.orders (rows rewritten by ALTER TABLE)']);
  const one = edit(THEN, (rows) => (rows.tables['3']!.given = ['a']));
  expect(digestOf(THEN, one)).not.toBe(digestOf(THEN, given));
});

test('a table that is no part of another one was attached to none', () => {
  const part = edit(THEN, (rows) => delete rows.tables['3']);
  expect(alteredSince(of(edit(part, (rows) => (rows.tables['4']!.joined = null))), of(part))).toStrictEqual([]);
});

test('where a side was not read nothing is told, and nothing remembered of it', () => {
  const changed = now((rows) => (rows.self = '1 11'));
  for (const [source, inherited] of [
    [undefined, THEN],
    [changed, undefined],
  ] as const) {
    expect([alteredSince(of(source), of(inherited)), resentSince(of(source), of(inherited))]).toStrictEqual([[], []]);
    expect(digestOf(source, inherited)).toBe(digestOf(THEN, THEN));
  }
  expect([alteredSince(null, of(THEN)), alteredSince(of(changed), null), resentSince(null, null)]).toStrictEqual([
    [],
    [],
    [],
  ]);
});

test('what was compared once is the same in any order, and another one when it is altered once more', () => {
  const changes: ((rows: Rows) => void)[] = [
    (rows) => (rows.self = '1 11'),
    (rows) => (rows.members['public.orders'] = '5 3 11'),
    (rows) => (rows.tables['4']!.joined = 'k'),
    (rows) => Object.assign(rows.tables['3']!, { stored: 'x', touched: 'x' }),
    (rows) => (rows.tables['3']!.order = 'x'),
  ];
  const digests = changes.map((change) => digestOf(now(change), THEN));
  expect(new Set([...digests, digestOf(THEN, THEN)]).size).toBe(6);
  expect(digests.every((digest) => /^[0-9a-f]{32}$/.test(digest))).toBe(true);
  const two = now((rows) => (rows.members = { a: '7 8 9', b: '5 6 9' }));
  const turned = now((rows) => (rows.members = { b: '5 6 9', a: '7 8 9' }));
  expect(digestOf(two, THEN)).toBe(digestOf(turned, THEN));
});

test.each<[string, (rows: Rows) => void, (rows: Rows) => void, string[]]>([
  ['by now', (rows) => (rows.tables['4']!.unlogged = true), () => undefined, ['public.part on the source']],
  ['as it was', (rows) => (rows.tables['4']!.unlogged = true), (rows) => (rows.tables['4']!.unlogged = true), []],
  ['on the clone', () => undefined, (rows) => (rows.tables['4']!.unlogged = true), ['public.part on the clone']],
  [
    'and made as that since',
    (rows) => (rows.tables['9'] = { ...rows.tables['4']!, stored: '9', unlogged: true }),
    () => undefined,
    [],
  ],
  [
    'by now, and made otherwise since',
    (rows) => (rows.tables['9'] = { ...rows.tables['4']!, stored: '10', unlogged: true }),
    () => undefined,
    ['public.part on the source'],
  ],
])('a partition that is unlogged %s', (_, change, before, names) => {
  expect(unloggedOnOneSide(of(now(change)), of(now(before)))).toStrictEqual(names);
});

test('of what is not there nothing is unlogged', () => {
  expect([unloggedOnOneSide(null, of(THEN)), unloggedOnOneSide(of(undefined), null)]).toStrictEqual([[], []]);
});
