import { edit, type Draft } from '../support/observations';
import { findingsOf, healthy, type Surveyed } from '../support/surveys';
import { FIRES_ON_SHAPES } from './fires-on-shapes';
import { after, definition, contract, sent, unconnected, type Edit } from './provocations';

const ours = 'acas_demo_shop';
const other = { ...sent, name: 'orders_8' };
const found = (change: Edit) => after(change).map(({ code, severity }) => `${code} ${severity}`);
/** A partition that is published, and on both sides. */
const published =
  (change: (clone: Draft<Surveyed>['target']['databases'][string]) => unknown): Edit =>
  ({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    target.databases.shop!.definitions.push(definition);
    change(target.databases.shop!);
  };

test.each<[string, Edit, string[]]>([
  ['ours takes it, among others', published(({ taken }) => void taken.push(taking(other), taking(sent))), []],
  ['ours takes nothing', published(() => undefined), ['TABLE_NOT_SUBSCRIBED block']],
  [
    'ours copies it still',
    published(({ taken }) => void taken.push({ ...taking(sent), state: 'd' })),
    ['TABLE_NOT_COPIED block'],
  ],
  ['ours takes another', published(({ taken }) => void taken.push(taking(other))), ['TABLE_NOT_SUBSCRIBED block']],
  [
    'ours is one of two and takes nothing',
    published(
      ({ subscriptionOptions: subscriptions }) => void subscriptions.push({ ...subscriptions[0]!, name: 'other' }),
    ),
    ['TABLE_NOT_SUBSCRIBED block'],
  ],
  ['none of ours is there yet', published((clone) => (clone.subscriptionOptions = [])), []],
  [
    "only somebody else's is there",
    published(({ subscriptionOptions: subscriptions }) => (subscriptions[0]!.name = 'other')),
    [],
  ],
])('a published table of which the subscription should know: %s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

function taking({ schema, name }: typeof sent) {
  return { subscription: ours, table: 700, schema, name, state: 'r' };
}

test('a database that only one side has, and a side that was not read, is compared with nothing', () => {
  const world = (change: Edit) => edit(healthy(contract), change);
  const send: Edit = ({ source }) => source.databases.shop!.sent.push(sent);
  expect(findingsOf(world((draft) => (send(draft), delete draft.target.databases.shop)))).toEqual([]);
  expect(findingsOf(world((draft) => void delete draft.source.databases.shop))).toEqual([]);
  expect(findingsOf({ ...world(send), source: null })).toEqual([]);
  // Which tables there are is known where their definitions could not be read.
  const unread = findingsOf({ ...world(send), shapes: undefined });
  expect(unread.map(({ code }) => code)).toEqual(['TABLE_NOT_ON_CLONE']);
});

/** Of these it is known which tables there are, and where. */
const OF_NAMES = /^(TABLE_(RENAMED|SWAPPED|DROPPED_ON_SOURCE|UNLOGGED_SINCE|UNLOGGED_ON_CLONE)|PARTITION_.*)$/;
test.each(FIRES_ON_SHAPES.filter(([code]) => OF_NAMES.test(code)))(
  '%s (%s) is told as well where no definition could be read',
  (code, _, change) => {
    const unread = findingsOf({ ...edit(healthy(contract), change), shapes: undefined });
    expect(unread.map((finding) => finding.code)).toEqual([code]);
  },
);

test('a published table that the clone has under another name is not missing there', () => {
  const renamed: Edit = ({ source, target }) => {
    source.databases.shop!.sent.push(sent, other);
    source.databases.shop!.definitions.push(definition, { ...definition, ...other, oid: 7 });
    target.databases.shop!.definitions.push({ ...definition, name: 'former' });
  };
  const told = after(renamed).map(({ code, seen }) => `${code} ${/\S+\.orders_\d/.exec(seen)![0]}`);
  expect(told.sort()).toEqual(['TABLE_NOT_ON_CLONE parts.orders_8', 'TABLE_RENAMED parts.orders_9']);
});

/** Its partitioned table on the clone, if it is there, and what else is. */
const onClone =
  (...names: readonly ('parent' | 'default')[]): Edit =>
  ({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    const parent = { ...definition, oid: 7, schema: 'public', name: 'orders' };
    const rest = { ...definition, oid: 8, name: 'orders_rest', parent: 7, bound: 'DEFAULT' };
    // Neither one of another table says anything, nor another partition.
    const others = [
      { ...rest, oid: 10, name: 'lines_rest', parent: 9 },
      { ...rest, oid: 11, name: 'orders_1', bound: 'FOR VALUES IN (1)' },
    ];
    target.databases.shop!.definitions.push(...others, ...names.map((name) => (name === 'parent' ? parent : rest)));
  };
const MADE = 'CREATE TABLE "parts"."orders_9" PARTITION OF "public"."orders" FOR VALUES IN (9);';
const APART = 'CREATE TABLE "parts"."orders_9" (LIKE "public"."orders" INCLUDING ALL EXCLUDING IDENTITY);';

test.each<[string, Edit[], RegExp, string]>([
  ['nothing is in its way', [onClone('parent')], /by hand, the stream then goes on/, MADE],
  [
    'its parent is not there either',
    [onClone()],
    /by hand, first make public\.orders there .*; the stream then goes/,
    MADE,
  ],
  ['the default partition may hold its rows', [onClone('parent', 'default')], /by hand, its default partition/, APART],
  ['no stream waits for it', [unconnected, onClone('parent')], /^in database shop on the clone: CREATE/, MADE],
  [
    'no stream waits for it, and the default partition may hold its rows',
    [unconnected, onClone('parent', 'default')],
    /^if the server refuses it for rows of the default partition, .*; else, in database shop on the clone: CREATE/,
    MADE,
  ],
])('a partition that the clone lacks is made there: %s', (_, changes, begins, statement) => {
  const missing = after((world) => changes.forEach((change) => change(world))).filter(
    ({ code }) => code === 'TABLE_NOT_ON_CLONE',
  );
  expect(missing.map(({ next }) => next)).toEqual([expect.stringMatching(begins)]);
  expect(missing[0]!.next.endsWith(`in database shop on the clone: ${statement}`)).toBe(true);
});
