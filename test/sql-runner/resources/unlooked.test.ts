import type { CountWitness } from '../../../sql-runner/model/count-witness';
import { formatMark, type SubscriptionMark } from '../../../sql-runner/model/mark';
import type { Observation } from '../../../sql-runner/model/observation';
import { factsOf } from '../../../sql-runner/model/stream-state';
import { streamsOf } from '../../../sql-runner/model/streams';
import { judgeContinuity } from '../../../sql-runner/resources/continuity';
import { unlookedOf } from '../../../sql-runner/resources/unlooked';
import { sourceContract } from '../support/contract';
import { type Draft, edit, following } from '../support/observations';
import { SUBSCRIPTION_MARK } from '../support/subscription-mark';

const contract = sourceContract(['shop', 'ledger']);
const [OLD, NEW] = ['2026-11-01T00:00:00.000000Z', '2026-11-29T13:50:00.000000Z'];
const COUNTS = { since: OLD, at: 'then' };
const WITNESS: CountWitness = { since: NEW, at: 'now', unread: null, altered: null };

/** Streams that follow, on a server that has counted anew. */
function world(mark: Partial<SubscriptionMark>, witnesses: Record<string, CountWitness> | undefined, now = 0) {
  return edit<Observation>(following(contract), (draft: Draft<Observation>) => {
    const target = draft.target!;
    for (const { streams } of Object.values(target.databases))
      for (const { subscription } of Object.values(streams))
        subscription!.comment = formatMark({ ...SUBSCRIPTION_MARK, updates: 2, counts: COUNTS, ...mark });
    Object.assign(target, {
      subscriptionUpdates: now,
      counting: { since: NEW, at: 'now' },
      ...(witnesses === undefined ? {} : { countWitnesses: witnesses }),
    });
  });
}
const of = streamsOf(contract).map(({ stream }) => stream.subscription) as [string, string];
const both = (witness: CountWitness) => Object.fromEntries(of.map((name) => [name, witness]));
const judged = (observation: Observation) =>
  streamsOf(contract).map((one) => judgeContinuity(contract, observation, factsOf(contract, observation, one)));

const ALTERED =
  "whether somebody altered a subscription and put it back before the clone's server began to count that anew, of ";
const END = '; sql-runner resume demo compares every row, which tells';

test.each<[string, Observation, string[]]>([
  ['was read in the log', world({}, both(WITNESS)), []],
  [
    'nobody looked at',
    world({}, undefined),
    [`${ALTERED}databases shop, ledger: nobody has read the log of the clone${END}`],
  ],
  [
    'the log does not tell',
    world({}, { ...both(WITNESS), [of[1]]: { ...WITNESS, unread: 'why' } }),
    [`${ALTERED}database ledger: why${END}`],
  ],
  [
    'nobody had looked at when it was altered',
    world({ counts: { since: NEW, at: 'then', unseen: true } }, {}, 2),
    [
      `${ALTERED}databases shop, ledger: the clone's server had counted anew when sql-runner altered them at then${END}`,
    ],
  ],
  ['the count tells that goes on', world({ counts: { ...COUNTS, since: NEW } }, {}, 2), []],
  ['no count was remembered of', world({ updates: undefined }, {}), []],
])('what %s is said, and is no doubt', (_, observation, said) => {
  expect(unlookedOf(contract, observation)).toEqual(said);
  expect(judged(observation)).toEqual([{ kind: 'proven' }, { kind: 'proven' }]);
});

test('who was at the slots is said with it, the reasons apart', () => {
  const witness = { reader: null, came: null, since: null, until: null, move: null };
  const observation = edit(following(contract), ({ source }) => {
    Object.assign(source, {
      witnesses: { acas_demo_shop: { ...witness, unread: 'one' }, acas_demo_ledger: { ...witness, unread: 'two' } },
    });
  });
  expect(unlookedOf(contract, observation)).toEqual([
    'whether somebody else was at the slot before its reader came, of database shop: one' + END,
    'whether somebody else was at the slot before its reader came, of database ledger: two' + END,
  ]);
});

test('updates of a count that began anew are all of them somebody else’s, also where it has come as far as before', () => {
  const doubt = { kind: 'not proven', seen: expect.stringContaining('altered 2 times by somebody else') };
  expect(judged(world({}, both(WITNESS), 2))).toMatchObject([doubt, doubt]);
});

test('what was held before the count began is not in it, and explains nothing of what is', () => {
  const held = { at: '', origin: '0/4000000', confirmed: '0/4000000', counting: OLD };
  const heldIn = (counting: string) =>
    edit(world({}, both(WITNESS), 1), ({ target }) => {
      const { subscription } = Object.values(target!.databases.ledger!.streams)[0]!;
      const mark = { ...SUBSCRIPTION_MARK, updates: 2, counts: COUNTS, held: { ...held, counting } };
      Object.assign(subscription!, { enabled: false, comment: formatMark(mark) });
    });
  expect(judged(heldIn(NEW))[0]).toEqual({ kind: 'proven' });
  expect(judged(heldIn(OLD))[0]).toMatchObject({ seen: expect.stringContaining('altered once by somebody else') });
});

test('an alteration that the log tells is a doubt of its own stream, with process, time and cause', () => {
  const altered = { at: '12:00', pid: 7, subscription: of[0], what: 'its worker ended because of x' };
  const [shop, ledger] = judged(world({}, { ...both(WITNESS), [of[0]]: { ...WITNESS, altered } }));
  expect(shop).toMatchObject({
    kind: 'not proven',
    seen: "subscription acas_demo_shop in database shop, as process 7 logged on the clone at 12:00: its worker ended because of x, by somebody else, before the clone's server began to count anew",
  });
  expect(ledger).toEqual({ kind: 'proven' });
});
