/** One difference, made on a table of its own: what it does to rows, and what is said of it. */
export interface Drift {
  readonly title: string;
  /** Makes table `t`, on both sides; `$` stands for its name in all statements. */
  readonly table: string;
  readonly onSource?: string;
  readonly onClone?: string;
  readonly code: string;
  readonly severity: 'block' | 'warn' | 'info';
  /** On the source; each statement a transaction of its own. */
  readonly writes: readonly string[];
  /** What the apply worker writes into its log, unless it goes on. */
  readonly stops?: RegExp;
  /** Rows would differ, without a word. */
  readonly differs?: true;
  /** The table's name afterwards, quoted. */
  readonly renamed?: string;
  /** What else is found that blocks. */
  readonly besides?: readonly string[];
}

export const KEYED = `CREATE TABLE $ (id int PRIMARY KEY, note text DEFAULT 'old'); INSERT INTO $ (id) SELECT generate_series(1, 5)`;
export const KEYLESS = `CREATE TABLE $ (id int, note text); ALTER TABLE $ REPLICA IDENTITY FULL;
  INSERT INTO $ SELECT i, 'note' FROM generate_series(1, 5) i`;
export const LACKS = /missing (some )?replicated column/;
export const WRITES = [
  `INSERT INTO $ (id) VALUES (10)`,
  `UPDATE $ SET note = 'new' WHERE id = 2`,
  `DELETE FROM $ WHERE id = 3`,
];
