import type { SlotMove } from '../model/slot-witness';
import { compareLsn } from '../postgres/text/lsn';
import type { DecodingLog, DecodingStart } from './decoding-log';

/** A slot as it stands now. */
export interface WatchedSlot {
  readonly slot: string;
  /** As whom our worker reads. */
  readonly role: string;
  readonly active: boolean;
  /** Of the WAL sender that reads, and since when it is there; null: nobody does, or it cannot be seen. */
  readonly pid: number | null;
  readonly since: string | null;
  /** And how long ago, in seconds. */
  readonly sinceSeconds: number | null;
  /** When its server was started. */
  readonly serverSince: string;
  readonly confirmedLsn: string | null;
  /** The source's, as server_version_num has it. */
  readonly version: number;
  /** Its own; null: not known. */
  readonly database: string | null;
  /** The other slots that there are now, by name; absent: none. */
  readonly others?: ReadonlyMap<string, OtherSlot>;
}

export interface OtherSlot {
  /** It is of another database, of another stream of ours, or somebody reads it: no copy of it was made from there. */
  readonly inUse: boolean;
  readonly confirmedLsn: string | null;
}

/** What the source's log tells of readers that moved a slot, of copies put in its place, and of it being made anew. */
export function movesIn(log: DecodingLog, watched: WatchedSlot): SlotMove[] {
  const own = startsAt(log, watched);
  return [...readings(own, watched), ...copies(log, own, watched), ...remakings(log, watched)];
}

/** Of whoever read or moved the slot. */
export const startsAt = ({ starts }: DecodingLog, { slot }: WatchedSlot): DecodingStart[] =>
  starts.filter((start) => start.slot === slot);

/**
 * Who reads or moves a slot begins where it stands, and the next one begins where he has left it. So he has moved it if
 * the next one begins further on: one who only peeked has not. And what our worker asks for is what it has applied: had
 * it got as far by itself, nothing was skipped.
 */
function readings(starts: readonly DecodingStart[], watched: WatchedSlot): SlotMove[] {
  return starts.flatMap((start, index) => {
    if (start.from === null || !isForeign(start, watched)) return [];
    const to = leftAt(starts[index + 1], watched);
    return to === null || compareLsn(to, start.from) <= 0 ? [] : [moveOf(start, to)];
  });
}

/**
 * Where the slot stood when `next` began, or stands now if nobody has.
 * @returns null: not known, or our worker had got as far by itself
 */
function leftAt(next: DecodingStart | undefined, watched: WatchedSlot): string | null {
  // Whoever reads it now has left no later position yet.
  if (next === undefined) return watched.active ? null : watched.confirmedLsn;
  const asked = isForeign(next, watched) ? null : askedFor(next);
  return asked !== null && next.from !== null && compareLsn(asked, next.from) >= 0 ? null : next.from;
}

/**
 * Any slot can be put in the place of this one by pg_copy_logical_replication_slot, and the worker goes on from where that
 * one stood. Of all that the log has nothing but what was done to the other one before (copy_replication_slot in
 * slotfuncs.c decodes nothing). So of each that somebody made, read or moved between two readers of this one, and that may
 * have been put there: it is gone by now, or nobody reads it and it stands where this one began.
 */
function copies({ starts }: DecodingLog, own: readonly DecodingStart[], watched: WatchedSlot): SlotMove[] {
  return [...own, undefined].flatMap((next, index) => {
    const to = leftAt(next, watched);
    if (to === null) return [];
    const begin = index === 0 ? 0 : starts.indexOf(own[index - 1]!) + 1;
    const between = starts.slice(begin, next === undefined ? starts.length : starts.indexOf(next));
    return between.flatMap((start) => {
      const copy = mayStandIn(start, to, watched);
      return copy === null || compareLsn(start.from!, to) >= 0 ? [] : [{ ...moveOf(start, to), copy: copy.name }];
    });
  });
}

/** A slot of the log; null: of a name that it does not tell. */
interface Named {
  readonly name: string | null;
}

/** @returns null: it is not one that may stand in the place of this one */
function mayStandIn(start: DecodingStart, to: string, { slot: ours, database, others }: WatchedSlot): Named | null {
  const { from, statement } = start;
  if (from === null || (start.database !== null && database !== null && start.database !== database)) return null;
  const named = start.slot === null ? made(start) : { name: start.slot };
  if (named === null) return null;
  const { name } = named;
  // A subscriber drops those of its first copies itself (ReplicationSlotNameForTablesync in tablesync.c).
  if (name === ours || /^pg_\d+_sync_\d+_\d+$/.test(name ?? '')) return null;
  if (start.slot === null && statement!.includes(ours)) return null;
  const now = name === null ? undefined : others?.get(name);
  return now === undefined || (!now.inUse && now.confirmedLsn === to) ? named : null;
}

const MAKES = /\bpg_create_logical_replication_slot\b|^CREATE_REPLICATION_SLOT\b/i;

/** Of a slot that is made, which the log tells by the statement alone; null: it is no such line. */
function made({ slot, from, statement }: DecodingStart): Named | null {
  if (slot !== null || from === null || !MAKES.test(statement ?? '')) return null;
  const name = /(?:pg_create_logical_replication_slot\s*\(\s*'|^CREATE_REPLICATION_SLOT\s+"?)([a-z0-9_]+)/i.exec(
    statement!,
  )?.[1];
  return { name: name ?? null };
}

/** Dropped, made again under the same name, and begun where the source stood by then: nobody has what was before. */
export function remakings({ starts }: DecodingLog, { slot }: WatchedSlot): SlotMove[] {
  const names = [`'${slot}'`, `"${slot}"`, ` ${slot} `];
  return starts
    .filter((start) => made(start) !== null)
    .filter(({ statement }) => names.some((name) => statement!.includes(name)))
    .map((start) => moveOf(start, null));
}

const moveOf = ({ at, pid, user, database, from }: DecodingStart, to: string | null): SlotMove => ({
  at,
  pid,
  by: user === null ? null : `${user}@${database ?? ''}`,
  from: from!,
  to,
});

const askedFor = ({ statement }: DecodingStart): string | null =>
  /^START_REPLICATION SLOT \S+ LOGICAL ([0-9A-F]{1,8}\/[0-9A-F]{1,8})\b/i.exec(statement ?? '')?.[1] ?? null;

/**
 * Only a WAL sender of the replication role can be that of our worker. Without user and statement nobody knows; other
 * programs quote the names of their options, as libpqrcv_startstreaming (libpqwalreceiver.c) does not.
 */
export function isForeign({ user, statement }: DecodingStart, { role }: WatchedSlot): boolean {
  if (user !== null && user !== role) return true;
  return statement !== null && !/^START_REPLICATION\b(?![^(]*\(\s*")/i.test(statement);
}
