import type { NewTableWorld } from './new-table-world';

/** What a plan does about a rename: the names, and then a look at every row. */
export const RENAMED = ['target/shop/renamed-tables/acas_demo_shop', 'target/shop/continuity/acas_demo_shop'];

/** What was compared before a table got one more name was compared under another state. */
const BESIDE = /^(APPLY_WORKER_|STREAM_|CONTINUITY_NOT_PROVEN)/;

/** The changes of a plan, and what it tells beside that a stream has stopped. */
export async function plannedRenames(world: NewTableWorld): Promise<{ changes: string[]; told: string[] }> {
  const { changes, findings } = await world.lab.plan();
  return {
    // Of a stream that stands still an old server does not tell whether it is its connection.
    changes: changes.map(({ id }) => id).filter((id) => !id.includes('/subscription-connection/')),
    told: findings.map(({ code }) => code).filter((code) => !BESIDE.test(code)),
  };
}
