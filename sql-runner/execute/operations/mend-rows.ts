import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Side } from '../../../contract/contract';
import { OperatorError } from '../../../errors/operator-error';
import { displayTable } from '../../model/table-selection';
import { judgeNamedRows, type NamedRows } from '../../verify/named-rows';
import type { Pair } from '../../verify/sides';
import { assertTwoDatabases } from '../../verify/two-databases';
import { GaveUp, type Execution } from '../execution';
import { namingWaits, WaitedInVain } from '../lock-wait';
import { mendHeld } from './mend-held-rows';
import { notMended, type Mending } from './mending';
import { untilWritersEnded } from './writers-ended';

/** A row that moved between the looks is judged anew so many times; what still moves is left to the comparison. */
const ROUNDS = 3;
const SETTLE_MS = 15_000;
const READ_MS = 30_000;
/** How often the locks are asked for anew, of which only the first is waited for. */
const TRIES = 10;
const BETWEEN_TRIES_MS = 200;
/** So long a transaction of the source that writes to the tables may stay open before anything is held. */
const WRITERS_MS = 10_000;

/**
 * Makes rows of the clone those of the source, so that no change of them is lost and none is applied twice:
 *
 * 1. Each row is judged as verify does it: the source's is read, the clone passes a position behind that reading, and
 *    still differs.
 * 2. A lock on the tables of the clone, which its apply worker cannot write under and anybody can read under, stops the
 *    stream at its next change of them. Nothing is disabled: whoever dies here leaves a lock that ends with its session.
 * 3. Whatever the worker has applied by then was committed on the source before. Once nobody who wrote to the tables
 *    there by now is at it any more, all of that is seen in a new snapshot of the source. A row that has the same
 *    version in it as in the first reading was touched by nothing that the clone has applied since, and what touches it
 *    later is sent to the clone after the lock: so this version is what the clone has to have at this very place.
 *    A row with another version is on its way, and left alone.
 * 4. These rows are deleted and inserted as the apply worker would, read again, and must be the source's.
 */
export async function mendRows(operation: Mending, execution: Execution): Promise<void> {
  await withPair(operation, execution, async (pair) => {
    await assertTwoDatabases(pair);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const differing = await stillDiffering(operation, pair);
      if (differing.length === 0) return;
      if (execution.interrupted()) throw new GaveUp();
      await untilWritersEnded(pair.source, operation, execution, WRITERS_MS);
      const moved = await locked(operation, execution, pair, differing);
      if (moved === 0) return;
    }
  });
}

async function stillDiffering(operation: Mending, pair: Pair): Promise<NamedRows[]> {
  const seed = randomBytes(8).readBigUInt64BE();
  const found: NamedRows[] = [];
  for (const { ids, ...table } of operation.tables) {
    const { slot: slotName } = operation;
    const looked = await judgeNamedRows({ pair, table, idsOf: () => ({ ids }), slotName, seed, timeoutMs: SETTLE_MS });
    if ('why' in looked) throw notMended(operation, `table ${displayTable(table)}: ${looked.why}`);
    if (looked.settled.behind) throw notMended(operation, 'the clone does not catch up with the source');
    if (looked.settled.different.length > 0) found.push(looked);
  }
  return found;
}

/** The first lock may be waited for, as nothing is held yet; of the others none, so that nobody waits in a circle. */
async function locked(
  operation: Mending,
  execution: Execution,
  pair: Pair,
  differing: readonly NamedRows[],
): Promise<number> {
  const clone = await execution.writer(operation.place);
  for (let attempt = 0; ; attempt += 1) {
    const first = attempt % differing.length;
    const order = [...differing.slice(first), ...differing.slice(0, first)];
    try {
      return await namingWaits(operation.place, clone, execution, () =>
        clone.transaction(() => mendHeld(operation, execution, { pair, clone }, order)),
      );
    } catch (cause) {
      const isTransient = cause instanceof WaitedInVain || (cause as { code?: string }).code === '40P01';
      if (!isTransient)
        throw cause instanceof OperatorError || cause instanceof GaveUp ? cause : said(operation, cause);
      if (attempt + 1 >= TRIES) throw cause;
      if (execution.interrupted()) throw new GaveUp();
    }
    await pause(BETWEEN_TRIES_MS);
  }
}

async function withPair(
  { place: { database } }: Mending,
  { connections }: Execution,
  work: (pair: Pair) => Promise<void>,
): Promise<void> {
  const open = (side: Side) => connections.open({ side, database }, true, { statementTimeoutMs: READ_MS });
  const source = await open('source');
  try {
    const target = await open('target');
    try {
      await work({ source, target });
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** DETAIL is left out: it may have values of rows. */
function said(operation: Mending, cause: unknown): unknown {
  const { code, severity, message } = cause as { code?: string; severity?: string; message: string };
  if (code === undefined || severity === undefined) return cause;
  return notMended(operation, `the server refused: ${message} (SQLSTATE ${code})`, cause);
}
