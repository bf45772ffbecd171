import { explain } from '../../../sql-runner/explain/explain';
import type { DirectLab } from './direct-lab';

/** Somebody stops a stream when all is planned; the wait is for ten minutes, and ends as soon as that is certain. */
export async function disabledMeanwhile(world: DirectLab): Promise<void> {
  const clone = await world.clone('shop');
  let disabled: Promise<unknown> = Promise.resolve();
  const began = Date.now();
  const refused = await world
    .run('apply', {
      syncTimeoutMs: 600_000,
      listener: ({ type }) => {
        if (type === 'planned') disabled = clone.query('ALTER SUBSCRIPTION acas_demo_shop DISABLE');
      },
    })
    .catch(explain);
  await disabled;
  await clone.query('ALTER SUBSCRIPTION acas_demo_shop ENABLE');
  await clone.end();
  expect(refused).toMatchObject({
    code: 'NOT_IN_SYNC',
    seen: expect.stringContaining('shop: SUBSCRIPTION_DISABLED: '),
  });
  expect(Date.now() - began).toBeLessThan(60_000);
}
