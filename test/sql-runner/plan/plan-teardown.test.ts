import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { sourceContract } from '../support/contract';
import {
  edit,
  following,
  prepared,
  publication,
  slot,
  subscription,
  ticketed,
  untouched,
} from '../support/observations';
import { outline, sqlOf } from '../support/plans';

const contract = sourceContract();

test('the way back, in reverse order', () => {
  const plan = planTeardown(contract, following(contract));
  expect(outline(plan)).toEqual([
    '- target/shop/subscription/acas_demo_shop',
    '- target/ledger/subscription/acas_demo_ledger',
    '- source/clone-ticket',
    '- source/shop/slot/acas_demo_shop',
    '- source/ledger/slot/acas_demo_ledger',
    '- source/shop/publication/acas_demo_shop',
    '- source/ledger/publication/acas_demo_ledger',
    '- source/shop/heartbeat/acas_demo_shop',
    '- source/ledger/heartbeat/acas_demo_ledger',
    '- source/role/acas_demo',
    '~ source/parameter-group/default.aurora-postgresql17',
    '- target/shop/copied-publication/acas_demo_shop',
    '- target/ledger/copied-publication/acas_demo_ledger',
    '- target/shop/copied-heartbeat/acas_demo_shop',
    '- target/ledger/copied-heartbeat/acas_demo_ledger',
    '- target/copied-role/acas_demo',
  ]);
  expect(plan.changes.every((change) => change.consent === undefined)).toBe(true);
});

test('a subscription is detached from its slot before it is dropped', () => {
  const [drop] = planTeardown(contract, following(contract)).changes;
  expect(sqlOf(drop!)).toEqual([
    'ALTER SUBSCRIPTION "acas_demo_shop" DISABLE',
    'ALTER SUBSCRIPTION "acas_demo_shop" SET (slot_name = NONE)',
    'COMMENT ON SUBSCRIPTION "acas_demo_shop" IS NULL',
    'DROP SUBSCRIPTION "acas_demo_shop"',
  ]);
});

test('nothing of ours: nothing to do', () => {
  expect(planTeardown(contract, untouched(contract)).changes).toEqual([]);
});

test('without a clone the source is cleaned all the same', () => {
  expect(outline(planTeardown(contract, ticketed(contract)))).not.toContainEqual(expect.stringContaining('target/'));
  expect(planTeardown(contract, ticketed(contract)).changes).toHaveLength(9);
});

test('a run that died between slot and publication is continued', () => {
  const half = edit(prepared(contract), ({ source }) => {
    source.slots = [];
    source.databases.shop!.publications = [];
  });
  expect(outline(planTeardown(contract, half))).toEqual([
    '- source/ledger/publication/acas_demo_ledger',
    '- source/shop/heartbeat/acas_demo_shop',
    '- source/ledger/heartbeat/acas_demo_ledger',
    '- source/role/acas_demo',
    '~ source/parameter-group/default.aurora-postgresql17',
  ]);
});

test("the old parameter group waits for somebody else's slot, unless it has logical WAL too", () => {
  const shared = edit(following(contract), ({ source }) => source.slots.push(slot('reports', 'shop')));
  const plan = planTeardown(contract, shared);
  expect(outline(plan)).not.toContain('~ source/parameter-group/default.aurora-postgresql17');
  expect(plan.findings).toMatchObject([
    { code: 'PARAMETER_GROUP_KEPT', severity: 'warn' },
    { code: 'PUBLICATION_READ_BY_OTHERS', severity: 'warn' },
  ]);
  expect(plan.findings[0]!.seen).toContain('reports');
  // The stack that made the group that stays could not be destroyed.
  expect([plan.nextStep, planTeardown(contract, following(contract)).nextStep?.command]).toEqual([
    null,
    'cdktf destroy demo-target && cdktf destroy demo-source',
  ]);
  const logical = edit(shared, ({ source }) => (source.previousGroupIsLogical = true));
  expect(outline(planTeardown(contract, logical))).toContain('~ source/parameter-group/default.aurora-postgresql17');
});

test('the old parameter group waits for slots that it has no room for: with them the writer would not start', () => {
  const group = '~ source/parameter-group/default.aurora-postgresql17';
  const beside = (count: number, slots?: number) =>
    planTeardown(
      contract,
      edit(following(contract), ({ source }) => {
        const names = Array.from({ length: count }, (_, index) => `acas_other_${index}`);
        source.slots.push(...names.map((name) => slot(name, 'shop')));
        Object.assign(source, { previousGroupIsLogical: true, previousGroupSlots: slots });
      }),
    );
  for (const [room, set] of [
    [5, 5],
    [20, undefined],
  ] as const) {
    expect(outline(beside(room, set))).toContain(group);
    const plan = beside(room + 1, set);
    expect(outline(plan)).not.toContain(group);
    const [kept] = plan.findings.filter(({ code }) => code === 'PARAMETER_GROUP_KEPT');
    expect(kept!.why).toContain(`default.aurora-postgresql17 has room for ${room} slots`);
    expect(kept!.seen).toContain(`acas_other_${room} is not dropped`);
    expect(plan.nextStep).toBeNull();
  }
});

test('a source stack with production in its state is not among what is to be destroyed', () => {
  const plan = planTeardown({ ...contract, owned: true }, following(contract));
  expect(plan.nextStep?.command).toBe('cdktf destroy demo-target');
});

test('the group that a cluster was made with stays attached, and is attached again where somebody changed it', () => {
  const { name } = contract.parameterGroup;
  const made = { ...contract, parameterGroup: { ...contract.parameterGroup, previous: name, stays: true } };
  expect(outline(planTeardown(made, following(made))).filter((id) => id.includes('parameter-group'))).toEqual([]);
  const changed = edit(following(made), ({ source }) => {
    Object.assign(source.cluster, { parameterGroup: 'other', parameterGroupStatus: 'in-sync' });
    source.groupParameters = {};
  });
  expect(outline(planApply(made, changed)).filter((id) => id.includes('parameter-group'))).toEqual([
    `~ source/parameter-group/${name}`,
  ]);
});

test('the old parameter group waits for what keeps our name and is not dropped, and for nothing that is', () => {
  const group = '~ source/parameter-group/default.aurora-postgresql17';
  const COPY = 'pg_16500_sync_17000_7400000000000000001';
  const copying = edit(following(contract), ({ source, target }) => {
    source.slots.push(slot(COPY, 'shop'));
    for (const ours of [target!.subscriptions[0]!, target!.databases.shop!.streams.acas_demo_shop!.subscription!])
      ours.oid = 16500;
  });
  expect(outline(planTeardown(contract, copying))).toEqual(
    expect.arrayContaining([`- source/shop/copy-slot/${COPY}`, group]),
  );
  const unmarked = edit(following(contract), ({ source }) => {
    source.databases.shop!.publications = [publication('acas_demo_shop', null, { comment: 'reports' })];
  });
  const plan = planTeardown(contract, unmarked);
  expect(outline(plan)).not.toContain(group);
  expect(plan.findings.map(({ code, seen }) => [code, seen])).toContainEqual([
    'PARAMETER_GROUP_KEPT',
    expect.stringContaining('slot acas_demo_shop is not dropped by this teardown'),
  ]);
});

test('an old parameter group that was deleted keeps nothing else from being removed', () => {
  const gone = edit(following(contract), ({ source }) => (source.previousGroupIsGone = true));
  const [plan, usual] = [planTeardown(contract, gone), planTeardown(contract, following(contract))];
  const group = '~ source/parameter-group/default.aurora-postgresql17';
  expect(outline(plan)).toEqual(outline(usual).filter((line) => line !== group));
  expect(plan.findings).toMatchObject([{ code: 'PREVIOUS_GROUP_GONE', severity: 'warn' }]);
  expect(plan.nextStep).toBeNull();
});

test('what somebody else made stays, whatever it is called', () => {
  const foreign = edit(following(contract), ({ source, target }) => {
    source.role!.comment = null;
    source.cluster.parameterGroup = 'tuned-by-hand';
    source.slots.push(slot('reports', 'shop'));
    source.databases.shop!.publications = [
      publication('acas_demo_shop', null, { comment: 'reports' }),
      publication('reports', null, { comment: null }),
    ];
    const { subscription: ours } = target!.databases.ledger!.streams.acas_demo_ledger!;
    ours!.comment = 'reports';
    target!.subscriptions.push(subscription('reports', 'shop', { comment: null }));
  });
  expect(outline(planTeardown(contract, foreign))).toEqual([
    '- target/shop/subscription/acas_demo_shop',
    '- source/clone-ticket',
    '- source/ledger/slot/acas_demo_ledger',
    '- source/ledger/publication/acas_demo_ledger',
    '- source/shop/heartbeat/acas_demo_shop',
    '- source/ledger/heartbeat/acas_demo_ledger',
    '- target/shop/copied-publication/acas_demo_shop',
    '- target/ledger/copied-publication/acas_demo_ledger',
    '- target/shop/copied-heartbeat/acas_demo_shop',
    '- target/ledger/copied-heartbeat/acas_demo_ledger',
    '- target/copied-role/acas_demo',
  ]);
});

test('a publication of ours that names another slot does not give that slot away', () => {
  const renamed = edit(prepared(contract), ({ source }) => {
    const [ours] = source.databases.shop!.publications;
    ours!.comment = ours!.comment!.replace('"slot":"acas_demo_shop"', '"slot":"other"');
  });
  expect(outline(planTeardown(contract, renamed))).not.toContain('- source/shop/slot/acas_demo_shop');
});

test('grants go before the role, which could not be dropped otherwise', () => {
  const granted = edit(prepared(contract), ({ source }) => (source.databases.ledger!.connectGrant.hasGrant = true));
  const drop = planTeardown(contract, granted).changes.find((change) => change.id === 'source/role/acas_demo');
  expect(sqlOf(drop!)).toEqual(['REVOKE CONNECT ON DATABASE "ledger" FROM "acas_demo"', 'DROP ROLE "acas_demo"']);
});
