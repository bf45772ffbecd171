import type { Client } from 'pg';
import { quoteIdent, quoteInteger } from '../sql-runner/postgres/text/quoting';

/** How many of each kind a database has. */
export interface Scale {
  readonly tables: number;
  /** Of one more table, which is partitioned. */
  readonly partitions: number;
  readonly sequences: number;
}

/** So many statements in one transaction: each table that it makes is locked until it commits. */
const BATCH = 500;

/** Adds what the database lacks: small tables with a key, a foreign key each, an index and a default. */
export async function growTo(client: Client, { tables, partitions, sequences }: Scale): Promise<void> {
  const has = async (pattern: string): Promise<number> => {
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_class WHERE relname ~ $1 AND relkind IN ('r', 'p', 'S')`,
      [pattern],
    );
    return rows[0]!.n;
  };
  if ((await has('^parts$')) === 0)
    await client.query(`CREATE TABLE parts (id int PRIMARY KEY, note text) PARTITION BY RANGE (id)`);
  await batches(await has('^table_\\d+$'), tables, (n) => tableSql(n), client);
  await batches(await has('^part_\\d+$'), partitions, (n) => partitionSql(n), client);
  await batches(await has('^sequence_\\d+$'), sequences, (n) => `CREATE SEQUENCE ${named('sequence', n)}`, client);
  await client.query('ANALYZE');
}

async function batches(from: number, to: number, sqlOf: (n: number) => string, client: Client): Promise<void> {
  for (let start = from; start < to; start += BATCH) {
    const count = Math.min(BATCH, to - start);
    await client.query(Array.from({ length: count }, (_, index) => sqlOf(start + index)).join(';\n'));
  }
}

function tableSql(n: number): string {
  const parent = n === 0 ? '' : ` REFERENCES ${named('table', Math.floor(n / 10))}`;
  return `CREATE TABLE ${named('table', n)} (id int PRIMARY KEY, parent int${parent}, name text NOT NULL DEFAULT 'none',
    price numeric(10, 2), at timestamptz DEFAULT now(), UNIQUE (name))`;
}

function partitionSql(n: number): string {
  return `CREATE TABLE ${named('part', n)} PARTITION OF parts FOR VALUES FROM (${quoteInteger(n * 10)}) TO (${quoteInteger(n * 10 + 10)})`;
}

const named = (kind: string, n: number): string => quoteIdent(`${kind}_${n}`);
