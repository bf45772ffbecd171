import { edit, type Draft } from '../support/observations';
import { findingsOf, healthy, type Surveyed } from '../support/surveys';
import { after, columnsOf, contract, sent, type Edit } from './provocations';

const ours = 'acas_demo_shop';
const other = { ...sent, name: 'orders_8' };
const found = (change: Edit) => after(change).map(({ code, severity }) => `${code} ${severity}`);
/** A partition that is published, and on both sides. */
const published =
  (change: (clone: Draft<Surveyed>['target']['databases'][string]) => unknown): Edit =>
  ({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    target.databases.shop!.columns.push(columnsOf());
    change(target.databases.shop!);
  };

test.each<[string, Edit, string[]]>([
  ['ours takes it, among others', published(({ taken }) => void taken.push(taking(other), taking(sent))), []],
  ['ours takes nothing', published(() => undefined), ['TABLE_NOT_SUBSCRIBED block']],
  ['ours takes another', published(({ taken }) => void taken.push(taking(other))), ['TABLE_NOT_SUBSCRIBED block']],
  [
    'ours is one of two and takes nothing',
    published(({ subscriptions }) => void subscriptions.push({ ...subscriptions[0]!, name: 'other' })),
    ['TABLE_NOT_SUBSCRIBED block'],
  ],
  ['none of ours is there yet', published((clone) => (clone.subscriptions = [])), []],
  ["only somebody else's is there", published(({ subscriptions }) => (subscriptions[0]!.name = 'other')), []],
])('a published table of which the subscription should know: %s', (_, change, expected) => {
  expect(found(change)).toEqual(expected);
});

function taking({ schema, name }: typeof sent) {
  return { subscription: ours, schema, name };
}

type Columns = Parameters<typeof columnsOf>;
test.each<[string, Columns, Columns, string, string]>([
  ['lacks a column', [{ name: 'id' }], [], 'block', 'column id is missing'],
  ['has a column of another type', [{ name: 'id' }], [{ name: 'id', type: 'text' }], 'warn', 'is text instead of'],
  ['asks for a column of its own', [], [{ name: 'own', required: true }], 'block', 'column own is only there'],
])('a clone that %s', (_, there, here, severity, seen) => {
  const findings = after(({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    source.databases.shop!.columns.push(columnsOf(...there));
    target.databases.shop!.columns.push(columnsOf(...here));
    target.databases.shop!.taken.push(taking(sent));
  });
  expect(findings).toMatchObject([{ code: 'COLUMNS_DIFFER', severity, seen: expect.stringContaining(seen) }]);
});

test('every difference of a table is told at once', () => {
  const [finding] = after(({ source, target }) => {
    source.databases.shop!.sent.push(sent);
    source.databases.shop!.columns.push(columnsOf({ name: 'id' }, { name: 'note', type: 'text' }));
    target.databases.shop!.columns.push(columnsOf({ name: 'id', type: 'bigint' }));
    target.databases.shop!.taken.push(taking(sent));
  });
  expect(finding!.seen).toContain('column note is missing, column id is bigint instead of integer');
});

test('a database that only one side has, and a side that was not read, is compared with nothing', () => {
  const world = (change: Edit) => edit(healthy(contract), change);
  const send: Edit = ({ source }) => source.databases.shop!.sent.push(sent);
  expect(findingsOf(world((draft) => (send(draft), delete draft.target.databases.shop)))).toEqual([]);
  expect(findingsOf(world((draft) => void delete draft.source.databases.shop))).toEqual([]);
  expect(findingsOf({ ...world(send), source: null })).toEqual([]);
});
