import { randomBytes } from 'node:crypto';
import type { Session } from '../postgres/session';
import { lsnBehindSnapshot, targetPasses } from './barrier';
import { GIVE_WAY, givingWay } from './give-way';
import { LockWatch } from './lock-watch';
import type { Pair } from './sides';
import { assertTwoDatabases } from './two-databases';
import type { TableRef, TableVerdict, VerifyInput } from './types';
import { unreadable } from './unreadable';
import { verifyTable, type TableInput } from './verify-table';

/** What all workers share. */
interface Shared {
  readonly seed: bigint;
  readonly watch: LockWatch;
}

/**
 * Compares tables of one database on a live source. It takes no lock but
 * ACCESS SHARE, which it gives up when somebody waits for it, and holds no
 * snapshot longer than one statement or a short transaction.
 *
 * Verdicts come in the order of the tables. A table that cannot be read gives
 * a verdict; a lost connection throws.
 */
export function verifyTables(input: VerifyInput): Promise<TableVerdict[]> {
  return withPair(input, async (watching) => {
    const watch = new LockWatch(watching, limits(input).everyMs);
    try {
      return await compareAll(input, { seed: randomBytes(8).readBigUInt64BE(), watch });
    } finally {
      await watch.stop();
    }
  });
}

async function compareAll(input: VerifyInput, shared: Shared): Promise<TableVerdict[]> {
  const queue = input.tables.map((table, index) => ({ table, index }));
  const verdicts: TableVerdict[] = [];
  const worker = (): Promise<void> =>
    withPair(input, async (pair) => {
      await assertTwoDatabases(pair);
      await awaitTarget(input, pair.source);
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        verdicts[next.index] = await judgeTable(input, pair, shared, next.table);
      }
    });
  const workers = Math.max(1, Math.min(input.concurrency ?? 2, input.tables.length));
  const results = await Promise.allSettled(Array.from({ length: workers }, () => orEmpty(worker, queue)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return verdicts;
}

/** When one worker fails the others finish their table and stop. */
async function orEmpty(worker: () => Promise<void>, queue: unknown[]): Promise<void> {
  try {
    await worker();
  } catch (error) {
    queue.length = 0;
    throw error;
  }
}

async function withPair<T>(input: VerifyInput, use: (pair: Pair) => Promise<T>): Promise<T> {
  const source = await input.openSource();
  try {
    const target = await input.openTarget();
    try {
      return await use({ source, target });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** Lets the target catch up first, if it can: the fewer rows are on their way, the fewer look different. */
async function awaitTarget(input: VerifyInput, source: Session): Promise<void> {
  const lsn = await lsnBehindSnapshot(source);
  await targetPasses(source, input.slotName, lsn, Date.now() + settleTimeout(input));
}

const settleTimeout = (input: VerifyInput): number => input.settleTimeoutMs ?? 30_000;

const limits = (input: VerifyInput): typeof GIVE_WAY => ({ ...GIVE_WAY, ...input.giveWay });

/** Whatever comes of it: who reads "equal" must not take it for the whole. */
function partOf({ filter, columns }: TableRef): Pick<TableVerdict, 'part'> {
  if (filter == null && columns == null) return {};
  return {
    part: { ...(filter == null ? {} : { where: filter }), ...(columns == null ? {} : { columns }) },
  };
}

async function judgeTable(
  input: VerifyInput,
  pair: Pair,
  { seed, watch }: Shared,
  table: TableRef,
): Promise<TableVerdict> {
  const emit: TableInput['emit'] = (event) => input.onEvent?.(event);
  emit({ kind: 'table-started', table, total: input.tables.length });
  const started = process.hrtime.bigint();
  const asked: TableInput = {
    pair,
    table,
    slotName: input.slotName,
    seed,
    settleTimeoutMs: settleTimeout(input),
    maxDifferences: input.maxDifferences ?? 20,
    emit,
  };
  const finding = await givingWay({ ...limits(input), watch, pair, table, emit }, () => verifyTable(asked)).catch(
    (error: unknown) => unreadable(pair, table, error),
  );
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const verdict: TableVerdict = { schema: table.schema, name: table.name, ...finding, ...partOf(table), seconds };
  emit({ kind: 'table-finished', verdict });
  return verdict;
}
