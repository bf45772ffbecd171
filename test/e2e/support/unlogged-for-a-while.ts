import { troubleIn } from '../../sql-runner/support/trouble';
import { carryOut } from '../../sql-runner/checks/printed-fix';
import { statusOf } from './looks';
import { applyOf, doubtedIn, IN_SYNC, quietIn, saysEqual } from './continuity-said';
import type { DirectLab } from './direct-lab';
import { crash } from './older-files';
import { execute } from './provocations';

export const PARTS = `CREATE TABLE parts (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
  CREATE TABLE part_1 PARTITION OF parts DEFAULT`;

/** Partition part_1 of table parts in database shop: a row that it takes while it is unlogged is never sent. */
export async function unloggedForAWhile(world: DirectLab): Promise<void> {
  const onSource = async (...statements: string[]) => execute(await world.source('shop'), statements);
  const doubted = () => doubtedIn(world, 'CONTINUITY_NOT_PROVEN');
  await onSource('ALTER TABLE part_1 SET UNLOGGED');
  // Every row is equal then, which proves nothing for those to come.
  expect(await applyOf(world)).toEqual({ code: 'TABLE_UNLOGGED_SINCE', inSync: false });
  await onSource('INSERT INTO parts VALUES (7)');
  const [told] = (await statusOf(world)).streams;
  expect([troubleIn(told!), await saysEqual(world)]).toEqual([
    expect.stringContaining('public.part_1 on the source'),
    false,
  ]);
  const { findings } = await world.plan();
  const client = await world.source('shop');
  const since = findings.find(({ code }) => code === 'TABLE_UNLOGGED_SINCE')!;
  await carryOut(since, client, 'TABLE_UNLOGGED_SINCE').finally(() => client.end());
  expect(await doubted()).toEqual(['shop']);
  expect([await applyOf(world), await saysEqual(world)]).toEqual([{ code: 'STREAM_BROKEN', inSync: false }, false]);
  await onSource('DELETE FROM parts');
  expect(await applyOf(world)).toEqual(IN_SYNC);
  await quietIn(world);
  await onSource('INSERT INTO parts VALUES (8)');
  expect(await applyOf(world)).toEqual(IN_SYNC);
  await emptiedByACrash(world);
  expect(await doubted()).toEqual(['shop']);
  expect(await applyOf(world)).toEqual({ code: 'STREAM_BROKEN', inSync: false });
  await onSource('DELETE FROM parts');
  expect(await applyOf(world)).toEqual(IN_SYNC);
}

/** On the clone a crash takes all rows of an unlogged partition away. */
async function emptiedByACrash(world: DirectLab): Promise<void> {
  const clone = await world.clone('shop');
  await clone.query('ALTER TABLE part_1 SET UNLOGGED');
  await clone.end();
  await crash(world, 'clone');
  const [told] = (await statusOf(world)).streams;
  expect(troubleIn(told!)).toContain('public.part_1 on the clone');
  const [since] = (await world.plan()).findings.filter(({ code }) => code === 'TABLE_UNLOGGED_ON_CLONE');
  const again = await world.clone('shop');
  await carryOut(since!, again, 'TABLE_UNLOGGED_ON_CLONE').finally(() => again.end());
}
