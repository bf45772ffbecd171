import { troubleIn } from '../../sql-runner/support/trouble';
import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import { printedRun } from '../../sql-runner/checks/printed-fix';
import { eventually } from '../../support/eventually';
import { diagnosisOf, statusOf } from './looks';
import { applyOf, doubtedIn, IN_SYNC, quietIn, saysEqual } from './continuity-said';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

const NOT_PROVEN = 'CONTINUITY_NOT_PROVEN';

/**
 * A replicated table gets another name on the source, and a row under it: told as that and as nothing else, by the
 * commands that look at publications too, and done by the run that is printed.
 */
async function renameOnSource(world: DirectLab, from: string, to: string): Promise<void> {
  await execute(await world.source('shop'), [
    `ALTER TABLE ${from} RENAME TO ${to}`,
    `INSERT INTO ${to} SELECT coalesce(max(id), 0) + 10, 'renamed' FROM ${to}`,
  ]);
  const { results } = await diagnosisOf(world);
  const found = results.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'block');
  const worker = /^(APPLY_WORKER|STREAM_)/;
  expect(found.map(({ code }) => code).filter((code) => !worker.test(code))).toEqual(['TABLE_RENAMED']);
  // A plan brings the name over, and says that instead.
  const { changes, findings } = await world.plan();
  expect(changes.map(({ id }) => id)).toContain('target/shop/renamed-tables/acas_demo_shop');
  expect(findings.map(({ code }) => code).filter((code) => !worker.test(code))).toEqual([]);
  expect(troubleIn((await statusOf(world)).streams[0]!)).not.toMatch(/altered|joined|left/);
  const renamed = found.find(({ code }) => code === 'TABLE_RENAMED')!;
  expect(await world.follow(printedRun(renamed, 'TABLE_RENAMED'))).toBe('applied');
  await eventually(async () => {
    const arrived = `SELECT FROM ${to} WHERE id = (SELECT max(id) FROM ${to}) AND note = 'renamed'`;
    return (await execute(await world.clone('shop'), [arrived])).length === 1;
  });
}

export async function renameAndBack(world: DirectLab, from: string, to: string): Promise<void> {
  await renameOnSource(world, from, to);
  await renameOnSource(world, to, from);
  // Whether something else had the names meanwhile nothing tells: each apply has compared the rows.
  await quietIn(world);
}

/** An empty table has the name of a replicated one on the clone, while a row comes: the worker skips it. */
export async function lendName(world: DirectLab, table: string): Promise<void> {
  const clone = async (...statements: string[]) => execute(await world.clone('shop'), statements);
  const row = `INSERT INTO ${table} SELECT coalesce(max(id), 0) + 1, 'nobody took it' FROM ${table} RETURNING id`;
  await clone(`ALTER TABLE ${table} RENAME TO aside`, `CREATE TABLE ${table} (LIKE aside INCLUDING ALL)`);
  const [{ id } = {}] = await execute(await world.source('shop'), [row]);
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
  await clone(`DROP TABLE ${table}`, `ALTER TABLE aside RENAME TO ${table}`);
  expect(await clone(`SELECT FROM ${table} WHERE id = ${String(id)}`)).toEqual([]);
  expect(await doubtedIn(world, NOT_PROVEN)).toEqual(['shop']);
  expect([await applyOf(world), await saysEqual(world)]).toEqual([{ code: 'STREAM_BROKEN', inSync: false }, false]);
  expect(await doubtedIn(world, NOT_PROVEN)).toEqual(['shop']);
  await clone(`INSERT INTO ${table} VALUES (${String(id)}, 'nobody took it')`);
  expect(await applyOf(world)).toEqual(IN_SYNC);
  await quietIn(world);
}
