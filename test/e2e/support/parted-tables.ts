import { filled } from './new-table-world';

/** For writers, whose rows are of place 0, and for rows that move between places. */
export const root = (table: string) =>
  `CREATE TABLE ${table} (id bigint, writer integer NOT NULL, note text DEFAULT 'none', place integer NOT NULL DEFAULT 0, PRIMARY KEY (id, place)) PARTITION BY LIST (place)`;

/** The ways in which people make one; place 1 is where rows move to. */
export const WAYS: readonly ((table: string) => string[])[] = [
  (table) => [
    root(table),
    `CREATE TABLE ${table}_0 PARTITION OF ${table} FOR VALUES IN (0)`,
    `CREATE TABLE ${table}_else PARTITION OF ${table} DEFAULT`,
    filled(table),
  ],
  // With rows, in one transaction, and other columns of a partition than its own table has.
  (table) => [
    [
      'BEGIN',
      root(table),
      `CREATE TABLE ${table}_0 (gone integer, place integer NOT NULL, note text CONSTRAINT own CHECK (note <> 'never'), writer integer NOT NULL, id bigint)`,
      `ALTER TABLE ${table}_0 DROP gone, ADD PRIMARY KEY (id, place), REPLICA IDENTITY FULL`,
      `INSERT INTO ${table}_0 SELECT 0, 'apart', 0, g FROM generate_series(220, 240) g`,
      `ALTER TABLE ${table} ATTACH PARTITION ${table}_0 FOR VALUES IN (0)`,
      `CREATE TABLE "other side".${table}_1 PARTITION OF ${table} FOR VALUES IN (1)`,
      filled(table),
      'COMMIT',
    ].join(';'),
  ],
  // Deeper.
  (table) => [
    root(table),
    `CREATE TABLE ${table}_0 PARTITION OF ${table} FOR VALUES IN (0) PARTITION BY HASH (id)`,
    ...[0, 1].map(
      (n) => `CREATE TABLE ${table}_0_${n} PARTITION OF ${table}_0 FOR VALUES WITH (MODULUS 2, REMAINDER ${n})`,
    ),
    `CREATE TABLE ${table}_1 PARTITION OF ${table} FOR VALUES IN (1, 2)`,
    filled(table),
  ],
];
