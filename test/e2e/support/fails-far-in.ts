import { waitUntilCaughtUp } from '../../../lab/demo/comparison';
import { readStatus } from '../../../sql-runner/engine/status';
import { eventually } from '../../support/eventually';
import type { DirectLab } from './direct-lab';
import { execute } from './provocations';

const [FIRST, LAST] = [1_000_001, 1_150_000];

/**
 * A transaction whose last row of many meets one of the same key on the clone, again and again: between two errors
 * bytes come in, and none of it is ever applied, whatever `status` looks at.
 */
export async function failFarIn(world: DirectLab): Promise<void> {
  await execute(await world.clone('shop'), [`INSERT INTO orders VALUES (${LAST}, 'of the clone')`]);
  await execute(await world.source('shop'), [`INSERT INTO orders SELECT generate_series(${FIRST}, ${LAST}), 'many'`]);
  const look = async () => (await readStatus(world.contracts)).streams[0]!;
  const before = (await look()).applyErrors!;
  const failed = await eventually(async () => {
    const { applyErrors } = await look();
    return applyErrors! > before && applyErrors!;
  });
  const states: string[] = [];
  for (let seen = failed; seen < failed + 2;) {
    const { state, applyErrors } = await look();
    states.push(state);
    seen = applyErrors!;
  }
  await execute(await world.clone('shop'), [`DELETE FROM orders WHERE id = ${LAST}`]);
  expect(states.filter((state) => state === 'streaming' || state === 'catching up')).toEqual([]);
  // While it is at work on all of that, a busy machine's worker may look as if it hung.
  await waitUntilCaughtUp(world.source, ['acas_demo_shop']);
}
