import type { EngineEvent } from '../../sql-runner/engine/events';
import type { PlanMode } from '../../sql-runner/engine/plan';
import type { RunOutcome } from '../../sql-runner/engine/run';
import { OperatorError } from '../../environments/operator-error';
import { DirectLab } from './support/direct-lab';

/**
 * Runs at once: one works, the others wait for it or say who holds the lock, and what is left is whole.
 * ROUNDS=50 for a long run: npm run test:concurrency.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 3);
jest.setTimeout(60_000 + ROUNDS * 30_000);

let world: DirectLab;

beforeAll(async () => {
  world = await DirectLab.start('concurrency');
  for (const [database, table] of [
    ['shop', 'orders'],
    ['ledger', 'accounts'],
    ['ledger', '"Audit"."Log"'],
  ] as const) {
    const client = await world.source(database);
    await client.query('CREATE SCHEMA IF NOT EXISTS "Audit"');
    await client.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY)`);
    await client.end();
  }
  await world.run('apply');
  // Somebody else's slot: teardown keeps the parameter group, so that no round needs a reboot.
  const other = await world.source('shop');
  await other.query(`SELECT pg_create_logical_replication_slot('reports', 'pgoutput')`);
  await other.end();
  await world.run('teardown');
});
afterAll(() => world?.lab.down());

interface Ending {
  readonly outcome: RunOutcome | string;
  readonly text: string;
  readonly waits: readonly string[];
}

/** A run to its end: how it went, or the code of its refusal. */
async function runOf(mode: PlanMode, lockTimeoutMs: number): Promise<Ending> {
  const waits: string[] = [];
  const listener = (event: EngineEvent): void => {
    if (event.type === 'waiting') waits.push(event.for);
  };
  try {
    return { outcome: await world.run(mode, { lockTimeoutMs, listener }), text: '', waits };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { outcome: error.code, text: error.message, waits };
  }
}

/** Everything of ours that there is: 1 role, 2 publications, 2 slots, ticket, our parameter group. */
async function inventory(): Promise<unknown> {
  const client = await world.source('shop');
  const ledger = await world.source('ledger');
  const count = `SELECT count(*)::int AS count FROM pg_publication WHERE obj_description(oid, 'pg_publication') LIKE '%"ticket"%'`;
  const [shop, other] = [await client.query(count), await ledger.query(count)];
  const { rows } = await client.query(
    `SELECT (SELECT count(*)::int FROM pg_roles WHERE rolname = 'acas_demo') AS roles, (SELECT count(*)::int FROM pg_replication_slots WHERE slot_name LIKE 'acas%') AS slots`,
  );
  await Promise.all([client.end(), ledger.end()]);
  const publications = (shop.rows[0] as { count: number }).count + (other.rows[0] as { count: number }).count;
  return { ...(rows[0] as object), publications, ticket: (await world.ticket()) !== null };
}

const PREPARED = { roles: 1, publications: 2, slots: 2, ticket: true };
const GONE = { roles: 0, publications: 0, slots: 0, ticket: false };

/** Waiting, or refusing with the name of who holds the lock. */
function expectFairness(endings: readonly Ending[]): void {
  for (const { outcome, text } of endings) {
    // The text is in it so that a failure says what the run said.
    expect({ outcome, text }).toEqual({ outcome: expect.stringMatching(/^(applied|nothing-to-do|LOCK_HELD)$/), text });
    if (outcome === 'LOCK_HELD') expect(text).toMatch(/process \d+ of app_owner \(sql-runner demo\)|it has just ended/);
  }
  expect(endings.filter(({ outcome }) => outcome === 'applied').length).toBeGreaterThan(0);
}

const rounds = Array.from({ length: ROUNDS }, (_, round) => [round + 1] as const);

test.each(rounds)('round %d: two applies, one of them works', async (round) => {
  const patience = round % 2 === 0 ? 200 : 30_000;
  const endings = await Promise.all([runOf('apply', 30_000), runOf('apply', patience)]);
  expectFairness(endings);
  expect(endings.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
  expect(await inventory()).toEqual(PREPARED);

  const [applied, torn] = await Promise.all([runOf('apply', 30_000), runOf('teardown', 30_000)]);
  expectFairness([applied, torn]);
  expect(torn.outcome).toBe('applied');
  // Whichever came last has had its way, all of it.
  expect([PREPARED, GONE]).toContainEqual(await inventory());
  await runOf('teardown', 30_000);
  expect(await inventory()).toEqual(GONE);
});

test('with a clone: apply against teardown and reset leaves every stream whole, or none', async () => {
  await world.run('apply');
  await world.deployTarget();
  const bootstraps = await Promise.all([runOf('apply', 30_000), runOf('apply', 30_000)]);
  expect(bootstraps.map(({ outcome }) => outcome).sort()).toEqual(['applied', 'nothing-to-do']);
  expect((await world.plan()).changes).toEqual([]);
  const endings = await Promise.all([runOf('reset', 30_000), runOf('apply', 30_000), runOf('teardown', 30_000)]);
  expectFairness(endings);
  await runOf('teardown', 30_000);
  expect(await inventory()).toEqual(GONE);
  const clone = await world.clone('shop');
  expect((await clone.query('SELECT subname FROM pg_subscription')).rows).toEqual([]);
  await clone.end();
});
