import type { Client } from 'pg';
import { seededRandom } from '../../lab/workload/random';
import type { Coverage } from './coverage';
import type { Database } from './database';
import { isExpected } from './expected';
import { dropAndMake } from './noise';
import { transaction } from './transaction';

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

/** The writers must not starve the servers, which have the same few processors. */
const PAUSE_MS = 20;

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
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS / pace));
    }
  })();
  // With its session goes the last of its statistics.
  const ended = work.finally(() => client.end());
  ended.catch((error: unknown) => (writer.failed = error instanceof Error ? error : new Error(String(error))));
  return writer;
}

/** Changes rows of every table of a database in transactions of all forms. */
export async function startWriter(
  client: Client,
  database: Database,
  seed: number,
  coverage: Coverage,
): Promise<Writer> {
  const random = seededRandom(seed);
  // A prepared transaction may hold a row for long.
  await client.query("SET lock_timeout = '150ms'");
  return loop(client, 1, async () => coverage.add(await transaction(client, random, database.tables)));
}

/** DDL that concerns no replicated table, but fills the catalogs' part of the log. */
export async function startNoise(
  client: Client,
  { noiseSchema }: Database,
  seed: number,
  coverage: Coverage,
): Promise<Writer> {
  const random = seededRandom(seed);
  await client.query(`SET search_path = ${noiseSchema}`);
  return loop(client, 0.2, async () => coverage.add(await dropAndMake(client, random)));
}
