import { createColors } from 'picocolors';
import { run, makePlan } from '../../sql-runner/actions/run';
import { isFollowing } from '../../sql-runner/actions/status';
import { planText } from '../../sql-runner/render/plan-text';
import type { Plan } from '../../sql-runner/model/plan';
import { approved } from '../support/approved';
import { eventually } from '../support/eventually';
import { from } from '../support/postgres-major';
import { connectBy } from '../../lab/connections';
import { waitUntilCaughtUp } from '../../lab/demo/comparison';
import { carryOut, printedRun } from '../sql-runner/checks/printed-fix';
import { DirectLab, refusalOf } from './support/direct-lab';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { applyOf, saysEqual } from './support/continuity-said';
import { diagnosisOf, looksOf, statusOf } from './support/looks';
import { execute } from './support/provocations';
import { TableWriters } from './support/table-writers';

/**
 * A transaction that the clone cannot apply is left out, while writers write; what it held is missed by nobody. Killed at
 * every statement: npm run test:mend.
 */
const EVERYWHERE = Number(process.env.ROUNDS ?? 1) > 1;

const stage = stagesInOrder();
let world: DirectLab;
let writers: TableWriters;

const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
const onClone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
const skipping = (confirm = true) =>
  run(world.open, world.contracts, approved('skip', { confirm: () => Promise.resolve(confirm) }));
const plan = (): Promise<Plan> => makePlan(world.open, world.contracts, 'skip');
const marks = async () =>
  (await onClone(`SELECT description AS mark FROM pg_description WHERE description LIKE '%"kind":"subscription"%'`))
    .map(({ mark }) => String(mark))
    .join();
const origin = async () =>
  (await onClone('SELECT remote_lsn::text AS lsn FROM pg_replication_origin_status'))[0]!['lsn'];

beforeAll(async () => {
  world = await DirectLab.start('skip', { databases: ['shop'] });
  await onSource(
    'CREATE TABLE orders (id bigint PRIMARY KEY, note text)',
    'CREATE TABLE lines (id bigint PRIMARY KEY, orders bigint)',
    'CREATE TABLE busy (id bigint PRIMARY KEY, writer integer NOT NULL, note text)',
    `INSERT INTO busy SELECT g, 0, 'first' FROM generate_series(1, 60) g`,
    'INSERT INTO lines SELECT g, g FROM generate_series(1, 5) g',
  );
  await world.run('apply');
  await world.deployTarget();
  const admin = await connectBy((database) => world.lab.adminConnection('clone', database))('shop');
  await execute(admin, [`ALTER SYSTEM SET wal_retrieve_retry_interval = '1s'`, 'SELECT pg_reload_conf()']);
  await world.run('apply');
  writers = new TableWriters([await world.source('shop'), await world.source('shop')], 'busy');
});
afterAll(async () => {
  await writers?.stop().catch(() => undefined);
  await world?.lab.down();
});

/** A row of the clone's own stands where production writes one, with other rows in the same transaction. */
async function fail(id: number): Promise<void> {
  await onClone(`INSERT INTO orders VALUES (${id}, 'of the clone')`);
  await onSource(
    `BEGIN; INSERT INTO lines VALUES (${id}, ${id}); INSERT INTO orders SELECT g, 'new' FROM generate_series(${id}, ${id + 2}) g; UPDATE lines SET orders = 0 WHERE id = ${id}; DELETE FROM lines WHERE id = ${id}; COMMIT`,
  );
  await eventually(async () => (await diagnosisOf(world)).results.some(isFailing), 30_000);
}
const rows = (id: number) => `INSERT INTO orders SELECT g, 'new' FROM generate_series(${id}, ${id + 2}) g`;
const isFailing = ({ findings }: { findings: readonly { code: string }[] }) =>
  findings.some(({ code }) => code === 'APPLY_WORKER_FAILING' || code === 'APPLY_WORKER_STOPPED');

stage('a stream that goes on has nothing to be skipped', async () => {
  expect(await refusalOf(skipping())).toBe('NOTHING_TO_SKIP');
  expect(await marks()).not.toContain('skipped');
});

stage('what the transaction holds is shown, and without consent nothing is done', async () => {
  await fail(100);
  const before = await origin();
  const planned = await plan();
  const text = planText(planned, createColors(false));
  expect(planned.changes.map(({ id }) => id)).toEqual(['target/shop/subscription-skip/acas_demo_shop']);
  expect(text).toContain('-- public.lines: 1 inserted, 1 updated, 1 deleted');
  expect(text).toContain('-- public.orders: 3 inserted');
  expect(text).toContain(from(15) ? 'SKIP (lsn = ' : 'pg_replication_origin_advance');
  expect(await skipping(false)).toBe('declined');
  expect([await origin(), await marks()]).toEqual([before, expect.not.stringContaining('skipped')]);
});

stage('it is left out alone, and until every row was equal nothing is called well', async () => {
  expect(await skipping()).toBe('applied');
  expect(await marks()).toMatch(/"skipped":\[{"finish":"[0-9A-F/]+"/);
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
  // Nothing of it, and all of what came after.
  expect(await onClone('SELECT id::int FROM orders ORDER BY id')).toEqual([{ id: 100 }]);
  expect(await saysEqual(world)).toBe(false);
  const { plan: next, diagnosis, status } = await looksOf(world);
  for (const findings of [next.findings, diagnosis.results.flatMap((one) => one.findings)])
    expect(findings.find(({ code }) => code === 'CONTINUITY_NOT_PROVEN')?.seen).toMatch(
      /has skipped by consent the transaction that ends at \S+, with 6 changes of public.lines, public.orders, at /,
    );
  expect(isFollowing(status)).toBe(false);
  expect(await applyOf(world)).toEqual({ code: 'STREAM_BROKEN', inSync: false });
});

stage('once the rows are mended apply compares them, and the mark forgets it', async () => {
  await onClone('DELETE FROM orders WHERE id = 100', rows(100));
  expect(await applyOf(world)).toEqual({ code: 'nothing was refused', inSync: true });
  expect(await marks()).not.toContain('skipped');
  expect(await saysEqual(world)).toBe(true);
});

stage('what status prints as the last way out is carried out, whatever it fails on', async () => {
  if (!from(15)) return; // Up to 14 nothing counts errors: only that it has no worker is seen.
  const clone = await world.clone('shop');
  const found = async () => {
    const failing = async () =>
      (await diagnosisOf(world)).results
        .flatMap(({ findings }) => findings)
        .find(({ code }) => code === 'APPLY_WORKER_FAILING') ?? null;
    return eventually(failing, 30_000);
  };
  const mended = async (...statements: string[]) => {
    await onClone(...statements);
    expect(await applyOf(world)).toEqual({ code: 'nothing was refused', inSync: true });
  };
  // The row is deleted first, as it is printed; then nothing is left to be skipped.
  await fail(200);
  await carryOut(await found(), clone, 'APPLY_WORKER_FAILING');
  await eventually(async () => isFollowing(await statusOf(world)), 30_000);
  await fail(300);
  expect(await world.follow(printedRun(await found(), 'APPLY_WORKER_FAILING'))).toBe('applied');
  await mended('DELETE FROM orders WHERE id = 300', rows(300));
  await onClone('CREATE UNIQUE INDEX alone ON lines (orders)');
  await onSource('INSERT INTO lines VALUES (401, 1)');
  const words = await found();
  expect(words.next).not.toMatch(/: DELETE/);
  expect(await world.follow(printedRun(words, 'APPLY_WORKER_FAILING'))).toBe('applied');
  await mended('DROP INDEX alone', 'INSERT INTO lines VALUES (401, 1)');
  await onClone(
    `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not this one''; END'`,
    'CREATE TRIGGER no BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION no()',
    'ALTER TABLE lines ENABLE ALWAYS TRIGGER no',
  );
  await onSource('INSERT INTO lines VALUES (402, 1)');
  const unnamed = await found();
  expect(unnamed.next).toMatch(/^read the server's log of the clone/);
  expect(await world.follow(printedRun(unnamed, 'APPLY_WORKER_FAILING'))).toBe('applied');
  await mended('DROP TRIGGER no ON lines', 'DROP FUNCTION no', 'INSERT INTO lines VALUES (402, 1)');
  await clone.end();
});

stage('where the worker does not get there it is said, and what is printed goes on', async () => {
  await fail(500);
  const admin = await connectBy((database) => world.lab.adminConnection('source', database))('shop');
  const confirm = async () => {
    await admin.query('ALTER ROLE acas_demo NOLOGIN');
    return true;
  };
  const stuck = await run(world.open, world.contracts, approved('skip', { confirm, syncTimeoutMs: 2_000 })).catch(
    (error: unknown) => error as { code: string; next: string },
  );
  await admin.query('ALTER ROLE acas_demo LOGIN');
  await admin.end();
  if (typeof stuck !== 'string') {
    expect(stuck.code).toBe('SKIP_NOT_DONE');
    await onClone('DELETE FROM orders WHERE id = 500', rows(500));
    expect(await world.follow(printedRun(stuck, 'SKIP_NOT_DONE'))).toBe('applied');
  } else {
    // The origin was led past it, for which no worker is needed.
    await onClone('DELETE FROM orders WHERE id = 500', rows(500));
    expect(await applyOf(world)).toEqual({ code: 'nothing was refused', inSync: true });
  }
  expect(await saysEqual(world)).toBe(true);
});

const dying = EVERYWHERE ? stage : () => undefined;
dying('wherever it dies, apply goes on, and nothing is called in sync before rows are compared', async () => {
  const seen: string[] = [];
  for (let n = 1; ; n += 1) {
    const id = 1_000 * n;
    await fail(id);
    const { at } = await runDying(world, n, n % 2 === 0, 'skip');
    const told = (await marks()).includes('skipped');
    if (at !== null && !told) expect(await refusalOf(skipping())).toBe('nothing was refused');
    expect(await saysEqual(world)).toBe(false);
    // With the transaction it fails again, and is skipped once more.
    await onClone(`DELETE FROM orders WHERE id = ${id}`);
    await applyOf(world);
    await onClone(`${rows(id)} ON CONFLICT DO NOTHING`);
    expect(await applyOf(world)).toEqual({ code: 'nothing was refused', inSync: true });
    expect(await marks()).not.toContain('skipped');
    seen.push(at ?? '');
    if (at === null) break;
  }
  expect(seen.join()).toMatch(/ALTER SUBSCRIPTION/);
  expect(await saysEqual(world)).toBe(true);
});

stage('production was not kept from anything', async () => {
  await writers.stop();
  expect(writers.errors).toEqual([]);
  expect(writers.transactions).toBeGreaterThan(0);
  expect(isFollowing(await statusOf(world))).toBe(true);
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
  const all = 'SELECT t::text AS row FROM busy t ORDER BY 1';
  expect(await onClone(all)).toEqual(await onSource(all));
});
