import { streamFacts } from '../../../sql-runner/model/stream-state';
import type { Observation, RenamedDatabase } from '../../../sql-runner/model/observation';
import { streamsOf } from '../../../sql-runner/model/streams';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import {
  findRenamedDatabase,
  planStrayedSubscriptionDrop,
  renamedDatabase,
} from '../../../sql-runner/resources/renamed-database';
import { planRetirement } from '../../../sql-runner/resources/retirement';
import { sourceContract } from '../support/contract';
import { edit, following, subscription } from '../support/observations';

/** A database that has another name on the clone: who reads the finding puts it back with the subscription it holds. */
const contract = sourceContract(['shop', 'ledger']);
const ours = subscription('acas_demo_shop', 'moved', { enabled: true });
const moved = (overrides: Partial<RenamedDatabase> = {}): RenamedDatabase => ({
  database: 'shop',
  now: 'moved',
  taken: false,
  subscriptions: [ours],
  ...overrides,
});
const RENAME = 'ALTER DATABASE "moved" RENAME TO "shop";';
const AWAY = 'give it its name again, while nobody is connected to it';

test.each<[string, Partial<RenamedDatabase>, string, string]>([
  [
    'whose subscription runs on: it is disabled first, for its worker is connected too',
    {},
    'our subscription acas_demo_shop, which reads slot acas_demo_shop',
    `${AWAY}; in database moved on the clone: ALTER SUBSCRIPTION "acas_demo_shop" DISABLE; then in database postgres on the clone: ${RENAME}`,
  ],
  [
    'whose subscription is disabled, without a slot',
    { subscriptions: [{ ...ours, enabled: false, slotName: null }] },
    'our subscription acas_demo_shop, which is disabled, and has slot (none)',
    `${AWAY}, in database postgres on the clone: ${RENAME}`,
  ],
  [
    'with two subscriptions, of which one runs',
    {
      subscriptions: [
        { ...ours, enabled: false },
        { ...ours, name: 'b', slotName: 'c' },
      ],
    },
    'our subscription acas_demo_shop, which is disabled, and has slot acas_demo_shop and our subscription b, which reads slot c',
    `${AWAY}; in database moved on the clone: ALTER SUBSCRIPTION "b" DISABLE; then in database postgres on the clone: ${RENAME}`,
  ],
  [
    'without a subscription, and another one has its name',
    { taken: true, subscriptions: [] },
    'no subscription of ours; a database that was made there since has its name',
    `${AWAY}, in database postgres on the clone: ALTER DATABASE "shop" RENAME TO "shop_aside"; ${RENAME}`,
  ],
])('a database %s', (_, overrides, holds, next) => {
  expect(findRenamedDatabase(moved(overrides))).toMatchObject({
    code: 'DATABASE_RENAMED',
    severity: 'block',
    seen: `database shop of the source is named moved on the clone, with ${holds}`,
    next,
  });
});

test.each([
  [{ database: 'postgres' }, 'ALTER DATABASE "moved" RENAME TO "postgres";'],
  [{ now: 'postgres' }, 'ALTER DATABASE "postgres" RENAME TO "shop";'],
])('%j is renamed from a database that keeps its name', (overrides, rename) => {
  const { next } = findRenamedDatabase(moved({ ...overrides, subscriptions: [] }));
  expect(next).toBe(`${AWAY}, in database template1 on the clone: ${rename}`);
});

/** What is there of such a clone: the database by its name is not. */
const strayed = (one = moved()): Observation =>
  edit(following(contract), (draft) => {
    const { shop, ...others } = draft.target!.databases;
    const gone = { ...shop!, exists: false, publications: [], heartbeats: [] };
    gone.streams = { acas_demo_shop: { subscription: null, originProgress: null } };
    draft.target!.databases = { ...others, shop: gone };
    draft.target!.subscriptions = draft.target!.subscriptions.filter(({ database }) => database !== 'shop');
    Object.assign(draft.target!, { renamedDatabases: [one] });
  });

test('only a stream of that database is said to be elsewhere, and nothing else is said of it or planned for it', () => {
  const { target } = strayed();
  const found = streamsOf(contract).map((of) => renamedDatabase(target, of)?.now ?? null);
  expect(found).toEqual(['moved', null]);
  expect(renamedDatabase(null, streamsOf(contract)[0]!)).toBeNull();
  const { changes, findings } = planApply(contract, strayed());
  expect([changes, findings.map(({ code }) => code)]).toEqual([[], ['DATABASE_RENAMED']]);
});

test('teardown and reset drop its subscription where it is by now, and none of a database that no stream is of', () => {
  const ids = (one: RenamedDatabase) =>
    planStrayedSubscriptionDrop(contract, strayed(one).target!).changes.map(({ id, preview }) => [id, preview.at(-1)]);
  expect(ids(moved())).toEqual([['target/moved/subscription/acas_demo_shop', 'DROP SUBSCRIPTION "acas_demo_shop";']]);
  expect(ids(moved({ database: 'of_nobody' }))).toEqual([]);
  expect(planStrayedSubscriptionDrop(contract, following(contract).target!).changes).toEqual([]);
  const retired = planRetirement(contract, strayed(), streamFacts(contract, strayed())).changes.map(({ id }) => id);
  expect(retired).toContain('target/moved/subscription/acas_demo_shop');
});
