import { sourceContract, stream } from '../support/contract';
import { edit } from '../support/observations';
import { findingsOf, healthy } from '../support/surveys';
import { after, foreignKey, leaf, unconnected, type Edit } from './provocations';

const LINES = { schema: 'public', name: 'lines' };
const ORDERS = foreignKey.referenced;
const tables = (...all: (typeof LINES)[]) => ({ kind: 'tables' as const, tables: all });

/** Public.lines references public.orders, and both are taken. */
test.each<[string, Edit, string[]]>([
  ['by one stream', () => undefined, []],
  [
    'by a stream each, of which one may truncate what the other has',
    ({ contract: { links } }) => {
      links[0]!.streams = [stream('shop', tables(LINES)), stream('more', tables(ORDERS))];
    },
    ['TRUNCATE_STOPS_APPLY'],
  ],
  [
    'by a stream each, whichever comes first',
    ({ contract: { links } }) => {
      links[0]!.streams = [stream('shop', tables(ORDERS)), stream('more', tables(LINES))];
    },
    ['TRUNCATE_STOPS_APPLY'],
  ],
  [
    'by what the environment selects no longer: which stream has them is not known',
    ({ contract: { links } }) => {
      links[0]!.streams = [stream('shop', tables(ORDERS))];
    },
    [],
  ],
  [
    'the one referenced by what the environment selects no longer',
    ({ contract: { links } }) => {
      links[0]!.streams = [stream('shop', tables(LINES))];
    },
    [],
  ],
])('a foreign key between tables that are taken %s', (_, change, expected) => {
  const world = edit(healthy(sourceContract(['shop'])), (draft) => {
    change(draft);
    const shop = draft.target.databases.shop!;
    shop.subscriptionOptions = shop.subscriptionOptions.slice(0, 1);
    shop.foreignKeys.push({ ...foreignKey, unlogged: false });
    shop.taken = [LINES, ORDERS].map((table) => ({ ...table, subscription: 'acas_demo_shop', table: 700, state: 'r' }));
  });
  const found = findingsOf(world).filter(({ code }) => code === 'TRUNCATE_STOPS_APPLY');
  expect(found.map(({ code }) => code)).toEqual(expected);
});

test('what a trigger has done is not put right by apply: the advice says so, once rows have arrived', () => {
  const trigger: Edit = ({ target }) =>
    target.databases.shop!.triggers.push({
      ...leaf,
      table: 'orders_1',
      name: 'Mask',
      mode: 'replica',
      beforeRow: true,
    });
  const [follows] = after(trigger);
  expect(follows).toMatchObject({ severity: 'block', standing: true });
  expect(follows!.next).toMatch(
    /^rows that it has left out or changed stay so: sql-runner verify demo finds them, and says what to do; to /,
  );
  const [before] = after((world) => (trigger(world), unconnected(world)));
  expect(before).toMatchObject({
    severity: 'warn',
    next: expect.stringMatching(/^to let it fire for local writes only/),
  });
});
