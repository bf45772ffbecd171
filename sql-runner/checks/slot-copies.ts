import type { SlotMove } from '../model/slot-witness';
import { compareLsn, lsnDistance } from '../postgres/text/lsn';
import type { DecodingLog, DecodingStart } from './decoding-log';
import type { KnownWhole } from './known-whole';
import { isForeign, leftAt, made, moveOf, startsAt, type OtherSlot, type WatchedSlot } from './slot-moves';

/** What the log has of another slot, in its order. */
interface Other {
  readonly name: string | null;
  readonly starts: readonly { readonly index: number; readonly start: DecodingStart }[];
  /** As it stands now; undefined: it is gone, or its name is not told. */
  readonly now: OtherSlot | undefined;
}

/**
 * Any slot can be put in the place of this one by pg_copy_logical_replication_slot, that of another database too, and the
 * worker goes on from where that one stood. Of all that the log has nothing (copy_replication_slot in slotfuncs.c decodes
 * nothing). So of each other slot it is asked whether it stood, between two readers of this one, where this one began
 * afterwards: each who reads a slot begins where it stood until then. One that is gone may have stood there.
 *
 * One that is read all the time may have been anywhere: of that only the count of transactions tells (slot-counts.ts).
 */
export function copiesIn(log: DecodingLog, watched: WatchedSlot, { seenUntil }: KnownWhole): SlotMove[] {
  const own = startsAt(log, watched);
  const others = othersIn(log, watched);
  // Whoever peeks has the same transactions counted once more.
  const counts = !own.some((start) => isForeign(start, watched));
  return [...own, undefined].flatMap((next, index) => {
    const to = leftAt(next, watched);
    if (to === null || (counts && isOlder(watched, to))) return [];
    // Of one before a reader that was looked at it was told then.
    if (next !== undefined && seenUntil !== null && Date.parse(next.at) < Date.parse(seenUntil)) return [];
    const begin = index === 0 ? -1 : log.starts.indexOf(own[index - 1]!);
    const end = next === undefined ? log.starts.length : log.starts.indexOf(next);
    return others.flatMap((other) => copyOf(other, to, begin, end) ?? []);
  });
}

/** A transaction ends with a record of its own, of no fewer bytes (xl_xact_commit in xact.h, with XLogRecord before it). */
const SHORTEST_COMMIT = 34;

/** It has counted more transactions than can have ended from there on: it was there before, and is no copy of then. */
function isOlder({ txns, sentLsn }: WatchedSlot, from: string): boolean {
  return txns !== null && sentLsn !== null && txns > Number(lsnDistance(from, sentLsn)) / SHORTEST_COMMIT + 1;
}

/** @returns null: no copy of it stands in the place of one that was read last at `begin` of the log, and next at `end` */
function copyOf({ name, starts, now }: Other, to: string, begin: number, end: number): SlotMove | null {
  const since = starts.filter(({ index }) => index > begin);
  const first = since[0];
  const stoodHere = [...since.map(({ start }) => start.from), now?.confirmedLsn].includes(to);
  const asOf = (start: DecodingStart): SlotMove => ({ ...moveOf(start, to), copy: name });
  if (first !== undefined && first.index < end) {
    const isNew = since.some(({ start }) => made(start) !== null);
    // Where nothing is written, one that is polled stands where this one does, and both at the end of the WAL.
    if (compareLsn(first.start.from!, to) >= (isNew ? 1 : 0)) return null;
    const mayBe = now === undefined || (stoodHere && (!now.inUse || isNew));
    return mayBe ? asOf(first.start) : null;
  }
  // It was left alone meanwhile.
  if (!stoodHere || now?.inUse === true || (first !== undefined && made(first.start) !== null)) return null;
  return first === undefined ? null : asOf(first.start);
}

function othersIn({ starts }: DecodingLog, { slot: ours, others }: WatchedSlot): Other[] {
  const byName = new Map<string, Other['starts'][number][]>();
  const unnamed: Other[] = [];
  for (const [index, start] of starts.entries()) {
    const named = start.slot === null ? made(start) : { name: start.slot };
    if (named === null || start.from === null || named.name === ours) continue;
    // It made this one anew.
    if (start.slot === null && start.statement!.includes(ours)) continue;
    const { name } = named;
    if (name === null) unnamed.push({ name, starts: [{ index, start }], now: undefined });
    // A subscriber drops those of its first copies itself (ReplicationSlotNameForTablesync in tablesync.c).
    else if (!/^pg_\d+_sync_\d+_\d+$/.test(name)) byName.set(name, [...(byName.get(name) ?? []), { index, start }]);
  }
  return [...[...byName].map(([name, of]) => ({ name, starts: of, now: others?.get(name) })), ...unnamed];
}
