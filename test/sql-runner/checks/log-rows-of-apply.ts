import { from } from '../../support/postgres-major';
import { END_WORKER, type LoggedPair, type LogRow } from '../support/logged-pair';

const ORDERS = from(15) ? { table: { schema: 'public', name: 'orders' } } : {};

/** What stops a worker at a change that it applies. */
export const ROWS_OF_APPLY: readonly LogRow[] = [
  {
    kind: 'conflict',
    what: 'a primary key',
    bringAbout: async (pair) => {
      await pair.onClone(`INSERT INTO orders VALUES (${pair.id + 1}, 'of the clone', 'clone@example.com')`);
      await pair.write();
    },
    told: { ...ORDERS, constraint: 'orders_pkey', key: [{ column: 'id', value: '1' }] },
  },
  {
    kind: 'conflict',
    what: 'a key of two columns, with values that look like the marks between them',
    bringAbout: async (pair) => {
      await pair.onClone(`INSERT INTO pairs VALUES (1, 'it''s )=(')`);
      await pair.world.source.query(`INSERT INTO pairs VALUES (1, 'it''s )=(')`);
    },
    told: {
      constraint: 'pairs_pkey',
      key: [
        { column: 'a', value: '1' },
        { column: 'b', value: "it's )=(" },
      ],
    },
  },
  {
    kind: 'conflict',
    what: 'another unique key',
    bringAbout: async (pair) => {
      await pair.onClone(`INSERT INTO orders VALUES (900, 'of the clone', '${pair.id + 1}@example.com')`);
      await pair.write();
    },
    told: {
      ...ORDERS,
      constraint: 'orders_E mail_key',
      key: [{ column: 'E mail', value: '4@example.com' }],
      deletable: false,
    },
    heal: (pair) => pair.onClone('DELETE FROM orders WHERE id = 900'),
  },
  {
    kind: 'table missing',
    what: 'a table renamed',
    bringAbout: async (pair) => {
      await pair.onClone('ALTER TABLE orders RENAME TO former');
      await pair.write();
    },
    told: { table: { schema: 'public', name: 'orders' } },
    heal: (pair) => pair.onClone('ALTER TABLE former RENAME TO orders'),
  },
  {
    kind: 'column missing',
    what: 'two columns renamed',
    bringAbout: async (pair) => {
      await pair.onClone('ALTER TABLE orders RENAME note TO n; ALTER TABLE orders RENAME "E mail" TO m');
      await pair.write();
    },
    told: { table: { schema: 'public', name: 'orders' }, column: 'note, E mail' },
    heal: (pair) => pair.onClone('ALTER TABLE orders RENAME n TO note; ALTER TABLE orders RENAME m TO "E mail"'),
  },
  {
    kind: 'value refused',
    what: 'another type, of which no value is told',
    bringAbout: async (pair) => {
      await pair.onClone('ALTER TABLE orders ALTER note TYPE integer USING 1');
      await pair.write('Secret "text" of a row');
    },
    told: {
      table: { schema: 'public', name: 'orders' },
      column: 'note',
      words: 'invalid input syntax for type integer',
    },
    heal: (pair) => pair.onClone('ALTER TABLE orders ALTER note TYPE text'),
  },
  {
    kind: 'value refused',
    what: 'a shorter type',
    bringAbout: async (pair) => {
      await pair.onClone('ALTER TABLE orders ALTER note TYPE varchar(5) USING left(note, 5)');
      await pair.write('too long for it');
    },
    told: { words: 'value too long for type character varying(5)' },
    heal: (pair) => pair.onClone('ALTER TABLE orders ALTER note TYPE text'),
  },
  {
    kind: 'null refused',
    what: 'NOT NULL',
    bringAbout: async (pair) => {
      await pair.onClone(`UPDATE orders SET note = 'x'; ALTER TABLE orders ALTER note SET NOT NULL`);
      await pair.write(null);
    },
    told: { ...ORDERS, column: 'note' },
  },
  {
    kind: 'check refused',
    what: 'a check',
    bringAbout: async (pair) => {
      await pair.onClone(`ALTER TABLE orders ADD CONSTRAINT "no ""bad""" CHECK (note <> 'bad')`);
      await pair.write('bad');
    },
    told: { ...ORDERS, constraint: 'no "bad"' },
  },
  {
    kind: 'no replica identity',
    what: 'a primary key that is gone',
    bringAbout: async (pair) => {
      await pair.onClone('ALTER TABLE known DROP CONSTRAINT known_pkey');
      await pair.world.source.query(`UPDATE known SET v = 'b'`);
    },
    told: { table: { schema: 'public', name: 'known' } },
    heal: (pair) => pair.onClone('ALTER TABLE known ADD PRIMARY KEY (id)'),
  },
  ...(from(16)
    ? [
        {
          kind: 'permission denied' as const,
          what: 'a right that the owner lacks',
          bringAbout: async (pair: LoggedPair) => {
            await pair.onClone('REVOKE INSERT ON orders FROM master');
            await pair.write();
          },
          told: { words: 'permission denied for table orders' },
          heal: (pair: LoggedPair) => pair.onClone('GRANT INSERT ON orders TO master'),
        },
      ]
    : []),
  {
    kind: 'timeout',
    what: 'a lock_timeout',
    bringAbout: async (pair) => {
      await pair.onClone(`ALTER ROLE master SET lock_timeout = '100ms'`);
      await pair.onClone(END_WORKER);
      await pair.onClone('BEGIN; LOCK TABLE orders');
      await pair.write();
    },
    told: { words: 'canceling statement due to lock timeout' },
    heal: (pair) => pair.onClone('COMMIT; ALTER ROLE master RESET lock_timeout'),
  },
];
