import { inSession } from '../../../lab/connections';
import type { DirectLab } from '../../e2e/support/direct-lab';
import { statusOf } from '../../e2e/support/looks';
import { eventually } from '../../support/eventually';
import { serve } from './served';

const SLOT = 'acas_demo_shop';

const slots = (world: DirectLab) =>
  inSession(world.lab.adminConnection('source', 'shop'), async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'SELECT slot_name AS name FROM pg_replication_slots ORDER BY 1',
    );
    return rows.map(({ name }) => name);
  });

/** Production comes first, where the environment file says so: a slot that costs too much is dropped while it is read. */
export async function released(world: DirectLab): Promise<void> {
  const alarm = await serve(world, { bytes: 1, hours: null, onBudget: 'alarm' });
  await eventually(async () =>
    (await alarm.metrics()).values('acas_stream_budget_used_ratio').every(({ value }) => value > 1),
  );
  await alarm.stop();
  expect([await slots(world), alarm.logged]).toEqual([['acas_demo_ledger', SLOT], []]);

  const release = await serve(world, { bytes: 1, hours: null, onBudget: 'release' });
  await eventually(async () => (await slots(world)).length === 0);
  await eventually(() => Promise.resolve(release.logged.length === 2));
  await release.stop();
  expect(release.logged.join()).toMatch(
    /^Slot acas_demo_shop was dropped: .* of WAL of 1 MB\). Only a new clone helps: sql-runner plan demo,/,
  );
  const [shop] = (await statusOf(world)).streams;
  expect(shop!.problems.map(({ seen }) => seen).join()).toMatch(
    /was dropped by sql-runner serve at 20.* it had used up its budget/,
  );
  expect((await world.plan()).findings.map(({ code }) => code)).toContain('SLOT_LOST');
}
