import { type Client, DatabaseError, escapeLiteral } from 'pg';
import { seededRandom, type Random } from '../../lab/workload/random';
import type { Database } from './database';
import { randomStatement } from './statements';

/** A loop of transactions that goes on until it is stopped. */
export interface Writer {
  committed: number;
  /** How fast it is, compared with the others: one that pauses has less to show. */
  readonly pace: number;
  /** What ended it before it was told to. */
  failed: Error | null;
  /** Returns when the last transaction is over; throws what ended the writer. */
  stop(): Promise<void>;
}

const PAUSE_MS = 6;

/** What applications must expect of a server: conflicts with others, and rows that break a rule of the table. */
function isExpected(error: unknown): boolean {
  return error instanceof DatabaseError && /^(23|40|55P03)/.test(error.code ?? '');
}

/** @param step one transaction */
function loop(client: Client, pace: number, step: () => Promise<void>): Writer {
  let running = true;
  const writer: Writer = {
    committed: 0,
    pace,
    failed: null,
    stop: () => {
      running = false;
      return ended;
    },
  };
  const work = (async () => {
    while (running) {
      try {
        await step();
        writer.committed += 1;
      } catch (error) {
        if (!isExpected(error)) throw error;
        await client.query('ROLLBACK');
      }
      // The writers must not starve the servers, which have the same few processors.
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS / pace));
    }
  })();
  // With its session goes the last of its statistics.
  const ended = work.finally(() => client.end());
  ended.catch((error: unknown) => (writer.failed = error instanceof Error ? error : new Error(String(error))));
  return writer;
}

/** Changes rows of every table of a database in transactions of all forms. */
export async function startWriter(client: Client, database: Database, seed: number): Promise<Writer> {
  const random = seededRandom(seed);
  // A prepared transaction may hold a row for long.
  await client.query("SET lock_timeout = '150ms'");
  return loop(client, 1, () => transaction(client, random, database));
}

async function transaction(client: Client, random: Random, { tables }: Database): Promise<void> {
  const change = async (): Promise<void> => {
    const { text, values } = randomStatement(random, random.pick(tables));
    await client.query(text, [...values]);
  };
  const steps = random.int(0, 24) === 0 ? random.int(15, 25) : random.int(1, 4);
  await client.query('BEGIN');
  for (let at = 0; at < steps; at += 1) {
    if (random.int(0, 2) > 0) await change();
    else await inSavepoint(client, random, change);
  }
  await end(client, random);
}

/** A subtransaction, sometimes one in another, which is kept or taken back. */
async function inSavepoint(client: Client, random: Random, change: () => Promise<void>): Promise<void> {
  const name = random.pick(['"a b"', 'outer_1', '"ü"']);
  await client.query(`SAVEPOINT ${name}`);
  try {
    await change();
    if (random.int(0, 3) === 0) await inSavepoint(client, random, change);
    await client.query(random.int(0, 2) === 0 ? `ROLLBACK TO SAVEPOINT ${name}` : `RELEASE SAVEPOINT ${name}`);
  } catch (error) {
    if (!isExpected(error)) throw error;
    await client.query(`ROLLBACK TO SAVEPOINT ${name}`);
  }
}

async function end(client: Client, random: Random): Promise<void> {
  const dice = random.int(0, 19);
  if (dice === 0) await client.query('ROLLBACK');
  else if (dice > 2) await client.query('COMMIT');
  else {
    const gid = escapeLiteral(`it's "${random.bytes(8).toString('hex')}" %s`);
    await client.query(`PREPARE TRANSACTION ${gid}`);
    await client.query(`${dice === 1 ? 'COMMIT' : 'ROLLBACK'} PREPARED ${gid}`);
  }
}

/** DDL that concerns no replicated table, but fills the catalogs' part of the log. */
export async function startNoise(client: Client, { noiseSchema }: Database, seed: number): Promise<Writer> {
  const random = seededRandom(seed);
  await client.query(`SET search_path = ${noiseSchema}`);
  return loop(client, 0.2, async () => {
    await client.query('BEGIN');
    await client.query('CREATE TEMPORARY TABLE passing (a int PRIMARY KEY, b text) ON COMMIT DROP');
    await client.query('INSERT INTO passing SELECT g, repeat($1, 20) FROM generate_series(1, 20) g', ['n']);
    await client.query(`CREATE OR REPLACE VIEW seen AS SELECT ${random.int(1, 9)} AS a`);
    await client.query('CREATE TYPE fleeting AS (a int, b text)');
    await client.query('CREATE FUNCTION f(x fleeting) RETURNS int LANGUAGE sql AS $$ SELECT x.a $$');
    await client.query('DROP TYPE fleeting CASCADE');
    await client.query(random.int(0, 3) === 0 ? 'ROLLBACK' : 'COMMIT');
  });
}
