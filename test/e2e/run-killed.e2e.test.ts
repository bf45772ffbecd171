import type { Client } from 'pg';
import { printedRun } from '../sql-runner/checks/printed-fix';
import { eventually } from '../support/eventually';
import { applyOf, IN_SYNC, quietIn } from './support/continuity-said';
import { CliProcesses } from './support/cli-process';
import { DirectLab } from './support/direct-lab';
import { stagesInOrder } from './support/in-order';
import { looksOf } from './support/looks';
import { execute, reconnectSooner } from './support/provocations';

/**
 * A run that is killed by SIGKILL while it alters subscriptions: what it did is its own doing, and what somebody else
 * does in the same window is not.
 */

const stage = stagesInOrder();
let world: DirectLab;
let processes: CliProcesses;

beforeAll(async () => {
  world = await DirectLab.start('run-killed');
  for (const database of ['shop', 'ledger'])
    await execute(await world.source(database), ['CREATE TABLE things (id bigint PRIMARY KEY)']);
  await execute(await world.source('ledger'), [
    'CREATE SCHEMA "Audit"',
    'CREATE TABLE "Audit"."Log" (id bigint PRIMARY KEY)',
  ]);
  await world.run('apply');
  await world.deployTarget();
  await reconnectSooner(world);
  await world.run('apply');
  processes = new CliProcesses(world);
});
afterAll(() => world?.lab.down());

const WAITS = `SELECT pid FROM pg_locks WHERE NOT granted AND classid = 'pg_subscription'::regclass`;

/** Killed where it would alter the subscription of this database: somebody holds a lock on it. */
async function killAt(database: string, mode: 'rotate' | 'resume'): Promise<void> {
  const holder: Client = await world.clone(database);
  await holder.query('BEGIN');
  await holder.query(`COMMENT ON SUBSCRIPTION acas_demo_${database} IS 'locked'`);
  let waiting: unknown;
  await processes.runUntilKilled(mode, ['--auto-approve'], () =>
    eventually(async () => {
      waiting = (await holder.query(WAITS)).rows[0]?.pid;
      return waiting !== undefined;
    }, 60_000),
  );
  // The server does not see yet that its client is gone.
  await holder.query('SELECT pg_terminate_backend($1)', [waiting]);
  await eventually(async () => (await holder.query(WAITS)).rows.length === 0);
  await holder.query('ROLLBACK');
  await holder.end();
}

/** What status, plan and doctor say against streams, by database. */
async function problems(): Promise<string[]> {
  const { status } = await looksOf(world);
  return status.streams.flatMap(({ database, problems: all }) => all.map(({ code }) => `${database} ${code}`)).sort();
}

const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
const meddle = () =>
  onClone(
    'ALTER SUBSCRIPTION acas_demo_shop SET (binary = true)',
    'ALTER SUBSCRIPTION acas_demo_shop SET (binary = false)',
  );

stage('once the role has the new password, and no subscription: told at once, and healed as printed', async () => {
  await killAt('shop', 'rotate');
  expect(await problems()).toEqual(['ledger SOURCE_REFUSES_LOGIN', 'shop SOURCE_REFUSES_LOGIN']);
  const { status, diagnosis } = await looksOf(world);
  expect(status.streams.map(({ state }) => state)).toEqual(['streaming', 'streaming']);
  const [shop] = status.streams;
  expect(shop!.problems[0]!.seen).toBe(
    'the source lets acas_demo log in with the password in its secret, and acas_demo_shop was given another version of that secret, whose password does not work any more',
  );
  expect(diagnosis.results.find(({ code }) => code === 'SOURCE_REFUSES_LOGIN')).toMatchObject({ status: 'fail' });
  expect(await world.follow(printedRun(shop!.problems[0]!, 'SOURCE_REFUSES_LOGIN'))).toBe('applied');
  await quietIn(world);
  await execute(await world.source('shop'), [
    'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active',
  ]);
  await eventually(async () => (await problems()).length === 0);
  await quietIn(world);
});

stage('between two subscriptions: nobody else has altered one, and no row is compared', async () => {
  await killAt('ledger', 'rotate');
  expect(await problems()).toEqual(['ledger SOURCE_REFUSES_LOGIN']);
  const { changes, findings } = await world.plan();
  expect(changes.map(({ id }) => id)).toEqual(['target/ledger/subscription-connection/acas_demo_ledger']);
  expect(findings.map(({ code }) => code)).toEqual(['SOURCE_REFUSES_LOGIN']);
  expect(await applyOf(world)).toEqual(IN_SYNC);
  await quietIn(world);
});

stage('what somebody else alters in that window is told, to the number', async () => {
  await killAt('ledger', 'rotate');
  await meddle();
  const told = (await looksOf(world)).status.streams[0]!;
  expect([told.state, told.problems.find(({ code }) => code === 'CONTINUITY_NOT_PROVEN')!.seen]).toEqual([
    'not proven',
    'subscription acas_demo_shop in database shop, or another one of the clone, was altered 2 times by somebody else since sql-runner was there, and may have been put back',
  ]);
  expect((await world.plan()).changes.map(({ id }) => id)).toContain('target/shop/continuity/acas_demo_shop');
  expect(await applyOf(world)).toEqual(IN_SYNC);
  await quietIn(world);
});

stage('a resume that let one stream go on leaves nothing that looks like somebody else', async () => {
  await world.run('hold');
  await killAt('ledger', 'resume');
  expect(await problems()).toEqual([]);
  const { changes } = await world.plan('resume');
  expect(changes.map(({ id }) => id)).toEqual(['target/ledger/subscription-enabled/acas_demo_ledger']);
  await meddle();
  expect(await problems()).toContain('shop CONTINUITY_NOT_PROVEN');
  expect(await world.run('resume')).toBe('applied');
  await quietIn(world);
});
