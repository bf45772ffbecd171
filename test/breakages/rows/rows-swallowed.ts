import type { Breakage } from '../breakage';
import type { BrokenWorld } from '../broken-world';

/** A row that both sides have, and production has done with. */
async function writtenAndThere(world: BrokenWorld): Promise<number> {
  await world.write();
  await world.arrives();
  return world.id;
}

const swallowing = (mode: 'ALWAYS' | 'REPLICA'): Breakage => ({
  name: `trigger ENABLE ${mode} that swallows rows`,
  states: ['streaming'],
  causes: ['TRIGGERS_FIRE_ON_APPLY'],
  newClone: true,
  words: /trigger swallow on public\.orders fires on apply/,
  breaks: async (world) => {
    await world.onClone(
      'CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
      'CREATE TRIGGER swallow BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION swallow()',
      `ALTER TABLE orders ENABLE ${mode} TRIGGER swallow`,
    );
    await world.write();
  },
});

/** Rows of the clone that went away, or never came, without an error. */
export const ROWS_SWALLOWED: readonly Breakage[] = [
  swallowing('ALWAYS'),
  swallowing('REPLICA'),
  {
    name: 'row deleted on the clone',
    unseen: true,
    states: ['streaming', 'catching up'],
    causes: [],
    newClone: true,
    words: /Not equal.*rows that differ stay so/,
    breaks: async (world) => {
      const id = await writtenAndThere(world);
      await world.onClone(`DELETE FROM orders WHERE id = ${id}`);
      // The worker finds no such row, and goes on.
      await world.onSource(`UPDATE orders SET note = 'again' WHERE id = ${id}`);
    },
  },
  {
    name: 'row changed on the clone',
    unseen: true,
    states: ['streaming', 'catching up'],
    causes: [],
    newClone: true,
    words: /Not equal.*rows that differ stay so/,
    breaks: async (world) => {
      const id = await writtenAndThere(world);
      await world.onClone(`UPDATE orders SET note = 'of the clone' WHERE id = ${id}`);
    },
  },
];
