import { type Plan } from '../../../sql-runner/model/plan';
import { rememberingUpdates, rememberUpdates } from '../../../sql-runner/execute/remember-updates';
import { formatMark, ownMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import { executing } from '../support/executing';
import { newWorld, sqlError, type World } from '../support/fake-world';
import { following, NONCE, SEED, subscription } from '../support/observations';

const ONE = '2026-01-01T00:00:00.000000Z';
const OTHER = '2026-01-02T00:00:00.000000Z';
const AT = '2026-01-02T03:04:05.000Z';
const BEFORE = { since: ONE, at: '2026-01-01T03:04:05.000Z' };
const MARK = { kind: 'subscription', environment: 'demo', nonce: NONCE, seedLsn: SEED, secretVersion: 'v' } as const;
const mark = (updates?: number, counts: SubscriptionMark['counts'] = BEFORE) =>
  formatMark({ ...MARK, ...(updates === undefined ? {} : { updates, counts }) });

const COUNT = "tuples_updated('pg_subscription'::regclass)";

/** Streams that follow, on servers that count so many updates, which each mark remembers as they are given. */
function counting(now: number | null, remembered: Partial<Record<string, number>> = {}): World {
  const world = newWorld(following);
  Object.assign(world.observation.target!, { subscriptionUpdates: now, counting: { since: ONE, at: AT } });
  for (const one of world.observation.target!.subscriptions) one.comment = mark(remembered[one.database]);
  // What others have is read before ours.
  world.observation.target!.subscriptions.unshift(subscription('another', 'shop', { enabled: true, comment: mark() }));
  return world;
}

const planned = (...ids: string[]): Plan => ({
  mode: 'apply',
  environment: 'demo',
  changes: ids.map((id) => {
    const [side, ...parts] = id.split('/');
    return { id, address: { side, kind: parts.at(-2) } };
  }) as unknown as Plan['changes'],
  findings: [],
  nextStep: null,
  fingerprint: 'f',
});

/** What each mark remembers now, where it was written. */
const written = ({ log }: World): string[] =>
  log.flatMap((line) => {
    const found = /^target (\w+): COMMENT ON SUBSCRIPTION "?(\w+)"? IS '(.*)'$/.exec(line);
    return found === null ? [] : [`${found[1]} ${found[2]} ${ownMark(found[3]!, 'subscription', 'demo')!.updates}`];
  });
const flushes = ({ log }: World) => log.filter((line) => line.includes('pg_stat_force_next_flush'));

async function remembered(world: World, plan: Plan, proven = true): Promise<string[]> {
  await executing(world, (execution) => rememberUpdates(execution, plan, proven));
  return written(world);
}

const BOTH = ['shop acas_demo_shop 7', 'ledger acas_demo_ledger 7'];

test.each([
  ['subscription', 'target/shop/subscription/acas_demo_shop'],
  ['its being enabled', 'target/shop/subscription-enabled/acas_demo_shop'],
  ['read-only fence', 'target/ledger/read-only-fence/acas_demo_ledger'],
  ['comparison of rows', 'target/shop/continuity/acas_demo_shop'],
])('a run that altered a %s remembers the count for every stream, once it is written down', async (_, id) => {
  const world = counting(7, { shop: 7, ledger: 3 });
  expect(await remembered(world, planned('source/shop/publication/acas_demo_shop', id))).toEqual(BOTH);
  expect(flushes(world)).toEqual([
    'target shop: SELECT pg_stat_force_next_flush()',
    'target ledger: SELECT pg_stat_force_next_flush()',
  ]);
  const asked = world.log.findIndex((line) => line.includes(COUNT));
  expect(world.log.findLastIndex((line) => line.includes('pg_stat_force_next_flush'))).toBeLessThan(asked);
});

test('a server of before 15 cannot be told to write its counts down, and is not asked for them', async () => {
  const world = counting(7);
  world.observation.target!.server.versionNum = 140_012;
  expect(await remembered(world, planned('target/shop/subscription/acas_demo_shop'))).toEqual([]);
  expect(flushes(world)).toEqual([]);
  world.observation.target!.server.versionNum = 150_000;
  expect(await remembered(world, planned('target/shop/subscription/acas_demo_shop'))).toEqual(BOTH);
  expect(flushes(world)).toHaveLength(2);
});

test.each<[string, Partial<Record<string, number>>, string[]]>([
  ['is known, it stays: what was done since is somebody else’s doing', { shop: 7, ledger: 3 }, []],
  ['is not known, it is written', { ledger: 7 }, ['shop acas_demo_shop 7']],
  [
    'is higher than the server’s, which began anew, it stays: what nobody could look at may be told yet',
    { shop: 8, ledger: 7 },
    [],
  ],
])('where a run altered no subscription, and the count %s', async (_, before, expected) => {
  const world = counting(7, before);
  // On the source, of a database and an environment with names that mislead.
  expect(await remembered(world, planned('source/target/slot/acas_subscription_target'))).toEqual(expected);
  expect(flushes(world)).toEqual([]);
});

test.each<[string, (world: World) => unknown]>([
  ['there is no clone', ({ contracts }) => Object.assign(contracts, { target: null })],
  ['the server does not count', ({ observation }) => (observation.target!.subscriptionUpdates = null)],
  [
    'no stream is at work',
    ({ observation }) => observation.target!.subscriptions.forEach((one) => (one.enabled = false)),
  ],
  ['no stream is ours', ({ observation }) => observation.target!.subscriptions.forEach((one) => (one.comment = null))],
])('nothing is remembered while %s', async (_, change) => {
  const world = counting(7);
  change(world);
  expect(await remembered(world, planned('target/shop/subscription/acas_demo_shop'))).toEqual([]);
});

test('nothing is asked where no mark could remember it', async () => {
  const world = counting(7);
  world.observation.target!.subscriptions = [];
  await remembered(world, planned('target/shop/subscription/acas_demo_shop'));
  expect(flushes(world)).toEqual([]);
  expect(world.log.filter((line) => line.includes(COUNT))).toEqual([]);
});

/** Which count each mark remembers now, and whether it was looked at what was done before. */
const remembers = ({ log }: World) =>
  log.flatMap((line) => {
    const [, text] = /^target \w+: COMMENT ON SUBSCRIPTION "?\w+"? IS '(.*)'$/.exec(line) ?? [];
    return text === undefined ? [] : [ownMark(text, 'subscription', 'demo')!.counts];
  });

test('which count it is, and when, is remembered with it; and of a run that altered none, where it was not yet', async () => {
  const altering = counting(7, { shop: 7, ledger: 3 });
  await remembered(altering, planned('target/shop/subscription/acas_demo_shop'));
  const known = { since: ONE, at: AT, own: 0 };
  expect(remembers(altering)).toEqual([known, known].map((one) => ({ ...one, altering: true })));
  const plain = counting(7);
  const [, one] = plain.observation.target!.subscriptions;
  one!.comment = formatMark({ ...MARK, updates: 7 });
  await remembered(plain, planned());
  expect(remembers(plain)).toContainEqual(known);
});

test.each<[string, SubscriptionMark['counts'], boolean, string, object]>([
  ['began anew, that nobody has looked at what was before is', BEFORE, true, 'subscription', { unseen: true }],
  [
    'is the same one, what nobody has looked at before it stays',
    { ...BEFORE, unseen: true },
    true,
    'subscription',
    { unseen: true },
  ],
  ['began anew, and the rows were compared, nothing more is', BEFORE, true, 'continuity', {}],
  ['began anew, and the rows could not be compared, it is not remembered at all', BEFORE, false, 'continuity', {}],
])('where the count %s told', async (_, before, proven, kind, more) => {
  const world = counting(3);
  const since = before!.unseen === undefined ? OTHER : ONE;
  Object.assign(world.observation.target!, { counting: { since, at: AT } });
  const shop = world.observation.target!.subscriptions.find(({ name }) => name === 'acas_demo_shop')!;
  shop.comment = mark(2, before);
  await remembered(world, planned(`target/shop/${kind}/acas_demo_shop`), proven);
  const told = remembers(world).find((one) => one?.unseen !== undefined) ?? remembers(world)[0];
  if (proven) expect(told).toEqual({ since, at: AT, own: 0, altering: true, ...more });
  else expect(written(world).filter((one) => one.startsWith('shop'))).toEqual([]);
});

test.each(['teardown', 'reset'] as const)('a %s leaves no stream to remember it for', async (mode) => {
  const plan = { ...planned('target/shop/subscription/acas_demo_shop'), mode };
  expect(await remembered(counting(7), plan)).toEqual([]);
});

test('a stream whose database the clone lacks has nothing to remember, and keeps no other from it', async () => {
  const world = counting(7);
  world.onConnect = ({ side, database }) =>
    side === 'target' && database === 'shop' ? sqlError('3D000', 'database "shop" does not exist') : undefined;
  const plan = planned('target/ledger/subscription/acas_demo_ledger');
  expect(await remembered(world, plan)).toEqual(['ledger acas_demo_ledger 7']);
  expect(flushes(world)).toEqual(['target ledger: SELECT pg_stat_force_next_flush()']);
  world.onConnect = ({ side, database }) => (side === 'target' && database === 'shop' ? sqlError('42501') : undefined);
  await expect(remembered(world, plan)).rejects.toMatchObject({ code: 'CONNECT_FORBIDDEN' });
});

test('of a stream whose doubt was not settled it is not remembered, of the others it is', async () => {
  const plan = planned('target/shop/continuity/acas_demo_shop');
  expect(await remembered(counting(7), plan, false)).toEqual(['ledger acas_demo_ledger 7']);
  expect(await remembered(counting(7), plan, true)).toEqual(BOTH);
});

describe('of a run', () => {
  const plan = planned('target/shop/subscription/acas_demo_shop', 'target/ledger/continuity/acas_demo_ledger');
  const running = (world: World, work: () => Promise<boolean>) =>
    executing(world, (execution) => rememberingUpdates(execution, plan, work));

  test('that came to its end it is remembered later, with all that was proven', async () => {
    const world = counting(7);
    expect(await running(world, async () => true)).toBe(true);
    expect(written(world)).toEqual([]);
  });

  test('that was stopped what it did is remembered, and nothing that it had still to prove', async () => {
    const world = counting(7);
    expect(await running(world, async () => false)).toBe(false);
    expect(written(world)).toEqual(['shop acas_demo_shop 7']);
  });

  test('that failed it is remembered, and the error is that of the run', async () => {
    const world = counting(7);
    await expect(running(world, () => Promise.reject(new Error('half-way')))).rejects.toThrow('half-way');
    expect(written(world)).toEqual(['shop acas_demo_shop 7']);
  });

  test('that failed since nothing can be written any more, the error is that of the run too', async () => {
    const world = counting(7);
    world.onSql = (sql) => (sql.includes(COUNT) ? sqlError('57P01') : undefined);
    await expect(running(world, () => Promise.reject(new Error('half-way')))).rejects.toThrow('half-way');
  });
});

test('one that is held explains an update for as long as it is, whatever a rotation has done to it', async () => {
  const world = counting(7, { shop: 3, ledger: 3 });
  const [, ...ours] = world.observation.target!.subscriptions;
  const one = ours.find(({ database }) => database === 'shop')!;
  const record = { at: '', origin: SEED, confirmed: SEED, version: 170_000 };
  const held = formatMark({ ...ownMark(mark(3), 'subscription', 'demo')!, held: record });
  Object.assign(one, { enabled: false, comment: held });
  const rotated = { ...planned('target/subscription-connections/demo'), mode: 'rotate' } as const;
  expect(await remembered(world, rotated)).toEqual(['shop acas_demo_shop 6', 'ledger acas_demo_ledger 6']);
});
