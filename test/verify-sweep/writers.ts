import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { namesOf, WRITTEN, type SweepTable } from './tables';
import type { Dice } from './dice';

export interface SweepWriters {
  /** Ends the writers; gives the statements run, and throws what went wrong. May be called again. */
  stop(): Promise<number>;
}

/**
 * Writes on the source all the time, to rows that no fault touches: inserts
 * copies of the others, gives them other values, changes their keys, deletes
 * them, rolls back. Tables without a key only take inserts: some types have no
 * equality by which the target could find the old row.
 */
export function startSweepWriters(client: Client, tables: readonly SweepTable[], dice: Dice): SweepWriters {
  let running = true;
  let statements = 0;
  const loop = async (): Promise<void> => {
    while (running) {
      await client.query(statement(dice.pick(tables), dice));
      statements += 1;
      // Busy, but not so busy that servers and verify do not get their turn on a small machine.
      await pause(5);
    }
  };
  const ended = loop();
  ended.catch(() => undefined);
  return {
    stop: async () => {
      running = false;
      await ended;
      return statements;
    },
  };
}

function statement({ name, key, columns }: SweepTable, dice: Dice): string {
  const { first, last } = WRITTEN;
  const id = first + dice.below(last - first);
  const insert = `INSERT INTO ${name} SELECT ${id}, 'written ${id}', ${namesOf(columns)} FROM pattern WHERE id = ${1 + dice.below(100)}`;
  // Most of them are taken back: the rows stay, and too many would make the comparison slow.
  if (key === null) return dice.below(20) === 0 ? insert : `BEGIN; ${insert}; ROLLBACK`;
  const some = dice.some(columns, 3).map((column) => `${column.name} = p.${column.name}`);
  const update = `UPDATE ${name} t SET ${some.join(', ')} FROM pattern p
                   WHERE t.id >= ${first} AND t.id % 7 = ${dice.below(7)} AND p.id = t.id - ${first} + 1`;
  return dice.pick([
    `${insert} ON CONFLICT DO NOTHING`,
    `${insert} ON CONFLICT DO NOTHING`,
    update,
    update,
    `BEGIN; ${update}; ROLLBACK`,
    `DELETE FROM ${name} WHERE id = ${id}`,
    `UPDATE ${name} SET id = ${last + dice.below(100)}, k = k || '+'
      WHERE id = ${id} AND NOT EXISTS (SELECT FROM ${name} WHERE id > ${last})`,
  ]);
}
