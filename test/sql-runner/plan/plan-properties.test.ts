import fc from 'fast-check';
import type { Observation } from '../../../sql-runner/model/observation';
import { type Plan } from '../../../sql-runner/model/plan';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { refuses } from '../../../sql-runner/model/steps';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import { compareLsn } from '../../../sql-runner/postgres/text/lsn';
import { databaseOf, isAbsentOrOurs, kindOf } from '../support/ours';
import { anyObservation } from '../support/arbitrary';
import { sourceContract } from '../support/contract';
import { cloned, edit, OTHER_NONCE } from '../support/observations';
import { streamsOf } from '../../../sql-runner/model/streams';

const contract = sourceContract();
const RUNS = { numRuns: 800 };
const observations = fc.oneof(
  anyObservation(contract),
  // Purely random ones hardly ever agree on a ticket; these start from a sound clone and break it in a few places.
  fc
    .tuple(anyObservation(contract), fc.subarray(['ticket', 'role', 'slots', 'streams']))
    .map(([other, parts]) => mix(other, parts)),
);

function mix(other: Observation, parts: readonly string[]): Observation {
  return edit(cloned(contract), (draft) => {
    const copy = structuredClone(other) as typeof draft;
    if (parts.includes('ticket')) draft.ticket = copy.ticket;
    if (parts.includes('role')) draft.source.role = copy.source.role;
    if (parts.includes('slots')) draft.source.slots = copy.source.slots;
    if (!parts.includes('streams') || copy.target === null) return;
    draft.target!.subscriptions = copy.target.subscriptions;
    draft.source.subscriptions = copy.source.subscriptions;
    Object.assign(draft.source, { inheritable: copy.source.inheritable });
    draft.target!.inheritable = copy.target.inheritable;
    draft.target!.fence = copy.target.fence;
    draft.target!.readOnlyDatabases = copy.target.readOnlyDatabases;
    for (const { database } of streamsOf(contract))
      draft.target!.databases[database]!.streams = copy.target.databases[database]!.streams;
  });
}

/** Safety rule 1. */
const ORDER = [
  'source parameter-group',
  'source reboot',
  'source role',
  'source role-password',
  'source heartbeat',
  'source publication',
  'source slot',
  'source clone-ticket',
  'target inherited-event-trigger',
  'target inherited-subscription',
  'target inherited-cron-job',
  'target inherited-prepared-transaction',
  'target inherited-slot',
  'target inherited-origin',
  'target inherited-trigger',
  'target inherited-publication',
  'target inherited-index',
  'target connect',
];
const STEPS = [
  'target subscription-connection',
  'target subscription',
  'target read-only-fence',
  'target origin',
  'target subscription-enabled',
  'target continuity',
];

function expectSorted(ranks: readonly number[]): void {
  expect(ranks).not.toContain(-1);
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
}

function expectOrder(plan: Plan): void {
  const kinds = plan.changes.map(kindOf);
  expectSorted(kinds.map((kind) => ORDER.indexOf(STEPS.includes(kind) ? 'target connect' : kind)));
  for (const { database } of contract.links) {
    const steps = plan.changes
      .filter((change) => databaseOf(change) === database)
      .map(kindOf)
      .filter((kind) => STEPS.includes(kind));
    expectSorted(steps.map((kind) => STEPS.indexOf(kind)));
  }
}

test('any plan keeps the order that makes it safe', () => {
  fc.assert(
    fc.property(observations, (observation) => expectOrder(planApply(contract, observation))),
    RUNS,
  );
});

test('a blocked plan changes nothing, and ids are unique', () => {
  fc.assert(
    fc.property(observations, (observation) => {
      const plan = planApply(contract, observation);
      if (plan.findings.some((finding) => refuses(finding, plan.changes))) expect(plan.changes).toEqual([]);
      expect(new Set(plan.changes.map((change) => change.id)).size).toBe(plan.changes.length);
    }),
    RUNS,
  );
});

test('no stream is connected in the plan that makes its slot or ticket', () => {
  fc.assert(
    fc.property(observations, (observation) => {
      const kinds = planApply(contract, observation).changes.map(kindOf);
      const sourceChanges = kinds.filter((kind) =>
        ['source publication', 'source slot', 'source clone-ticket'].includes(kind),
      );
      if (kinds.some((kind) => STEPS.includes(kind))) expect(sourceChanges).toEqual([]);
    }),
    RUNS,
  );
});

test('an origin is advanced only without progress, disabled, in the interval and under the ticket of the clone', () => {
  let advanced = 0;
  fc.assert(
    fc.property(observations, (observation) => {
      for (const change of planApply(contract, observation).changes.filter(
        (candidate) => kindOf(candidate) === 'target origin',
      )) {
        advanced += 1;
        const { source, target, ticket } = observation;
        const { stream } = streamsOf(contract).find((of) => of.database === databaseOf(change))!;
        const now = target!.databases[databaseOf(change)]!.streams[stream.subscription]!;
        const { confirmedFlushLsn, active } = source.slots.find((slot) => slot.name === stream.slot)!;
        expect([now.originProgress, now.subscription?.enabled ?? false, active]).toEqual([null, false, false]);
        expect(target!.deployedNonce).toBe(ticket!.nonce);
        expect(compareLsn(confirmedFlushLsn!, target!.seedLsn!)).toBeLessThanOrEqual(0);
        expect(compareLsn(target!.seedLsn!, source.server.flushLsn!)).toBeLessThanOrEqual(0);
      }
    }),
    RUNS,
  );
  expect(advanced).toBeGreaterThan(20);
});

test('neither plan nor teardown touches an object that exists without our mark', () => {
  fc.assert(
    fc.property(observations, fc.constantFrom(planApply, planTeardown), (observation, plan) => {
      const touched = plan(contract, observation).changes.filter(
        (change) => !isAbsentOrOurs(contract, change, observation),
      );
      expect(touched.map((change) => change.id)).toEqual([]);
    }),
    RUNS,
  );
});

test('teardown removes the slot before the publication whose mark says that it is ours', () => {
  fc.assert(
    fc.property(observations, (observation) => {
      const kinds = planTeardown(contract, observation).changes.map(kindOf);
      const order = [
        'target subscription',
        'source clone-ticket',
        'source slot',
        'source publication',
        'source heartbeat',
        'source role',
        'source parameter-group',
        'target copied-publication',
        'target copied-heartbeat',
        'target copied-role',
      ];
      expectSorted(kinds.map((kind) => order.indexOf(kind)));
    }),
    RUNS,
  );
});

test('the stale ticket of the two nonces is never both kept and followed', () => {
  const older = edit(cloned(contract), ({ target }) => (target!.deployedNonce = OTHER_NONCE));
  expect(planApply(contract, older).changes.filter((change) => change.address.side === 'target')).toEqual([]);
});
