import { planApply } from '../../../sql-runner/plan/plan-apply';
import { sourceContract } from '../support/contract';
import {
  cloned,
  CONFIRMED,
  edit,
  FLUSH,
  following,
  NONCE,
  OTHER_NONCE,
  publication,
  SEED,
  subscription,
  withStream,
} from '../support/observations';
import { table, UNIDENTIFIED } from '../support/tables';
import { expectBlocked, findingOf, outline } from '../support/plans';

const contract = sourceContract(['shop']);
const fresh = edit(cloned(contract), ({ target }) => (target!.slots = []));

const CONNECT = [
  '+ target/shop/subscription/acas_demo_shop',
  '+ target/shop/origin/acas_demo_shop',
  '~ target/shop/subscription-enabled/acas_demo_shop',
];

test('a fresh clone: subscription, origin, enable', () => {
  const plan = planApply(contract, fresh);
  expect(outline(plan)).toEqual(CONNECT);
  expect(plan.nextStep).toBeNull();
});

test('each database has its three steps together', () => {
  const two = sourceContract(['shop', 'ledger']);
  const ids = outline(
    planApply(
      two,
      edit(cloned(two), ({ target }) => (target!.slots = [])),
    ),
  );
  expect(ids).toEqual([...CONNECT, ...CONNECT.map((id) => id.replaceAll('shop', 'ledger'))]);
});

test.each([
  ['the subscription was made', { enabled: false, progress: null }, CONNECT.slice(1)],
  ['the origin was advanced', { enabled: false, progress: SEED }, CONNECT.slice(2)],
  ['it was enabled', { enabled: true, progress: SEED }, []],
  ['it has followed for a while', { enabled: true, progress: FLUSH }, []],
  [
    'somebody disabled it later',
    { enabled: false, progress: FLUSH },
    [...CONNECT.slice(2), '~ target/shop/continuity/acas_demo_shop'],
  ],
])('a run that died after %s is continued', (_, at, expected) => {
  expect(outline(planApply(contract, withStream(contract, fresh, 'shop', at)))).toEqual(expected);
});

test('a clone under an earlier ticket is left alone until the next deploy replaces it', () => {
  const older = edit(fresh, ({ target }) => (target!.deployedNonce = OTHER_NONCE));
  const plan = planApply(contract, older);
  expect(plan).toMatchObject({ changes: [], findings: [], nextStep: { command: 'cdktf deploy demo-target' } });
});

test.each([
  ['carries another nonce', [publication('acas_demo_shop', OTHER_NONCE)]],
  ['carries no ticket', [publication('acas_demo_shop', null)]],
  ['has no publication', []],
])('a clone that %s was taken before the slots', (_, inherited) => {
  const plan = planApply(
    contract,
    edit(fresh, ({ target }) => (target!.databases.shop!.publications = inherited)),
  );
  expectBlocked(plan, 'CLONE_NOT_UNDER_TICKET');
});

test('a clone that lost a database since it was taken is told so', () => {
  const lacking = edit(fresh, ({ target }) =>
    Object.assign(target!.databases.shop!, { exists: false, publications: [] }),
  );
  expect(findingOf(planApply(contract, lacking), 'DATABASE_NOT_ON_CLONE').seen).toBe(
    'database shop is not on the clone any more, which came with it',
  );
});

test('a subscription of an earlier ticket proves that the clone was not replaced', () => {
  const { comment } = subscription('acas_demo_shop', 'shop');
  const older = withStream(contract, fresh, 'shop', {
    enabled: true,
    progress: FLUSH,
    subscription: { comment: comment!.replace(NONCE, OTHER_NONCE) },
  });
  expectBlocked(planApply(contract, older), 'CLONE_NOT_UNDER_TICKET');
});

test('the seed LSN has no substitute', () => {
  const none = planApply(
    contract,
    edit(fresh, ({ target }) => (target!.seedLsn = null)),
  );
  expectBlocked(none, 'SEED_LSN_MISSING');
  expect(findingOf(none, 'SEED_LSN_MISSING').seen).toContain('returns no LSN');
  const absent = planApply(
    contract,
    edit(fresh, ({ target }) => (target!.seedFunctionExists = false)),
  );
  expectBlocked(absent, 'SEED_LSN_MISSING');
  expect(findingOf(absent, 'SEED_LSN_MISSING').seen).toContain('has no function');
});

test.each([
  ['before the slot', '0/1FFFFFF'],
  ['beyond the source', '0/4000001'],
  ['numerically beyond, alphabetically before', '10/0'],
])('a seed LSN %s is out of range', (_, seed) => {
  expectBlocked(
    planApply(
      contract,
      edit(fresh, ({ target }) => (target!.seedLsn = seed)),
    ),
    'SEED_LSN_OUT_OF_RANGE',
  );
});

test.each([
  ['at the slot', CONFIRMED],
  ['at the end of the source', FLUSH],
])('a seed LSN %s is in range', (_, seed) => {
  expect(
    outline(
      planApply(
        contract,
        edit(fresh, ({ target }) => (target!.seedLsn = seed)),
      ),
    ),
  ).toEqual(CONNECT);
});

test('a slot that was read since the ticket, or is being read, is refused', () => {
  const consumed = edit(fresh, ({ source }) => (source.slots[0]!.confirmedFlushLsn = SEED));
  expectBlocked(planApply(contract, consumed), 'SLOT_CONSUMED');
  const active = planApply(
    contract,
    edit(fresh, ({ source }) => Object.assign(source.slots[0]!, { active: true, activePid: 99 })),
  );
  expectBlocked(active, 'SLOT_ACTIVE');
  expect(findingOf(active, 'SLOT_ACTIVE').next).toMatch(
    /on the source: SELECT pg_terminate_backend\(active_pid\) .* AND active;$/,
  );
});

test('the interval is judged again as long as the origin is untouched', () => {
  const made = withStream(contract, fresh, 'shop', { enabled: false, progress: null });
  expectBlocked(
    planApply(
      contract,
      edit(made, ({ source }) => (source.slots[0]!.confirmedFlushLsn = SEED)),
    ),
    'SLOT_CONSUMED',
  );
});

test.each([
  ['behind the seed LSN', { enabled: false, progress: '0/2FFFFFF' }],
  ['behind it and enabled', { enabled: true, progress: '0/2FFFFFF' }],
  ['without a position though enabled', { enabled: true, progress: null }],
])('an origin %s is refused', (_, at) => {
  expectBlocked(planApply(contract, withStream(contract, fresh, 'shop', at)), 'ORIGIN_BEHIND_SEED');
});

test("somebody else's subscription of our name is refused", () => {
  const foreign = withStream(contract, fresh, 'shop', {
    enabled: true,
    progress: SEED,
    subscription: { comment: 'for reports' },
  });
  expectBlocked(planApply(contract, foreign), 'SUBSCRIPTION_NAME_TAKEN');
});

test.each([
  [
    'a table that joined',
    [{ schema: 'public', name: 'customers' }],
    'public.orders joined, or is not on the clone any more',
  ],
  [
    'a table that left',
    [
      { schema: 'public', name: 'customers' },
      { schema: 'public', name: 'orders' },
      { schema: 'public', name: 'extra' },
    ],
    'public.extra left',
  ],
])('the publication is compared with the one that the clone inherited: %s', (_, inherited, seen) => {
  const altered = edit(fresh, ({ source, target }) => {
    target!.databases.shop!.publications[0]!.tables = inherited;
    source.databases.shop!.tables.push({ ...source.databases.shop!.tables[0]!, name: 'extra' });
  });
  const plan = planApply(contract, altered);
  expectBlocked(plan, 'PUBLICATION_ALTERED');
  expect(findingOf(plan, 'PUBLICATION_ALTERED').seen).toContain(seen);
});

test('a table dropped from the source has not left the publication by hand', () => {
  const dropped = edit(fresh, ({ source }) => {
    source.databases.shop!.tables.pop();
    source.databases.shop!.publications[0]!.tables.pop();
  });
  expect(outline(planApply(contract, dropped))).toEqual(CONNECT);
});

test('a publication that filters operations, rows or columns is refused', () => {
  const altered = edit(fresh, ({ source }) => (source.databases.shop!.publications[0]!.publishesEverything = false));
  expectBlocked(planApply(contract, altered), 'PUBLICATION_ALTERED');
});

test('too few workers on the clone stop the plan while there is something to connect', () => {
  const full = edit(fresh, ({ target }) => (target!.server.maxLogicalReplicationWorkers = 0));
  expectBlocked(planApply(contract, full), 'TARGET_WORKERS_TOO_FEW');
  const connected = edit(following(contract), ({ target }) => (target!.server.maxLogicalReplicationWorkers = 0));
  expect(planApply(contract, connected)).toMatchObject({ changes: [], findings: [] });
});

test('a new password reaches the subscription that exists', () => {
  const refused = edit(following(contract), ({ source }) => (source.passwordWorks = false));
  expect(outline(planApply(contract, refused))).toEqual([
    '~ source/role-password/acas_demo',
    '~ target/shop/subscription-connection/acas_demo_shop',
  ]);
});

test('a run that died after the role had its new password: the subscription follows the version of the secret', () => {
  const rotated = edit(following(contract), ({ source }) => (source.secretVersion = 'version-2'));
  const [change, ...rest] = planApply(contract, rotated).changes;
  expect([change?.id, rest]).toEqual(['target/shop/subscription-connection/acas_demo_shop', []]);
  expect(change?.preview.join('\n')).toContain('"secretVersion":"version-2"');
});

test('a table that came after the ticket does not stop the bootstrap, whatever it lacks', () => {
  const late = edit(cloned(contract), ({ source }) =>
    source.databases.shop!.tables.push({ ...table('late'), ...UNIDENTIFIED }),
  );
  const plan = planApply(contract, late);
  expect(plan.changes.length).toBeGreaterThan(0);
  expect(plan.findings.map((finding) => finding.code)).toEqual(['TABLES_NOT_REPLICATED']);
});
