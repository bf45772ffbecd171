import type { EngineEvent } from '../../../sql-runner/model/events';
import type { DirectLab } from './direct-lab';
import { eventually } from '../../support/eventually';

/**
 * Its worker waits for a lock with a row of this table, while somebody disables the subscription; the lock is given up
 * once apply says that it waits.
 * @param write a row of the table, on the source
 * @returns what apply said that it waited for before it had planned
 */
export async function disabledAtWork(
  world: DirectLab,
  table: string,
  write: () => Promise<unknown>,
): Promise<string[]> {
  const holder = await world.clone('shop');
  const said: string[] = [];
  let planned = false;
  let released: Promise<unknown> | undefined;
  const listener = (event: EngineEvent): void => {
    planned ||= event.type === 'planned';
    if (event.type !== 'waiting' || planned) return;
    said.push(event.for);
    released ??= holder.query('COMMIT');
  };
  try {
    await holder.query(`BEGIN; LOCK TABLE ${table}`);
    await write();
    const waits = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND backend_type LIKE 'logical replication%'`;
    await eventually(async () => (await holder.query(waits)).rowCount === 1);
    const other = await world.clone('shop');
    await other.query('ALTER SUBSCRIPTION acas_demo_shop DISABLE').finally(() => other.end());
    await world.run('apply', { listener });
    await released;
  } finally {
    await holder.end();
  }
  return said;
}
