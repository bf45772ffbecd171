import { streamFacts, ticketState } from '../../../sql-runner/model/stream-state';
import fc from 'fast-check';
import { planApply } from '../../../sql-runner/plan/plan-apply';
import { planTeardown } from '../../../sql-runner/plan/plan-teardown';
import type { Observation } from '../../../sql-runner/model/observation';
import { isBlocked, type Plan } from '../../../sql-runner/model/plan';
import { sourceContract } from '../support/contract';
import { INHERITABLE } from '../support/inheritables';
import { edit, untouched } from '../support/observations';
import { outline } from '../support/plans';
import { carryOut, deployTarget } from '../support/simulate';
import { streamsOf } from '../../../sql-runner/model/streams';

const contract = sourceContract();

const production = edit(untouched(contract), (draft) => Object.assign(draft.source, { inheritable: INHERITABLE }));

/** Runs that die after so many changes each, then one that does not. */
function runs(start: Observation, crashes: readonly number[], plan: (now: Observation) => Plan): Observation {
  let world = start;
  for (const survives of [...crashes, Infinity]) {
    const planned = plan(world);
    expect(planned.findings).toEqual([]);
    for (const change of planned.changes.slice(0, survives)) world = carryOut(contract, world, change);
  }
  expect(outline(plan(world))).toEqual([]);
  return world;
}

const apply = (now: Observation) => planApply(contract, now);
const teardown = (now: Observation) => planTeardown(contract, now);
const crashes = fc.array(fc.nat(9), { maxLength: 6 });

/** What the crashes must not have made a difference to: all but positions and nonces. */
function shape(world: Observation): unknown {
  const text = JSON.stringify({ ...world, ticket: world.ticket !== null });
  return text
    .replace(/nonce-of-[0-9A-F/]+/g, 'NONCE')
    .replace(/"[0-9A-F]+\/[0-9A-F]+"/g, '"LSN"')
    .replace(/\\"[0-9A-F]+\/[0-9A-F]+\\"/g, 'LSN');
}

const undisturbed = () => runs(deployTarget(contract, runs(production, [], apply)), [], apply);

test('wherever runs die, the next ones end at the same place, and no origin is advanced twice', () => {
  const expected = shape(undisturbed());
  fc.assert(
    fc.property(crashes, crashes, (before, after) => {
      const prepared = runs(production, before, apply);
      const following = runs(deployTarget(contract, prepared), after, apply);
      expect(shape(following)).toEqual(expected);
      for (const { database, stream } of streamsOf(contract)) {
        const facts = following.target!.databases[database]!.streams[stream.subscription]!;
        expect([facts.subscription?.enabled, facts.originProgress]).toEqual([true, following.target!.seedLsn]);
      }
      const { cron: _, ...inherited } = following.target!.inheritable;
      expect(Object.values(inherited).flat()).toEqual([]);
      expect(following.target!.readOnlyDatabases).toEqual(['shop', 'ledger']);
    }),
    { numRuns: 150 },
  );
});

test('a target deployed too early is refused by its precondition at each step before the ticket', () => {
  let world = untouched(contract);
  for (const change of apply(world).changes) {
    expect(() => deployTarget(contract, world)).toThrow('precondition');
    world = carryOut(contract, world, change);
  }
  expect(deployTarget(contract, world).target?.deployedNonce).toBe(world.ticket!.nonce);
});

test('a crash inside the ticket, between marks and parameter, is finished with the same nonce', () => {
  const prepared = runs(untouched(contract), [], apply);
  const half = { ...prepared, ticket: null };
  expect(runs(half, [], apply).ticket?.nonce).toBe(prepared.ticket!.nonce);
});

test('teardown, wherever it dies, leaves nothing of ours', () => {
  const connected = undisturbed();
  fc.assert(
    fc.property(crashes, (deaths) => {
      const gone = runs(connected, deaths, teardown);
      expect([gone.ticket, gone.source.role, gone.source.slots]).toEqual([null, null, []]);
      expect([gone.target!.readOnlyDatabases, gone.target!.role]).toEqual([[], null]);
      const copies = Object.values(gone.target!.databases);
      expect(copies.flatMap(({ publications, heartbeats }) => [...publications, ...heartbeats!])).toEqual([]);
      expect(Object.values(gone.source.databases).flatMap(({ publications }) => publications)).toEqual([]);
      expect(ticketState(gone, streamFacts(contract, gone)).kind).toBe('none');
    }),
    { numRuns: 100 },
  );
});

test('after a teardown the whole way can be gone again, with a new clone', () => {
  const first = undisturbed();
  const gone = runs(first, [], teardown);
  const again = runs(gone, [], apply);
  expect(isBlocked(apply(again))).toBe(false);
  expect(apply(again).nextStep?.command).toBe('cdktf deploy demo-target');
  const replaced = runs(deployTarget(contract, again), [], apply);
  expect(replaced.target!.deployedNonce).not.toBe(first.target!.deployedNonce);
  expect(apply(replaced)).toMatchObject({ changes: [], nextStep: null });
});
