/** Statements that write one beat into a heartbeat's table, as sql-runner does. */
export const writeBeat = (table: string) => [
  `INSERT INTO ${table} SELECT gen_random_uuid(), id, number + 1, now(), pg_current_wal_insert_lsn() FROM ${table} ORDER BY number DESC LIMIT 1`,
  `UPDATE ${table} SET passed = pg_current_wal_insert_lsn() WHERE passed IS NULL`,
];

export const readBeats = (table: string) => `SELECT to_jsonb(b)::text AS row FROM ${table} b`;

/** Statements that leave exactly these beats in it. @param rows as readBeats returns them */
export const replaceBeats = (table: string, rows: readonly Record<string, unknown>[]) => [
  `DELETE FROM ${table}`,
  ...rows.map(
    ({ row }) => `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, '${String(row)}')`,
  ),
];
