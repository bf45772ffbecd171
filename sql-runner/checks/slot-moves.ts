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
  /** Transactions that it has counted since it was made; null: not known. */
  readonly txns: number | null;
  /** Up to where it has been decoded at most; null: not known. */
  readonly sentLsn: string | null;
  /** The other slots that there are now, by name; absent: none. */
  readonly others?: ReadonlyMap<string, OtherSlot>;
}

export interface OtherSlot {
  /** It is of another stream of ours, or somebody reads it: where it stood meanwhile nobody knows. */
  readonly inUse: boolean;
  readonly confirmedLsn: string | null;
}

/** What the source's log tells of readers that moved a slot, and of it being made anew; of copies see slot-copies.ts. */
export const movesIn = (log: DecodingLog, watched: WatchedSlot): SlotMove[] => [
  ...readings(startsAt(log, watched), watched),
  ...remakings(log, watched),
];

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
export function leftAt(next: DecodingStart | undefined, watched: WatchedSlot): string | null {
  // Whoever reads it now has left no later position yet.
  if (next === undefined) return watched.active ? null : watched.confirmedLsn;
  const asked = isForeign(next, watched) ? null : askedFor(next);
  return asked !== null && next.from !== null && compareLsn(asked, next.from) >= 0 ? null : next.from;
}

/** A slot of the log; null: of a name that it does not tell. */
export interface Named {
  readonly name: string | null;
}

const MAKES = /\bpg_create_logical_replication_slot\b|^CREATE_REPLICATION_SLOT\b/i;

/** Of a slot that is made, which the log tells by the statement alone; null: it is no such line. */
export function made({ slot, from, statement }: DecodingStart): Named | null {
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

export const moveOf = ({ at, pid, user, database, from }: DecodingStart, to: string | null): SlotMove => ({
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
