import { createColors } from 'picocolors';
import { carryOut } from '../sql-runner/checks/printed-fix';
import { OperatorError } from '../../errors/operator-error';
import { makePlan } from '../../sql-runner/actions/run';
import { isFollowing } from '../../sql-runner/actions/status';
import { planText } from '../../sql-runner/render/plan-text';
import { refusalOf } from './support/direct-lab';
import { runDying } from './support/dying-run';
import { stagesInOrder } from './support/in-order';
import { applyOf, saysEqual } from './support/continuity-said';
import { looksOf, statusOf } from './support/looks';
import { expectUnharmed, NewTableWorld } from './support/new-table-world';
import type { TableWriters } from './support/table-writers';

/**
 * One table is copied anew while writers write to it and to another one: no row is lost or there twice, the other stands as
 * it stood. Killed at every statement: npm run test:mend.
 */

const EVERYWHERE = Number(process.env.ROUNDS ?? 1) > 1;
const stage = stagesInOrder();
let world: NewTableWorld;
let writers: TableWriters[];

const tables = (...names: string[]) => ({ tables: { names, database: null } });
const plan = (...names: string[]) => makePlan(world.lab.open, world.lab.contracts, 'resync', tables(...names));
const resync = (...names: string[]) => world.lab.run('resync', tables(...names));

beforeAll(async () => {
  world = await NewTableWorld.start(
    'resync',
    ...[
      'CREATE TABLE busy (id bigint PRIMARY KEY, writer integer NOT NULL, note text)',
      'CREATE TABLE beside (id bigint PRIMARY KEY, writer integer NOT NULL, note text)',
      `INSERT INTO busy SELECT g, 0, 'first' FROM generate_series(1, 60) g`,
      `INSERT INTO beside SELECT g, 0, 'first' FROM generate_series(1, 60) g`,
      'CREATE TABLE children (id bigint PRIMARY KEY, busy bigint REFERENCES busy DEFERRABLE)',
      'INSERT INTO children SELECT g, g FROM generate_series(1, 5) g',
      'CREATE TABLE parted (id bigint PRIMARY KEY) PARTITION BY RANGE (id)',
      'CREATE TABLE part_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)',
    ],
  );
  writers = [await world.writersOf('busy'), await world.writersOf('beside')];
});
afterAll(async () => {
  for (const one of writers ?? []) await one.stop().catch(() => undefined);
  await world?.lab.lab.down();
});

/** As somebody who writes on the clone by hand: a row that is missing, one too many, one that is otherwise. */
const damage = () =>
  world.onClone(
    'SET session_replication_role = replica; DELETE FROM busy WHERE id = 3',
    `INSERT INTO busy VALUES (-1, 0, 'of the clone')`,
    `UPDATE busy SET note = 'otherwise' WHERE id = 47`,
  );
const rowsOfBeside = () =>
  world.onClone('SELECT c.relfilenode::text AS file FROM pg_class c WHERE relname = $$beside$$');
const slots = () => world.onSource('SELECT slot_name::text AS name FROM pg_replication_slots ORDER BY 1');
const rights = () => world.onSource(`SELECT has_table_privilege('acas_demo', 'busy', 'SELECT') AS "select"`);
const marks = async () =>
  (
    await world.onClone(
      `SELECT description AS mark FROM pg_description WHERE description LIKE '%"kind":"subscription"%'`,
    )
  )
    .map(({ mark }) => String(mark))
    .join();

stage('what is no table of a stream, or does not stand alone, is not begun', async () => {
  expect(await refusalOf(resync('public.none'))).toBe('TABLE_NOT_SENT');
  expect(await refusalOf(resync('public.parted'))).toBe('TABLE_NOT_RENEWED');
  expect(await marks()).not.toContain('"again"');
});

stage('the plan says what it means for readers of the clone', async () => {
  const planned = await plan('public.busy');
  expect(planned.changes.map(({ id }) => id)).toEqual([
    'target/shop/table-anew/public.busy',
    'target/shop/table/public.busy',
    'source/shop/copy-rights/public.busy',
    'source/shop/published-table/public.busy',
    'target/shop/table-copies/acas_demo_shop',
    'source/shop/copy-rights/acas_demo_shop',
  ]);
  const text = planText(planned, createColors(false));
  expect(text).toContain('until then they are empty on the clone');
  expect(text).toContain('TRUNCATE ONLY "public"."busy"');
});

stage('who writes to it in a transaction that stays open is told of before anything is emptied', async () => {
  const writer = await world.lab.source('shop');
  await writer.query('BEGIN; UPDATE children SET busy = busy WHERE id = 1');
  const before = await world.onClone('SELECT count(*)::int AS rows FROM children');
  expect(await refusalOf(resync('public.children'))).toBe('LOCK_TIMEOUT');
  await writer.query('ROLLBACK');
  await writer.end();
  expect(await world.onClone('SELECT count(*)::int AS rows FROM children')).toEqual(before);
  expect(await marks()).not.toContain('"again"');
});

stage('a trigger that would change or leave out what is copied stops it before anything is emptied', async () => {
  await world.onClone(
    `CREATE FUNCTION masked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.busy := NULL; RETURN NEW; END $$`,
    'CREATE TRIGGER "Mask" BEFORE INSERT ON children FOR EACH ROW EXECUTE FUNCTION masked()',
    'ALTER TABLE children ENABLE ALWAYS TRIGGER "Mask"',
  );
  const rows = () => world.onClone('SELECT count(*)::int AS rows FROM children');
  const before = await rows();
  expect(await refusalOf(resync('public.children'))).toBe('TRIGGERS_FIRE_ON_APPLY');
  expect([await rows(), await marks()]).toEqual([before, expect.not.stringContaining('"again"')]);
  // Of another table it says nothing.
  expect((await plan('public.beside')).findings).toEqual([]);
  const [finding] = (await plan('public.children')).findings;
  const clone = await world.lab.clone('shop');
  await carryOut(finding!, clone, 'TRIGGERS_FIRE_ON_APPLY').finally(() => clone.end());
  expect((await plan('public.children')).findings).toEqual([]);
  await world.onClone('DROP FUNCTION masked() CASCADE');
});

stage('one table is mended under writers, and the others are left alone', async () => {
  await damage();
  const [before, own] = [await rowsOfBeside(), await slots()];
  expect(await saysEqual(world.lab)).toBe(false);
  expect(await resync('public.busy')).toBe('applied');
  expect(await rowsOfBeside()).toEqual(before);
  expect([await slots(), await rights()]).toEqual([own, [{ select: false }]]);
  expect(await saysEqual(world.lab)).toBe(true);
  expect(await marks()).not.toContain('"again"');
  expect(isFollowing(await statusOf(world.lab))).toBe(true);
  expect((await world.lab.plan()).changes).toEqual([]);
});

stage(
  'of a stream whose rows differ the printed command mends the tables, and apply then finds all equal',
  async () => {
    await damage();
    await world.onClone('ALTER SUBSCRIPTION acas_demo_shop DISABLE');
    await world.onClone('ALTER SUBSCRIPTION acas_demo_shop ENABLE');
    const broken = await world.lab.run('apply').catch((error: unknown) => error as OperatorError);
    if (!(broken instanceof OperatorError)) throw new Error('nothing was found to differ');
    expect(broken.code).toBe('STREAM_BROKEN');
    const [, names, database] = /sql-runner resync demo (.+?) --database (\w+) makes a fresh copy/.exec(broken.next)!;
    const wanted = { names: names!.split(' '), database: database! };
    expect(wanted).toEqual({ names: ['public.busy'], database: 'shop' });
    expect(await world.lab.run('resync', { tables: wanted })).toBe('applied');
    expect((await plan('public.busy')).nextStep?.command).toBe('sql-runner apply demo');
    expect(await applyOf(world.lab)).toEqual({ code: 'nothing was refused', inSync: true });
    expect(await saysEqual(world.lab)).toBe(true);
  },
);

stage('wherever it dies, one apply ends at the same place, and until then nothing is called in sync', async () => {
  const seen: string[] = [];
  for (let n = EVERYWHERE ? 1 : 9; ; n += 1) {
    await damage();
    const { at } = await runDying(world.lab, n, n % 2 === 0, 'resync', tables('public.busy'));
    if (at !== null && (await marks()).includes('"again"')) {
      expect(await saysEqual(world.lab)).toBe(false);
      const { plan: next, status } = await looksOf(world.lab);
      expect([next.changes.length > 0, isFollowing(status)]).toEqual([true, false]);
      expect(await applyOf(world.lab)).toEqual({ code: 'nothing was refused', inSync: true });
    } else if (at !== null && !(await saysEqual(world.lab))) {
      // Before it was noted nothing was done.
      expect(await resync('public.busy')).toBe('applied');
    } else await applyOf(world.lab);
    expect(await saysEqual(world.lab)).toBe(true);
    expect(await rights()).toEqual([{ select: false }]);
    seen.push(at ?? '');
    if (at === null || !EVERYWHERE) break;
  }
  if (EVERYWHERE)
    expect(seen.join('\n')).toMatch(
      /DROP TABLE[^]*REFRESH[^]*terminate[^]*DELETE[^]*GRANT[^]*ADD TABLE[^]*REFRESH[^]*REVOKE/,
    );
});

stage('a row that stops the stream goes with its table', async () => {
  await world.onClone(`INSERT INTO orders VALUES (500, 'of the clone')`);
  await world.onSource(`INSERT INTO orders VALUES (500, 'of production')`);
  expect(await resync('public.orders')).toBe('applied');
  expect(await world.same('orders')).toBeGreaterThan(0);
});

stage('production was not kept from anything, and every row is there once', async () => {
  for (const one of writers) await one.stop();
  for (const one of writers) expectUnharmed(one);
  expect(await world.same('busy', 'beside', 'orders', 'children')).toBeGreaterThan(120);
});
