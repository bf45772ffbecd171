import { setTimeout as pause } from 'node:timers/promises';
import { isConnectionLoss } from './connection-loss';
import { readKeys } from './keys';
import { ledgerOperations } from './ledger-operations';
import type { Keys, Operation } from './operation';
import { type Random, seededRandom } from './random';
import { type Connect, WORKLOAD_DATABASES } from './seed';
import { Session } from './session';
import { shopOperations } from './shop-operations';
import { shopStorageOperations } from './shop-storage-operations';
import { runTransaction } from './transaction';

/** What writers did since they started. `transactions` is the sum of the three ends. */
export interface WriterCounts {
  transactions: number;
  committed: number;
  rolledBack: number;
  /** Transactions whose connection went away: they may or may not have been committed. */
  interrupted: number;
  /** Rows inserted, updated or deleted by the committed ones. */
  rowsChanged: number;
  reconnects: number;
}

export interface Writers {
  /** Choices of keys follow from it; pass it again for the same choices. */
  seed: number;
  /** Counts so far; throws what a writer failed with. */
  counts(): WriterCounts;
  /** Lets running transactions end, closes all sessions, gives the last counts; throws what a writer failed with. */
  stop(): Promise<WriterCounts>;
}

export interface WriterOptions {
  writers: number;
  /** Pause of each writer after a transaction, in milliseconds; default 10. */
  pauseMs?: number;
  /** Default: the clock. */
  seed?: number;
  /** Rows to work on; default: those of now. Who starts writers again passes those of the seeded tables. */
  keys?: Keys;
}

const OPERATIONS: Record<(typeof WORKLOAD_DATABASES)[number], Operation[]> = {
  shop: [...shopOperations, ...shopStorageOperations],
  ledger: ledgerOperations,
};

/** Starts writers that change the seeded tables until they are stopped. They outlive a reboot of the server. */
export async function startWriters(connect: Connect, opts: WriterOptions): Promise<Writers> {
  const keys = opts.keys ?? (await readKeys(connect));
  const seed = opts.seed ?? Date.now() % 2 ** 31;
  const counts = { committed: 0, rolledBack: 0, interrupted: 0, rowsChanged: 0, reconnects: 0 };
  const failures: unknown[] = [];
  const stopping = new AbortController();

  const runs = Array.from({ length: opts.writers }, (_, i) =>
    write({
      connect,
      keys,
      random: seededRandom(seed + i * 7919),
      counts,
      pauseMs: opts.pauseMs ?? 10,
      signal: stopping.signal,
    }).catch((error: unknown) => void failures.push(error)),
  );

  const report = (): WriterCounts => {
    if (failures.length > 0) throw failures[0];
    return { transactions: counts.committed + counts.rolledBack + counts.interrupted, ...counts };
  };
  const stop = async (): Promise<WriterCounts> => {
    stopping.abort();
    await Promise.all(runs);
    return report();
  };
  return { seed, counts: report, stop };
}

interface Writer {
  connect: Connect;
  keys: Keys;
  random: Random;
  counts: Omit<WriterCounts, 'transactions'>;
  pauseMs: number;
  signal: AbortSignal;
}

async function write(writer: Writer): Promise<void> {
  const { random, counts, signal } = writer;
  const sessions = new Map(WORKLOAD_DATABASES.map((name) => [name, new Session(writer.connect, name)]));
  try {
    while (!signal.aborted) {
      const database = random.pick(WORKLOAD_DATABASES);
      await writeOnce(writer, sessions.get(database) as Session, random.pick(OPERATIONS[database]));
      if (!signal.aborted && writer.pauseMs > 0) await pause(writer.pauseMs);
    }
  } finally {
    for (const session of sessions.values()) {
      counts.reconnects += session.reconnects;
      await session.close();
    }
  }
}

async function writeOnce(
  { keys, random, counts, signal }: Writer,
  session: Session,
  operation: Operation,
): Promise<void> {
  const client = await session.get(signal);
  try {
    const { end, rows } = await runTransaction(client, (tx) => operation.run(tx, random, keys));
    counts[end] += 1;
    counts.rowsChanged += rows;
  } catch (error) {
    await session.close();
    if (!isConnectionLoss(error))
      throw new Error(`a writer could not ${operation.name}: ${(error as Error).message}`, { cause: error });
    counts.interrupted += 1;
  }
}
