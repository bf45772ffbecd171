import { inSession } from '../../../lab/connections';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { statusOf } from '../../e2e/support/looks';
import { eventually } from '../../support/eventually';
import { serve } from './served';

const SLOT = 'acas_demo_shop';
const BOTH = ['acas_demo_ledger', SLOT];
const BUDGET = { bytes: 12_000_000, hours: null } as const;
type Serving = Awaited<ReturnType<typeof serve>>;

const slots = (world: DirectLab) =>
  inSession(world.lab.adminConnection('source', 'shop'), async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT slot_name AS name FROM pg_replication_slots ORDER BY 1',
    );
    return rows.map(({ name }) => name);
  });

/** WAL of a database that is not replicated. */
async function writeElsewhere(world: DirectLab, megabytes: number): Promise<void> {
  const source = await world.source('postgres');
  for (let written = 0; written < megabytes; written += 1)
    await source.query(`SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000))`);
  await source.query('CHECKPOINT');
}

const used = async (serving: Serving): Promise<number[]> =>
  (await serving.metrics()).values('acas_stream_budget_used_ratio').map(({ value }) => value);

/** So many more looks than by now, each with what follows from it. */
async function afterLooks(serving: Serving, count: number): Promise<void> {
  const seen = async () => (await serving.metrics()).values('acas_looks_total')[0]!.value;
  const before = await seen();
  await eventually(async () => (await seen()) >= before + count);
}

/** Production keeps WAL for an open transaction of its own: no clone can hurry that, and none is destroyed for it. */
async function keptForItself(world: DirectLab): Promise<void> {
  await inSession(world.lab.adminConnection('source', 'postgres'), async (client) => {
    await client.query('CREATE TABLE aside (id int)');
    await client.query('BEGIN');
    await client.query('INSERT INTO aside VALUES (1)');
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const serving = await serve(world, { ...BUDGET, onBudget: 'release' });
    await writeElsewhere(world, 40);
    await eventually(async () => {
      const kept = (await serving.metrics()).values('acas_slot_retained_wal_bytes');
      return kept.every(({ value }) => value > 36_000_000) && (await used(serving)).every((part) => part < 0.5);
    });
    await afterLooks(serving, 12);
    expect([await slots(world), serving.logged]).toEqual([BOTH, []]);
    await eventually(async () => {
      const { streams } = await statusOf(world);
      return streams.every(({ consequence }) => consequence?.includes(`ends: process ${rows[0]!.pid} of `));
    });
    await serving.stop();
    await client.query('ROLLBACK');
    await client.query('DROP TABLE aside');
  });
}

/** Production comes first, where the environment file says so: a slot that costs too much is dropped while it is read. */
async function notFollowing(world: DirectLab): Promise<void> {
  await inSession(world.lab.adminConnection('clone', 'shop'), async (locks) => {
    await locks.query('BEGIN');
    await locks.query('LOCK TABLE customers IN ACCESS EXCLUSIVE MODE');
    await (await world.clone('ledger')).query('ALTER SUBSCRIPTION acas_demo_ledger DISABLE');
    await (await world.source('shop')).query('UPDATE customers SET name = name WHERE id = 1');
    const alarm = await serve(world, { ...BUDGET, onBudget: 'alarm' });
    const release = await serve(world, { ...BUDGET, onBudget: 'release' });
    await writeElsewhere(world, 10);
    await eventually(async () => (await used(release)).every((part) => part >= 0.8));
    await eventually(() => Promise.resolve(release.logged.length === 2));
    expect(release.logged.join()).toMatch(/^Slot acas_demo_shop has used up \d\d % of its budget: at 100 % /);
    expect([await slots(world), alarm.logged]).toEqual([BOTH, []]);

    await writeElsewhere(world, 4);
    await eventually(async () => (await used(alarm)).every((part) => part > 1));
    await eventually(async () => (await slots(world)).length === 0);
    await eventually(() => Promise.resolve(release.logged.length === 6));
    await Promise.all([alarm.stop(), release.stop()]);
    expect(alarm.logged).toEqual([]);
    expect(release.logged.slice(2).join()).toMatch(
      /^Slot acas_demo_shop has used up its budget: .*,Slot acas_demo_shop was dropped: .* of WAL not confirmed of 12 MB\). Only a new clone helps: sql-runner plan demo,/,
    );
    await locks.query('ROLLBACK');
  });
}

export async function released(world: DirectLab): Promise<void> {
  await keptForItself(world);
  await notFollowing(world);
  const [shop] = (await statusOf(world)).streams;
  expect(shop!.problems.map(({ seen }) => seen).join()).toMatch(
    /was dropped by sql-runner serve at 20.* it had used up its budget/,
  );
  expect((await world.plan()).findings.map(({ code }) => code)).toContain('SLOT_LOST');
}
