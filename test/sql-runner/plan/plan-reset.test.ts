import fc from 'fast-check';
import type { Observation } from '../../../sql-runner/model/observation';
import { type Plan } from '../../../sql-runner/model/plan';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planReset } from '../../../sql-runner/plan/plan-reset';
import { parseMark } from '../../../sql-runner/model/mark';
import { anyObservation } from '../support/arbitrary';
import { sourceContract } from '../support/contract';
import { edit, following, publication, slot, subscription, ticketed, untouched } from '../support/observations';
import { table } from '../support/tables';
import { codes, expectBlocked, outline, sqlOf } from '../support/plans';
import { carryOut, deployTarget } from '../support/simulate';
import { streamsOf } from '../../../sql-runner/model/streams';
import { planFor } from '../../../sql-runner/plan/plan-for';

const contract = sourceContract();

const RETIREMENT = [
  '~ source/shop/retired-publication/acas_demo_shop',
  '~ source/ledger/retired-publication/acas_demo_ledger',
  '- source/retired-ticket',
  '- target/shop/subscription/acas_demo_shop',
  '- target/ledger/subscription/acas_demo_ledger',
  '- source/shop/retired-slot/acas_demo_shop',
  '- source/ledger/retired-slot/acas_demo_ledger',
];
const PREPARATION = [
  '+ source/shop/slot/acas_demo_shop',
  '+ source/ledger/slot/acas_demo_ledger',
  '+ source/clone-ticket',
];

test('retires what the clone follows by, then prepares the source as for a first clone', () => {
  const plan = planReset(contract, following(contract));
  expect(outline(plan)).toEqual([...RETIREMENT, ...PREPARATION]);
  expect(codes(plan, 'warn')).toEqual(['CLONE_TO_BE_REPLACED']);
  expect(plan.nextStep?.command).toBe('cdktf deploy demo-target');
});

test('before there is a clone: new slots and a new ticket all the same', () => {
  const plan = planReset(contract, ticketed(contract));
  expect(outline(plan)).toEqual([...RETIREMENT.filter((line) => !line.includes('target/')), ...PREPARATION]);
  expect(plan.findings).toEqual([]);
});

test('nothing of ours: nothing to reset', () => {
  expectBlocked(planReset(contract, untouched(contract)), 'NOTHING_TO_RESET');
});

test('tables are selected anew, between the old slot and the new one', () => {
  const grown = edit(following(contract), ({ source }) => source.databases.shop!.tables.push(table('newcomer')));
  const lines = outline(planReset(contract, grown));
  const update = lines.indexOf('~ source/shop/publication/acas_demo_shop');
  expect(update).toBeGreaterThan(lines.indexOf('- source/shop/retired-slot/acas_demo_shop'));
  expect(update).toBeLessThan(lines.indexOf('+ source/shop/slot/acas_demo_shop'));
});

test('a publication that was altered beyond its list is made anew', () => {
  const altered = edit(following(contract), ({ source }) => {
    source.databases.shop!.publications[0]!.publishesEverything = false;
    source.databases.ledger!.publications[0]!.allTables = true;
  });
  const plan = planReset(contract, altered);
  expect(outline(plan)).toEqual(
    expect.arrayContaining([
      '-/+ source/shop/publication/acas_demo_shop',
      '-/+ source/ledger/publication/acas_demo_ledger',
    ]),
  );
  const change = plan.changes.find((candidate) => candidate.id === 'source/shop/publication/acas_demo_shop')!;
  expect(sqlOf(change)).toEqual([
    'DROP PUBLICATION "acas_demo_shop"',
    'CREATE PUBLICATION "acas_demo_shop" FOR TABLE ONLY "public"."customers", ONLY "public"."orders", ONLY "acas_demo_shop"."acas_heartbeat"',
    expect.stringMatching(/^COMMENT ON PUBLICATION "acas_demo_shop"/),
  ]);
});

test('a lost slot goes, one that somebody else put in its place stays', () => {
  const lost = edit(following(contract), ({ source }) => (source.slots[0]!.walStatus = 'lost'));
  expect(outline(planReset(contract, lost))).toEqual([...RETIREMENT, ...PREPARATION]);
  for (const kind of [{ plugin: 'wal2json' }, { database: 'ledger' }, { twoPhase: true }, { temporary: true }]) {
    const replaced = edit(following(contract), ({ source }) => Object.assign(source.slots[0]!, kind));
    expectBlocked(planReset(contract, replaced), 'SLOT_MISMATCH');
  }
});

test("a dropped publication: the clone's copy of it says that the slot is ours", () => {
  const dropped = edit(following(contract), ({ source }) => (source.databases.shop!.publications = []));
  expect(outline(planReset(contract, dropped))).toEqual([
    ...RETIREMENT.slice(1),
    '+ source/shop/publication/acas_demo_shop',
    ...PREPARATION,
  ]);
});

test("somebody else's objects stop it before anything is retired", () => {
  const foreign = edit(following(contract), ({ source }) => {
    source.databases.shop!.publications = [publication('acas_demo_shop', null, { comment: 'reports' })];
  });
  expectBlocked(planReset(contract, foreign), 'PUBLICATION_NAME_TAKEN');
  expectBlocked(planReset(contract, { ...foreign, target: null }), 'PUBLICATION_NAME_TAKEN', 'SLOT_NAME_TAKEN');
  const slotOnly = edit(ticketed(contract), ({ source }) => (source.databases.shop!.publications = []));
  expectBlocked(planReset(contract, slotOnly), 'SLOT_NAME_TAKEN');
});

test("somebody else's subscription and slots are left alone", () => {
  const shared = edit(following(contract), ({ source, target }) => {
    source.slots.push(slot('reports', 'shop'));
    target!.databases.ledger!.streams.acas_demo_ledger!.subscription = subscription('acas_demo_ledger', 'ledger', {
      comment: null,
    });
  });
  expect(outline(planReset(contract, shared))).toEqual(
    [...RETIREMENT, ...PREPARATION].filter((line) => line !== '- target/ledger/subscription/acas_demo_ledger'),
  );
});

/** Runs of a mode that die after so many changes each, then one that does not. */
function runs(start: Observation, crashes: readonly number[], plan: (now: Observation) => Plan): Observation {
  let world = start;
  for (const survives of [...crashes, Infinity]) {
    const planned = plan(world);
    expect(codes(planned)).toEqual([]);
    for (const change of planned.changes.slice(0, survives)) world = carryOut(contract, world, change);
  }
  return world;
}

const apply = (now: Observation) => planFor('apply', contract, now);
const reset = (now: Observation) => planFor('reset', contract, now);

function expectFollowing(world: Observation): void {
  expect(apply(world)).toMatchObject({ changes: [], findings: [], nextStep: null });
  for (const { database, stream } of streamsOf(contract)) {
    const facts = world.target!.databases[database]!.streams[stream.subscription]!;
    expect([facts.subscription?.enabled, facts.originProgress]).toEqual([true, world.target!.seedLsn]);
  }
}

const first = runs(deployTarget(contract, runs(untouched(contract), [], apply)), [], apply);

test('wherever a reset dies, reset or apply carries it on; the old clone is never connected again', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(11), fc.boolean()), { maxLength: 5 }),
      fc.boolean(),
      (deaths, finishByApply) => {
        let world = first;
        const planned = reset(world);
        for (const change of planned.changes.slice(0, 1)) world = carryOut(contract, world, change);
        for (const [survives, byApply] of deaths) {
          const plan = byApply ? apply(world) : reset(world);
          expect(codes(plan)).toEqual([]);
          for (const change of plan.changes.slice(0, survives)) {
            expect(change.id).not.toMatch(/^target\/.*(origin|enabled)/);
            world = carryOut(contract, world, change);
          }
        }
        world = runs(world, [], finishByApply ? apply : reset);
        expect(apply(world).nextStep?.command).toBe('cdktf deploy demo-target');
        expect(world.ticket!.nonce).not.toBe(first.ticket!.nonce);
        const again = runs(deployTarget(contract, world), [], apply);
        expect(again.target!.deployedNonce).not.toBe(first.target!.deployedNonce);
        expectFollowing(again);
      },
    ),
    { numRuns: 200 },
  );
});

test('a clone deployed in the middle of a reset is never connected', () => {
  const plan = reset(first);
  let world = first;
  for (const change of plan.changes.slice(0, -1)) {
    world = carryOut(contract, world, change);
    const steps = apply(world).changes.map((candidate) => candidate.id);
    expect(steps.filter((id) => /^target\/.*\/(origin|subscription-enabled)\//.test(id))).toEqual([]);
  }
});

test('the mark stays until there is a new ticket', () => {
  const [mark] = planReset(contract, following(contract)).changes;
  const text = /IS '(.*)'$/.exec(sqlOf(mark!)[0]!)![1]!;
  expect(parseMark(text)).toEqual({
    kind: 'publication',
    environment: 'demo',
    slot: 'acas_demo_shop',
    resetting: true,
  });
  const issue = planReset(contract, following(contract)).changes.at(-1)!.operation;
  expect(issue).toMatchObject({ kind: 'issue-ticket', nonce: null });
  if (issue.kind === 'issue-ticket')
    expect(issue.entries.map((entry) => entry.mark.resetting)).toEqual([undefined, undefined]);
});

test('apply without a reset under way is apply', () => {
  const now = following(contract);
  expect(planFor('apply', contract, now)).toEqual(planApply(contract, now));
});

test('whatever is found, a reset never connects anything and its ids are unique', () => {
  fc.assert(
    fc.property(anyObservation(contract), (observation) => {
      const { changes } = planReset(contract, observation);
      expect(new Set(changes.map((change) => change.id)).size).toBe(changes.length);
      expect(changes.filter((change) => change.address.side === 'target' && change.action !== 'delete')).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
