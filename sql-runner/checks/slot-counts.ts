import type { SlotMove } from '../model/slot-witness';
import type { DecodedCount } from '../postgres/catalog/senders';
import type { WatchedSlot } from './slot-moves';

/**
 * A cluster that was restored under production's name has its slots and marks, and all of them are of before.
 * @param before as it was written down on production; undefined: it was not
 */
export function restored(
  before: string | undefined,
  now: string | null,
  { since, pid, confirmedLsn }: Pick<WatchedSlot, 'since' | 'pid' | 'confirmedLsn'>,
): SlotMove | null {
  if (before === undefined || now === null || before === now || since === null || confirmedLsn === null) return null;
  return { at: since, pid, by: null, from: confirmedLsn, to: null, cluster: { before, now } };
}

/**
 * A slot that was made anew, also as a copy of one that somebody reads all the time, of which no log tells: it has counted
 * fewer transactions than it had before its reader came. One that has counted as many by then is not told apart.
 * @param before of an earlier look; undefined: nothing is known of it
 */
export function madeAnew(
  before: DecodedCount | undefined,
  now: DecodedCount | null,
  { since, pid, confirmedLsn }: Pick<WatchedSlot, 'since' | 'pid' | 'confirmedLsn'>,
): SlotMove | null {
  if (before === undefined || now === null || since === null || confirmedLsn === null) return null;
  if (before.of !== now.of || now.txns >= before.txns) return null;
  const counted = { before: before.txns, now: now.txns };
  // From where on it may have left something out is not known: only rows that are compared from now on tell.
  return { at: since, pid, by: null, from: confirmedLsn, to: null, counted };
}
