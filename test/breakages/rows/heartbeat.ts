import type { Breakage } from '../breakage';

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

export const HEARTBEAT_ROWS: readonly Breakage[] = [
  lost('heartbeat renamed on the clone', (world) =>
    world.asAdmin('clone', 'ALTER SCHEMA acas_demo_shop RENAME TO heart'),
  ),
  lost('heartbeat dropped on the clone', (world) => world.asAdmin('clone', 'DROP SCHEMA acas_demo_shop CASCADE')),
  lost('heartbeat dropped on the source', (world) => world.asAdmin('source', 'DROP SCHEMA acas_demo_shop CASCADE')),
];
