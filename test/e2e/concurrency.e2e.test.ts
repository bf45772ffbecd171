import type { Client } from 'pg';
import { CliProcesses, type Ending } from './support/cli-process';
import { expectFairness, expectSameOrders, FOLLOWING, GONE, inventory, PREPARED, type Tally } from './support/contest';
import { DirectLab } from './support/direct-lab';

/**
 * Two sql-runner processes at once, again and again: one works, the other waits for it or says who holds the lock,
 * and what is left is whole, whoever came first. ROUNDS=50 for a long run: npm run test:concurrency.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 1);

const tally: Tally = { contests: 0, waited: 0, refused: 0, alone: 0 };
let world: DirectLab;
let cli: CliProcesses;
let writer: { stop(): Promise<void> };

beforeAll(async () => {
  world = await DirectLab.start('concurrency');
  cli = new CliProcesses(world);
  const tables = { shop: ['orders'], ledger: ['accounts', '"Audit"."Log"'] };
  for (const [database, names] of Object.entries(tables)) {
    const client = await world.source(database);
    await client.query('CREATE SCHEMA IF NOT EXISTS "Audit"');
    for (const name of names) await client.query(`CREATE TABLE ${name} (id bigint PRIMARY KEY)`);
    await client.end();
  }
});
afterAll(async () => {
  await writer?.stop();
  await world?.lab.down();
});

/** Rows 1, 2, 3, … one at a time, each in a transaction of its own. */
function startWriter(client: Client): { stop(): Promise<void> } {
  let stopped = false;
  const done = (async () => {
    for (let id = 1; !stopped; id += 1) await client.query('INSERT INTO orders VALUES ($1)', [id]);
  })();
  const stop = async () => {
    stopped = true;
    await done.finally(() => client.end());
  };
  return { stop };
}

const PATIENT = ['--auto-approve', '--lock-timeout', '180'];
const IMPATIENT = ['--auto-approve', '--lock-timeout', '0.1'];

test('who waits while the other run restarts the writer, waits on', async () => {
  const flags = [...PATIENT, '--allow-reboot'];
  const endings = await Promise.all([cli.run('apply', ...flags), cli.run('apply', ...flags)]);
  for (const { outcome, waits, stderr } of endings) {
    // One that was about to log in as the server went down had not begun to wait: it says so, and goes on when run again.
    const isOutside = outcome === 'CONNECT_REFUSED' && waits.length === 0;
    // After the restart either of them may be first to hold the lock again.
    expect({ outcome: isOutside ? (await cli.run('apply', ...flags)).outcome : outcome, stderr }).toEqual({
      stderr,
      outcome: expect.stringMatching(/^(applied|nothing-to-do|RUN_OVERTAKEN)$/),
    });
  }
  expect(endings.map(({ outcome }) => outcome)).toContain('applied');
  expect(await inventory(world)).toEqual(PREPARED);
  const other = await world.source('shop');
  // Somebody else's slot: teardown keeps the parameter group, so that no round needs a reboot.
  await other.query(`SELECT pg_create_logical_replication_slot('reports', 'pgoutput')`);
  await other.end();
  await world.run('teardown');
  expect(await inventory(world)).toEqual(GONE);
  writer = startWriter(await world.source('shop'));
});

/** Two of a kind, or an apply against something else; the second has no patience in every other round. */
async function contest(other: string, round: number): Promise<readonly [Ending, Ending]> {
  const endings = await Promise.all([
    cli.run('apply', ...PATIENT),
    cli.run(other, ...(round % 2 === 0 ? IMPATIENT : PATIENT)),
  ]);
  expectFairness(endings, tally);
  return endings;
}

async function twoApplies(round: number): Promise<void> {
  const endings = await contest('apply', round);
  expect(endings.filter(({ outcome }) => outcome === 'applied')).toHaveLength(1);
  expect(await inventory(world)).toEqual(PREPARED);
  expect((await world.plan()).changes).toEqual([]);
}

async function applyAndDoctor(): Promise<void> {
  const [applied, doctor] = await Promise.all([cli.run('apply', ...PATIENT), cli.run('doctor')]);
  expect({ outcome: applied.outcome, text: applied.stderr }).toEqual({ outcome: 'applied', text: '' });
  expect(doctor.stderr).toBe('');
  const { results } = JSON.parse(doctor.stdout) as { results: { code: string; status: string }[] };
  const failed = results.filter(({ status }) => status === 'fail').map(({ code }) => code);
  // What it reads in the middle of an apply may look wrong; then it says that somebody is at work.
  if (failed.length > 0) expect(results.map(({ code }) => code)).toContain('RUN_IN_PROGRESS');
  expect(await inventory(world)).toEqual(FOLLOWING);
  expect((await world.plan()).changes).toEqual([]);
  const verified = await cli.run('verify');
  expect({ exitCode: verified.exitCode, text: verified.stderr }).toMatchObject({ exitCode: 0 });
  await expectSameOrders(world);
}

async function applyAndReset(round: number): Promise<void> {
  const before = await world.ticket();
  const [, reset] = await contest('reset', round);
  if (reset.outcome === 'LOCK_HELD') await world.run('reset');
  expect(await world.ticket()).not.toBe(before);
  expect(await inventory(world)).toEqual(PREPARED);
  const { changes, nextStep } = await world.plan();
  expect({ changes, next: nextStep?.command }).toEqual({ changes: [], next: 'cdktf deploy demo-target' });
}

async function applyAndTeardown(round: number): Promise<void> {
  const [, torn] = await contest('teardown', round);
  // Whichever came last has had its way, all of it.
  const left = torn.outcome === 'LOCK_HELD' ? [PREPARED, FOLLOWING] : [PREPARED, GONE];
  expect(left).toContainEqual(await inventory(world));
  await world.run('teardown');
  expect(await inventory(world)).toEqual(GONE);
}

const rounds = Array.from({ length: ROUNDS }, (_, round) => [round + 1] as const);

test.each(rounds)('round %d: two applies; apply against doctor, reset and teardown', async (round) => {
  await twoApplies(round);
  await world.deployTarget();
  await applyAndDoctor();
  // Either is the first to meet a clone that follows.
  if (round % 2 === 0) {
    await applyAndTeardown(round);
    await world.run('apply');
    await applyAndReset(round);
    await world.run('teardown');
  } else {
    await applyAndReset(round);
    await applyAndTeardown(round);
  }
  expect(await inventory(world)).toEqual(GONE);
  await world.destroyClone();
  // So that the last of many rounds compares as many rows as the first.
  const client = await world.source('shop');
  await client.query('TRUNCATE orders');
  await client.end();
});

test('the runs did meet', () => {
  process.stderr.write(`${JSON.stringify({ rounds: ROUNDS, ...tally })}\n`);
  expect(tally.contests).toBe(ROUNDS * 3);
  // Two processes that start together need not meet each time; of these few, one has to, of many, most do.
  expect(tally.waited + tally.refused).toBeGreaterThan(ROUNDS < 10 ? 0 : tally.alone);
});
