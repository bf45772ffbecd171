import type { Breakage } from '../breakage';
import type { BrokenWorld } from '../broken-world';

/** Without its beats nobody would see that a whole server was put back. */
const lost = (name: string, breaks: Breakage['breaks'], more: Partial<Breakage> = {}): Breakage => ({
  name,
  states: ['streaming', 'catching up', 'not proven', 'retrying'],
  causes: ['HEARTBEAT_MISSING', 'HEARTBEAT_RENAMED', 'PUBLICATION_ALTERED', 'TABLE_NOT_SUBSCRIBED'],
  beside: ['CONTINUITY_NOT_PROVEN', 'TABLE_NOT_ON_CLONE', 'APPLY_WORKER_FAILING'],
  words: /the heartbeat|acas_demo_shop\.acas_heartbeat/,
  breaks,
  ...more,
});

const NEWEST = 'SELECT max(number) FROM acas_demo_shop.acas_heartbeat';

/** What tells whether a change was skipped is gone, and none was: comparing every row is enough. */
const deleted = (name: string, words: RegExp, breaks: (world: BrokenWorld) => Promise<unknown>): Breakage => ({
  name,
  states: ['not proven'],
  causes: ['CONTINUITY_NOT_PROVEN'],
  words,
  breaks: async (world) => {
    await world.beat();
    await world.write();
    await world.arrives();
    await world.confirmed();
    await breaks(world);
    await world.beat();
  },
});

export const HEARTBEAT_ROWS: readonly Breakage[] = [
  lost('heartbeat renamed on the clone', (world) =>
    world.asAdmin('clone', 'ALTER SCHEMA acas_demo_shop RENAME TO heart'),
  ),
  lost('heartbeat dropped on the clone', (world) => world.asAdmin('clone', 'DROP SCHEMA acas_demo_shop CASCADE')),
  deleted('beats deleted on the clone', /somebody deleted it there/, async (world) => {
    await world.onClone('DELETE FROM acas_demo_shop.acas_heartbeat');
  }),
  deleted('one beat deleted on the clone', /somebody deleted it there/, async (world) => {
    await world.onClone(`DELETE FROM acas_demo_shop.acas_heartbeat WHERE number = (${NEWEST})`);
  }),
  deleted('one beat deleted on the source', /somebody deleted what was before beat \d+/, async (world) => {
    await world.beat();
    await world.onSource(`DELETE FROM acas_demo_shop.acas_heartbeat WHERE number = (${NEWEST}) - 1`);
    await world.arrives();
  }),
  lost('heartbeat dropped on the source', (world) => world.asAdmin('source', 'DROP SCHEMA acas_demo_shop CASCADE')),
];
