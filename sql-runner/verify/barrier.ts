import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../errors/operator-error';
import { confirmedFlushLsn } from '../postgres/catalog/slots';
import { compareLsn, formatLsn, parseLsn } from '../postgres/text/lsn';
import type { Session } from '../postgres/session';

/**
 * A position behind every transaction that the session's current snapshot can
 * see. It has to be read *after* the snapshot is taken: a transaction becomes
 * visible only after its commit record is in the WAL, so the insert position
 * read later lies behind all those records. Read before, it would miss the
 * commits in between. The flush position would not do: with
 * synchronous_commit off, commits are visible before they are flushed.
 */
export async function lsnBehindSnapshot(session: Session): Promise<string> {
  const [row] = await session.query<{ lsn: string; page: string; segment: string }>(
    `SELECT pg_current_wal_insert_lsn()::text AS lsn,
            (SELECT setting FROM pg_settings WHERE name = 'wal_block_size') AS page,
            (SELECT setting FROM pg_settings WHERE name = 'wal_segment_size') AS segment`,
  );
  return formatLsn(endOfLastRecord(parseLsn(row!.lsn), BigInt(row!.page), BigInt(row!.segment)));
}

/**
 * The insert position is where the next record will start. At the start of a
 * page that is behind the page's header (24 bytes, 40 on the first page of a
 * segment: xlog_internal.h), while an idle server never confirms more than the
 * end of the last record, which is the page's boundary. No record ends at
 * these offsets: the rest of one that goes on from the page before takes 8
 * bytes at least.
 */
export function endOfLastRecord(insert: bigint, page: bigint, segment: bigint): bigint {
  const offset = insert % page;
  const header = insert % segment < page ? 40n : 24n;
  return offset === header ? insert - offset : insert;
}

/**
 * Whether the target passed the position before the deadline (epoch
 * milliseconds). It has when the slot's confirmed position has: a subscriber
 * confirms only what it has committed and flushed (get_flush_position in
 * worker.c). `between` runs before each look.
 */
export async function targetPasses(
  source: Session,
  slotName: string,
  lsn: string,
  deadline: number,
  between: () => Promise<void> = async () => undefined,
): Promise<boolean> {
  for (let wait = 5; ; wait = Math.min(wait * 2, 100)) {
    await between();
    const confirmed = await confirmedFlushLsn(source, slotName);
    if (confirmed === null) throw slotMissing(slotName);
    if (compareLsn(confirmed, lsn) >= 0) return true;
    if (Date.now() >= deadline) return false;
    await pause(wait);
  }
}

function slotMissing(slotName: string): OperatorError {
  return new OperatorError({
    code: 'VERIFY_SLOT_MISSING',
    seen: `The replication slot ${JSON.stringify(slotName)} does not exist on the source, or has no position`,
    why: 'Its confirmed position tells how far the target is; without it a row on its way cannot be told from a lost one.',
    next: 'Run `sql-runner status` to see the state of the link, then `sql-runner plan`.',
  });
}
