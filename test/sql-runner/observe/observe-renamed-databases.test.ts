import { formatMark } from '../../../sql-runner/model/mark';
import type { World } from '../support/fake-world';
import { INHERITABLE } from '../support/inheritables';
import { movedAside, type Names } from '../support/moved-aside';
import { subscription } from '../support/observations';
import { observedIn } from '../support/observed-world';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

/** Databases of the clone that are known again under another name. */
async function found(change: (world: World) => unknown = () => undefined, names?: Names) {
  const world = movedAside(names);
  change(world);
  return (await observedIn(world)).target!.renamedDatabases;
}

/** Names by oid, on the source and on the clone. */
const named = (source: Record<number, string>, target: Record<number, string>): Names => ({ source, target });
const publicationsOf = ({ observation }: World) => observation.target!.inheritable.publications;

const comment = formatMark(SUBSCRIPTION_MARK);
const own = { name: 'acas_demo_shop', database: 'shop_old', enabled: true, slotName: 'acas_demo_shop', comment };
const shop = { database: 'shop', now: 'shop_old', taken: false, subscriptions: [{ ...own, oid: expect.any(Number) }] };

test('a database is known by its oid and our publication, and its subscriptions of ours are told', async () => {
  expect(await found()).toEqual([shop]);
});

test.each<[string, (world: World) => unknown]>([
  ['without a publication', (world) => (publicationsOf(world).length = 0)],
  ['with publications of others', (world) => (publicationsOf(world)[0]!.comment = null)],
  [
    'with the publication of another environment',
    (world) => {
      publicationsOf(world)[0]!.comment = formatMark({ kind: 'publication', environment: 'other', slot: 's' });
    },
  ],
])('one of that oid %s is not ours', async (_, change) => {
  expect(await found(change)).toBeUndefined();
});

test('publications and subscriptions of others beside ours change nothing, and are not told', async () => {
  const others = (world: World) => {
    publicationsOf(world).unshift({ ...INHERITABLE.publications[0]!, database: 'shop_old' });
    const { subscriptions } = world.observation.target!;
    subscriptions.unshift(subscription('theirs', 'shop_old', { comment: null }));
  };
  expect(await found(others)).toEqual([shop]);
});

test('a name that a database made since has is taken', async () => {
  const taken = named({ 20: 'shop', 21: 'ledger' }, { 20: 'shop_old', 21: 'ledger', 30: 'shop' });
  expect(await found(undefined, taken)).toEqual([{ ...shop, taken: true }]);
});

test.each([
  ['that kept its name', named({ 20: 'shop' }, { 20: 'shop' })],
  ['of another oid', named({ 20: 'shop' }, { 21: 'shop_old' })],
  ['that the environment does not name', named({ 20: 'reports' }, { 20: 'shop_old' })],
])('a database %s is none', async (_, names) => {
  expect(await found(undefined, names)).toBeUndefined();
});
