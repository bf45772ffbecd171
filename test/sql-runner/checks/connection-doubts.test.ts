import { connectionDoubts } from '../../../sql-runner/checks/connection-doubts';
import { runChecks, type CheckOutcome } from '../../../sql-runner/checks/preflight';
import { planFor } from '../../../sql-runner/plan/plan-for';
import { ownMark } from '../../../sql-runner/model/mark';
import { edit, following, type Draft } from '../support/observations';
import { healthy, type Surveyed } from '../support/surveys';
import { contract } from './provocations';
import type { ConnectionDoubts } from '../../../sql-runner/resources/put-back';

/** When the connection of a subscription, which nobody can read, is written again. */
type Looks = Draft<Surveyed>['streams']['looks'][string];

/** @param outcomes of the checks, where they are not what is found */
function doubts(
  change: (looks: Looks, world: Draft<Surveyed>) => void,
  outcomes?: readonly CheckOutcome[],
): ConnectionDoubts {
  const world = edit(healthy(contract), (draft) => {
    const looks = draft.streams.looks.acas_demo_shop!;
    // Two looks, not one that was proof enough.
    looks.last = structuredClone(looks.first);
    change(looks, draft);
  });
  const found = outcomes ?? runChecks(world.contract, world);
  return connectionDoubts(world.contract, { streams: world.streams, target: world.target }, found);
}

const stopped = (looks: Looks): void => {
  for (const look of [looks.first, looks.last]) {
    Object.assign(look.worker!, { pid: null, startedAt: null });
    look.reader!.active = false;
  }
};
/** Of looks that are three seconds apart. */
const stoppedSince = (unreadSeconds: number) => (looks: Looks) => {
  stopped(looks);
  looks.seconds = 3;
  looks.last.reader!.unreadSeconds = unreadSeconds;
};
const unread = (looks: Looks): void => {
  for (const look of [looks.first, looks.last]) look.reader!.active = false;
};
const failing = (looks: Looks): void => {
  unread(looks);
  looks.first.flushLsn = looks.last.flushLsn = '0/30000100';
  looks.last.worker!.startedAt = 'later';
};
const uncounted = (looks: Looks): void => {
  failing(looks);
  looks.first.worker!.applyErrors = looks.last.worker!.applyErrors = null;
};

const STANDS = { acas_demo_shop: { seen: expect.stringContaining('does not reach its slot'), loses: true } };

const CASES: readonly (readonly [string, (looks: Looks) => unknown, object])[] = [
  ['a stream that streams', () => undefined, {}],
  ['no worker that stays', stopped, STANDS],
  ['a worker that reads from elsewhere', unread, STANDS],
  ['one that has read its slot between the looks, and failed then', stoppedSince(2.9), {}],
  ['one of which nobody read the slot between the looks', stoppedSince(3), STANDS],
  ['up to 14, where an error that is none of applying is not told apart', uncounted, STANDS],
  [
    'errors of applying',
    (looks: Looks) => {
      failing(looks);
      looks.last.worker!.applyErrors = 7;
    },
    {},
  ],
  [
    'another login',
    (looks: Looks) => (looks.last.reader!.user = 'master'),
    { acas_demo_shop: { seen: 'it logs in as master instead of acas_demo', loses: false } },
  ],
  [
    'no TLS',
    (looks: Looks) => (looks.last.reader!.tls = false),
    { acas_demo_shop: { seen: 'it connects without TLS', loses: false } },
  ],
  [
    'a reader that the login may not see',
    (looks: Looks) => Object.assign(looks.last.reader!, { user: null, tls: null }),
    {},
  ],
  [
    'somebody else who reads the slot while the worker cannot',
    (looks: Looks) => {
      stopped(looks);
      Object.assign(looks.last.reader!, { active: true, user: 'master' });
    },
    {},
  ],
  [
    'a slot that is gone',
    (looks: Looks) => {
      unread(looks);
      looks.last.reader = null;
    },
    {},
  ],
];

const outcome = (...codes: string[]): readonly CheckOutcome[] =>
  [null, codes.map((code) => ({ code }))].map((findings) => ({ findings }) as unknown as CheckOutcome);

test.each([
  'ROLE_CANNOT_CONNECT',
  'ROLE_CANNOT_REPLICATE',
  'ROLE_CONNECTIONS_TOO_FEW',
  'ROLE_NEEDS_IAM',
  'ROLE_PASSWORD_EXPIRES',
  'SOURCE_SENDERS_TOO_FEW',
  'TARGET_PROCESSES_TOO_FEW',
])('%s explains that a worker does not get to its slot', (code) => {
  expect(doubts(stopped, outcome('TLS_NOT_FORCED', code))).toEqual({});
  expect(doubts(stopped, outcome('TLS_NOT_FORCED'))).toEqual(STANDS);
});

test.each<[string, (looks: Looks, world: Draft<Surveyed>) => unknown, object]>([
  ['was not looked at', (_, { streams }) => delete (streams.looks as Record<string, unknown>)['acas_demo_shop'], {}],
  ['whose options were not read', (_, { target }) => (target.databases.shop!.subscriptionOptions = []), {}],
  ['that was seen to read before', (looks) => (looks.first.reader!.active = true), {}],
  ['that is disabled', (looks) => Object.assign(looks.last.worker!, { enabled: false, applyErrors: null }), {}],
  [
    'beside one that somebody altered',
    (_, { target }) => {
      const { subscriptionOptions: subscriptions } = target.databases.shop!;
      subscriptions.unshift({ ...subscriptions[0]!, name: 'another', values: { slot_name: 'a' } });
    },
    STANDS,
  ],
])('a stream with no worker that stays, %s', (_, change, expected) => {
  const both = (looks: Looks, world: Draft<Surveyed>) => {
    stopped(looks);
    change(looks, world);
  };
  expect(doubts(both, outcome())).toEqual(expected);
});

test.each(CASES)('%s', (_, change, expected) => {
  expect(doubts(change)).toEqual(expected);
});

test.each([
  ['a password that does not work', (world: Draft<Surveyed>) => (world.streams.passwordWorks = false)],
  ['no password', (world: Draft<Surveyed>) => (world.streams.passwordWorks = null)],
  ['a role that may not log in', (world: Draft<Surveyed>) => (world.source.role!.canLogin = false)],
  [
    'another slot',
    (world: Draft<Surveyed>) => (world.target.databases.shop!.subscriptionOptions[0]!.values.slot_name = 'a'),
  ],
])('what explains it is mended first: %s', (_, explain) => {
  const found = doubts((looks, world) => {
    stopped(looks);
    explain(world);
  });
  expect(found).toEqual({});
});

test('the connection is written again, and what may have led elsewhere is remembered and compared', () => {
  const plan = (loses: boolean) =>
    planFor('apply', contract, following(contract), { acas_demo_shop: { seen: 'it stands', loses } }).changes;
  expect(plan(false).map(({ id }) => id)).toEqual(['target/shop/subscription-connection/acas_demo_shop']);
  const [update, proof] = plan(true);
  expect(proof!.id).toBe('target/shop/continuity/acas_demo_shop');
  const comment = /IS '(.*)';/.exec(update!.preview.join('\n'))![1]!;
  expect(ownMark(comment, 'subscription', 'demo')!.unproven).toEqual({ altered: ['connection'] });
});

test('where the source lacks something, that is mended first', () => {
  const observation = edit(following(contract), ({ source }) => (source.role!.canLogin = false));
  const { changes } = planFor('apply', contract, observation, { acas_demo_shop: { seen: 'it stands', loses: true } });
  expect(changes.map(({ id }) => id)).toEqual(['source/role/acas_demo']);
});
