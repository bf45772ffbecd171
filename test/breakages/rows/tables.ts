import { eventually } from '../../support/eventually';
import type { Breakage } from '../breakage';

/** Where a server is busy, each of several tries of a worker can fail before anybody sees it: it is told as stopped. */
const FAILING = {
  states: ['retrying', 'stopped'],
  causes: ['APPLY_WORKER_FAILING', 'APPLY_WORKER_STOPPED'],
} as const satisfies Partial<Breakage>;

/** Tables that are not the same on both sides any more. */
export const TABLES: readonly Breakage[] = [
  {
    ...FAILING,
    name: 'column dropped on the clone',
    beside: ['COLUMNS_DIFFER', 'CONTINUITY_NOT_PROVEN'],
    words: /column extra/,
    breaks: async (world) => {
      await world.onSource('UPDATE orders SET extra = NULL WHERE extra IS NOT NULL');
      await world.write();
      await world.arrives();
      await world.onClone('ALTER TABLE orders DROP extra');
      await world.write();
    },
  },
  {
    ...FAILING,
    name: 'column added on the source',
    beside: ['COLUMNS_DIFFER', 'CONTINUITY_NOT_PROVEN'],
    words: /column added/,
    breaks: async (world) => {
      await world.onSource('ALTER TABLE lines ADD added text');
      await world.onSource(`INSERT INTO lines VALUES (${++world.id}, 1, 1, NULL)`);
    },
  },
  {
    ...FAILING,
    name: 'column narrower on the clone',
    beside: ['COLUMN_TYPE_DIFFERS', 'CONTINUITY_NOT_PROVEN'],
    words: /out of range/,
    breaks: async (world) => {
      await world.onClone('ALTER TABLE orders ALTER extra TYPE smallint');
      await world.write(`'wide'`, '100000');
    },
  },
  {
    ...FAILING,
    name: 'table renamed on the clone',
    beside: ['TABLE_RENAMED', 'CONTINUITY_NOT_PROVEN', 'TABLE_NOT_ON_CLONE', 'TABLE_NOT_SUBSCRIBED'],
    words: /public\.lines/,
    breaks: async (world) => {
      await world.onClone('ALTER TABLE lines RENAME TO rows');
      await world.onSource(`INSERT INTO lines (id) VALUES (${++world.id})`);
    },
  },
  {
    ...FAILING,
    name: 'table renamed on the source, written and renamed back',
    beside: ['CONTINUITY_NOT_PROVEN'],
    words: /production publishes no table of that name now: .* RENAME TO "passing"/,
    breaks: async (world) => {
      await world.onSource('ALTER TABLE lines RENAME TO passing');
      await world.onSource(`INSERT INTO passing (id) VALUES (${++world.id})`);
      await world.onSource('ALTER TABLE passing RENAME TO lines');
      await world.onSource(`INSERT INTO lines (id) VALUES (${++world.id})`);
    },
    byHand: async (world) => {
      await world.onClone('ALTER TABLE lines RENAME TO passing');
      await eventually(
        async () => (await world.onClone(`SELECT FROM passing WHERE id = ${world.id - 1}`)).length === 1,
      );
      await world.onClone('ALTER TABLE passing RENAME TO lines');
    },
  },
  {
    ...FAILING,
    name: 'primary key dropped on the clone',
    beside: ['KEY_DIFFERS', 'CLONE_REFUSES_CHANGES', 'CONTINUITY_NOT_PROVEN'],
    words: /REPLICA IDENTITY|replica identity/,
    breaks: async (world) => {
      await world.write();
      await world.arrives();
      await world.onClone('ALTER TABLE orders DROP CONSTRAINT orders_pkey');
      await world.onSource(`UPDATE orders SET note = 'again' WHERE id = ${world.id}`);
    },
  },
  {
    ...FAILING,
    name: 'truncate and a foreign key',
    beside: ['TRUNCATE_STOPS_APPLY', 'CONTINUITY_NOT_PROVEN'],
    words: /cannot truncate a table referenced in a foreign key/,
    breaks: async (world) => {
      await world.onSource('TRUNCATE lines');
      await world.onClone('CREATE TABLE notes (lines_id bigint REFERENCES lines (id))');
      await world.onSource('TRUNCATE lines');
    },
    afterwards: (world) => world.onClone('DROP TABLE IF EXISTS notes'),
  },
  {
    name: 'partition of later',
    states: ['streaming'],
    causes: ['TABLE_NOT_SUBSCRIBED'],
    words: /public\.part_2/,
    breaks: async (world) => {
      const partition = 'CREATE TABLE part_2 PARTITION OF parts FOR VALUES IN (2)';
      await world.onClone(partition);
      await world.onSource(partition);
    },
    afterwards: (world) => world.onSource('INSERT INTO parts VALUES (2)'),
  },
  {
    name: 'partition unlogged on the clone',
    states: ['streaming', 'not proven'],
    causes: ['TABLE_UNLOGGED_ON_CLONE'],
    beside: ['CONTINUITY_NOT_PROVEN'],
    words: /public\.part_1 on the clone/,
    breaks: (world) => world.onClone('ALTER TABLE part_1 SET UNLOGGED'),
  },
  {
    name: 'partition unlogged on the source',
    states: ['streaming', 'not proven'],
    causes: ['TABLE_UNLOGGED_SINCE'],
    beside: ['CONTINUITY_NOT_PROVEN'],
    words: /public\.part_1 on the source/,
    breaks: (world) => world.onSource('ALTER TABLE part_1 SET UNLOGGED'),
  },
];
