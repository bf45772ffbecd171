import { diagnose } from '../../../sql-runner/engine/doctor';
import { readStatus } from '../../../sql-runner/engine/status';
import { carryOut } from '../../sql-runner/checks/printed-fix';
import { eventually } from '../../support/eventually';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

/**
 * A replicated table gets another name on the source, and a row under it: told as that and as nothing else, by the
 * commands that look at publications too, and done on the clone as printed.
 */
async function renameOnSource(world: DirectLab, from: string, to: string): Promise<void> {
  await execute(await world.source('shop'), [
    `ALTER TABLE ${from} RENAME TO ${to}`,
    `INSERT INTO ${to} SELECT coalesce(max(id), 0) + 10, 'renamed' FROM ${to}`,
  ]);
  const { results } = await diagnose(world.contracts);
  const found = results.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'block');
  const worker = /^(APPLY_WORKER|STREAM_)/;
  expect(found.map(({ code }) => code).filter((code) => !worker.test(code))).toEqual(['TABLE_RENAMED']);
  expect((await world.plan()).findings.map(({ code }) => code).filter((code) => !worker.test(code))).toEqual([
    'TABLE_RENAMED',
  ]);
  expect((await readStatus(world.contracts)).streams[0]!.trouble).not.toMatch(/altered|joined|left/);
  const clone = await world.clone('shop');
  const renamed = found.find(({ code }) => code === 'TABLE_RENAMED')!;
  await carryOut(renamed, clone, 'TABLE_RENAMED').finally(() => clone.end());
  await eventually(async () => {
    const arrived = `SELECT FROM ${to} WHERE id = (SELECT max(id) FROM ${to}) AND note = 'renamed'`;
    return (await execute(await world.clone('shop'), [arrived])).length === 1;
  });
}

export async function renameAndBack(world: DirectLab, from: string, to: string): Promise<void> {
  await renameOnSource(world, from, to);
  await renameOnSource(world, to, from);
}
