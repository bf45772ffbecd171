import type { Observation } from '../../../../sql-runner/model/observation';
import { streamOf, streamsOf } from '../../../../sql-runner/model/streams';
import { planFor } from '../../../../sql-runner/plan/plan-for';
import { findCopySlots, planCopySlotsDrop } from '../../../../sql-runner/resources/fresh-clone/copy-slots';
import { sourceContract } from '../../support/contract';
import { type Draft, edit, following, slot, ticketed } from '../../support/observations';

/**
 * A slot for the copy of a table is dropped, or said how to drop, only where nobody else can have made it. The
 * statements are carried out on a server in fresh-clone/live-copy-slots.test.ts.
 */
const contract = sourceContract(['shop', 'ledger']);
const streams = streamsOf(contract);
/** Of acas_demo_shop, as observed() numbers them; acas_demo_ledger has 16501. */
const OURS = 'pg_16500_sync_17000_7400000000000000001';
const GONE = 'pg_99999_sync_17000_7400000000000000001';

type Change = (draft: Draft<Observation>) => void;
const both =
  (...changes: Change[]): Change =>
  (draft) =>
    changes.forEach((change) => change(draft));
const left =
  (name: string, overrides: Parameters<typeof slot>[2] = {}): Change =>
  ({ source }) =>
    source.slots.push(slot(name, 'shop', overrides));
/** As the clone lists it, and as its stream has it. */
const ours = ({ target }: Draft<Observation>, database = 'shop', name = 'acas_demo_shop') =>
  target === null
    ? []
    : [
        target.subscriptions.find((one) => one.name === name),
        target.databases[database]!.streams[name]!.subscription,
      ].filter((one) => one != null);
const observed = (change: Change, observation = following(contract)) =>
  edit(observation, (draft) => {
    for (const [at, { database, stream }] of streams.entries())
      ours(draft, database, stream.subscription).forEach((one) => (one.oid = 16500 + at));
    change(draft);
  });
const copying =
  (subscription: string, table: number, state = 'd'): Change =>
  ({ target }) =>
    Object.assign(target!.databases.shop!, {
      taken: [
        { subscription: 'other', table: 2, schema: 'public', name: 'other', state: 'd' },
        { subscription, table, schema: 'public', name: 'orders', state },
      ],
    });
const forgotten = (name: string) =>
  streamOf('shop', { publication: name, slot: name, subscription: name, selection: { kind: 'all' as const } });
const noClone: Change = (draft) => (draft.target = null);
const foreign: Change = (draft) => ours(draft).forEach((one) => (one.comment = null));

const DROP = /^it is of no use .*, in database shop on the source: SELECT pg_drop_replication_slot/;
const ASK = /^ask who subscribes to database (shop|else)/;
const WAIT = /^nothing while the copy goes on.* sql-runner doctor demo says/;
const told = (observation: Observation, ends = false) =>
  findCopySlots(contract, observation, streams, ends).map(({ seen, next }) => {
    const what = [DROP, ASK, WAIT].find((advice) => advice.test(next));
    return [/nobody reads it; (.*)$/.exec(seen)![1], what];
  });

test.each<[string, Change, string, RegExp]>([
  ['of ours, done', left(OURS), 'that is acas_demo_shop, which needs it no more', DROP],
  [
    'of ours, still to be copied',
    both(left(OURS), copying('acas_demo_shop', 17000)),
    'which has not copied the table yet',
    WAIT,
  ],
  ['of ours, copied', both(left(OURS), copying('acas_demo_shop', 17000, 'r')), 'which needs it no more', DROP],
  [
    'of ours, another table being copied',
    both(left(OURS), copying('acas_demo_shop', 17001)),
    'which needs it no more',
    DROP,
  ],
  [
    'of ours, another one copying the table',
    both(left(OURS), copying('another', 17000)),
    'which needs it no more',
    DROP,
  ],
  ['of none', left(GONE), 'no subscription of the clone has it, and nobody else has a slot in the database', DROP],
  ['of a subscription that is not ours', both(left(OURS), foreign), 'has that oid and is not ours', ASK],
  ['of one in another database', left('pg_16501_sync_17000_1'), 'acas_demo_ledger of the clone has that oid', ASK],
  ['beside a slot of others', both(left(GONE), left('dms')), 'others have slots in the database as well', ASK],
  ['in another database', left(GONE, { database: 'else' }), 'the database is not of this environment', ASK],
  ['without a clone', both(left(OURS), noClone), 'no clone was looked at', ASK],
])('a slot for a copy, %s', (_, change, whose, advice) => {
  const [[seen, next], ...others] = told(observed(change)) as [[string, RegExp | undefined]];
  expect(others).toEqual([]);
  expect(seen).toContain(whose);
  expect(next).toBe(advice);
});

test.each<[string, Change]>([
  ['a slot of another plugin', left('dms', { plugin: 'test_decoding' })],
  ['a temporary one', left('passing', { temporary: true })],
  ['one of another database', left('dms', { database: 'ledger' })],
  ['another copy', left('pg_99998_sync_17000_1', { active: true })],
  [
    'the slot of a stream that is forgotten',
    both(left('old'), ({ source }) => source.forgotten.push(forgotten('old'))),
  ],
])('%s is nobody who could have made it', (_, change) => {
  expect(told(observed(both(left(GONE), change)))).toEqual([[expect.stringContaining('nobody else has a slot'), DROP]]);
});

test.each<[string, Change]>([
  ['is read', left(OURS, { active: true })],
  ['is temporary', left(OURS, { temporary: true })],
  ['is of another plugin', left(OURS, { plugin: 'test_decoding' })],
  ['is physical', left(OURS, { database: null })],
  ['has another name', left('pg_16500_sync_17000')],
  ['has another name before it', left(`x${OURS}`)],
  ['has another name behind it', left(`${OURS}x`)],
])('a slot that %s is not told of', (_, change) => {
  expect(told(observed(change))).toEqual([]);
});

test('without our own slot and a clone, an end of all streams leaves nobody who could want it', () => {
  const nobody = 'nobody but this environment has a slot in the database';
  const without: Change = ({ source }) => (source.slots = []);
  expect(told(observed(both(without, left(OURS)), ticketed(contract)))).toEqual([[nobody, DROP]]);
  expect(told(observed(left(OURS), ticketed(contract)), true)).toEqual([[nobody, DROP]]);
});

const drops = (change: Change, of = streams) => {
  const { changes } = planCopySlotsDrop(contract, observed(change), of);
  return changes.map(({ id, operation, preview }) => [id, operation, /^SELECT \w+\('(.*)'\);/.exec(preview[0]!)![1]]);
};

test('what ends our subscriptions drops what they had left, and tells of the rest only', () => {
  const place = { side: 'source', database: 'shop' };
  const dropped = [`source/shop/copy-slot/${OURS}`, { kind: 'drop-slot', place, slot: OURS }, OURS];
  expect(drops(both(left(OURS), left(GONE)))).toEqual([dropped]);
  expect(drops(left(OURS, { active: true }))).toEqual([dropped]);
  expect(told(observed(both(left(OURS), left(GONE))), true)).toHaveLength(1);
  expect(told(observed(left(OURS)), true)).toEqual([]);
  const renamed: Change = ({ target }) => {
    target!.subscriptions[0]!.name = 'another';
    target!.databases.shop!.streams.acas_demo_shop!.subscription = null;
  };
  expect(drops(both(left(OURS), renamed))).toEqual([dropped]);
});

test.each(['teardown', 'reset'] as const)('a %s drops them, and tells of those of others alone', (mode) => {
  const { changes, findings } = planFor(mode, contract, observed(both(left(OURS), left(GONE))));
  expect(changes.filter(({ id }) => id.includes('copy-slot')).map(({ id }) => id)).toEqual([
    `source/shop/copy-slot/${OURS}`,
  ]);
  expect(findings.filter(({ code }) => code === 'TABLE_COPY_SLOT_LEFT').map(({ seen }) => seen)).toEqual([
    expect.stringContaining(GONE),
  ]);
});

test.each<[string, Change]>([
  ['no clone is looked at', both(left(OURS), noClone)],
  ['the clone is production by another address', both(left(OURS), ({ target }) => (target!.isSourceServer = true))],
  ['others have a slot there', both(left(OURS), left('dms'))],
  ['the subscription is not ours', both(left(OURS), foreign)],
  ['the subscription is of another database', left('pg_16501_sync_17000_1')],
  ['it is in the wrong database', left('pg_16500_sync_17000_1', { database: 'ledger' })],
])('no slot for a copy is dropped where %s', (_, change) => {
  expect(drops(change)).toEqual([]);
});

test('what is of a stream that stays is not dropped with the others', () => {
  const ledger = streams.filter(({ database }) => database === 'ledger');
  expect(drops(left(OURS), ledger)).toEqual([]);
});
