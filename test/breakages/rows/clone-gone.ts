import { rm } from 'node:fs/promises';
import { keepFiles } from '../../e2e/support/older-files';
import type { Breakage } from '../breakage';
import { SUBSCRIPTION } from '../broken-world';

const alter = (clause: string): string => `ALTER SUBSCRIPTION ${SUBSCRIPTION} ${clause}`;
let kept = '';

/** The clone lacks what it came with, or is what it was before. */
export const CLONE_GONE_ROWS: readonly Breakage[] = [
  {
    name: 'table dropped on the clone',
    states: ['retrying', 'stopped'],
    causes: ['APPLY_WORKER_FAILING', 'APPLY_WORKER_STOPPED'],
    // By the clone's copy of the publication it cannot be told from a table that joined.
    beside: ['TABLE_NOT_ON_CLONE', 'TABLE_NOT_SUBSCRIBED', 'CONTINUITY_NOT_PROVEN', 'PUBLICATION_ALTERED'],
    newClone: true,
    words: /public\.lines/,
    breaks: async (world) => {
      await world.onClone('DROP TABLE lines');
      await world.onSource(`INSERT INTO lines VALUES (${++world.id}, 1, 1)`);
    },
  },
  {
    name: 'database of the clone dropped',
    // To drop its subscription takes two alterations, and of which subscription they were does not show.
    everywhere: true,
    states: ['blocked'],
    causes: ['DATABASE_NOT_ON_CLONE'],
    words: /shop is not on the clone any more/,
    newClone: true,
    breaks: async (world) => {
      await world.onClone(alter('DISABLE'), alter('SET (slot_name = NONE)'), `DROP SUBSCRIPTION ${SUBSCRIPTION}`);
      await world.beside('clone', 'DROP DATABASE shop WITH (FORCE)');
      await world.write();
    },
  },
  {
    name: 'clone put back to older files',
    everywhere: true,
    // Where nothing but a gap among the beats is left of it, these may be deleted as well: the rows tell.
    states: ['not proven', 'diverged'],
    causes: ['CONTINUITY_NOT_PROVEN', 'HISTORY_DIFFERS'],
    newClone: true,
    breaks: async (world) => {
      await world.beat();
      const older = await keepFiles(world.lab, 'clone');
      kept = older.kept;
      await world.write();
      await world.beat();
      await world.write();
      await world.confirmed();
      await older.putBack();
      await world.beat();
      await world.write();
    },
    afterwards: () => rm(kept, { recursive: true, force: true }),
  },
];
