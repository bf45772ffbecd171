import type { SlotMove, SlotWitness } from '../model/slot-witness';
import { readerOf } from '../model/slot-witness';
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

/** Up to where nobody else can have taken anything, whatever was at the slot before. */
export interface KnownWhole {
  /** ISO 8601 by the source's clock: until then one reader was there of whose coming was looked at; null: not known. */
  readonly seenUntil: string | null;
  /** The position up to which the clone is whole: that of its ticket, or of a comparison of rows; null: not known. */
  readonly wholeTo: string | null;
}

/** Of several times and positions the last ones. */
export function knownWhole(times: readonly string[], positions: readonly string[]): KnownWhole {
  const last = (one: string, other: string) => (Date.parse(one) > Date.parse(other) ? one : other);
  const furthest = (one: string, other: string) => (compareLsn(one, other) > 0 ? one : other);
  return {
    seenUntil: times.length === 0 ? null : times.reduce(last),
    wholeTo: positions.length === 0 ? null : positions.reduce(furthest),
  };
}

/** What the source's log tells of who was at a slot. */
export function witnessOf(log: DecodingLog, watched: WatchedSlot, whole: KnownWhole): SlotWitness {
  const own = log.starts.filter(({ slot }) => slot === watched.slot);
  const unread = untold(log, own, watched) ?? beforeIt(log, own, watched, whole);
  const move = lastOf([...readings(own, watched), ...copies(log, own, watched), ...remakings(log, watched)]);
  return {
    ...unlooked(watched, unread),
    ...(unread === null ? { since: lookedFrom(log, watched), until: nowOf(watched) } : {}),
    move,
  };
}

/** Before its start the server may have been a reader of the cluster, whose log knows nothing of the slots of then. */
const lookedFrom = ({ since }: DecodingLog, { serverSince }: WatchedSlot): string =>
  since === null || Date.parse(serverSince) > Date.parse(since) ? serverSince : since;

/** @param unread why not */
export const unlooked = (watched: WatchedSlot, unread: string | null): SlotWitness => ({
  reader: readerOf(watched),
  came: watched.since,
  unread,
  since: null,
  until: null,
  move: null,
});

/** By the clock of the source, whose log it is. */
export const nowOf = ({ since, sinceSeconds }: Pick<WatchedSlot, 'since' | 'sinceSeconds'>): string | null =>
  since === null || sinceSeconds === null
    ? null
    : new Date(Date.parse(since) + Math.floor(sinceSeconds * 1_000)).toISOString();

/** That which goes on from furthest: what is known to be whole up to some position may cover the others. */
export const lastOf = (moves: readonly (SlotMove | null)[]): SlotMove | null =>
  moves.reduce((last, one) => {
    if (last === null || one === null) return last ?? one;
    return compareLsn(one.from, last.from) >= 0 ? one : last;
  }, null);

/**
 * Who reads or moves a slot begins where it stands, and the next one begins where he has left it. So he has moved it if
 * the next one begins further on: one who only peeked has not. And what our worker asks for is what it has applied: had
 * it got as far by itself, nothing was skipped.
 */
function readings(starts: readonly DecodingStart[], watched: WatchedSlot): SlotMove[] {
  return starts.flatMap((start, index) => {
    if (start.from === null || !isForeign(start, watched)) return [];
    const next = starts[index + 1];
    // Whoever reads it now has left no later position yet.
    const to = next === undefined ? (watched.active ? null : watched.confirmedLsn) : next.from;
    if (to === null || compareLsn(to, start.from) <= 0) return [];
    const asked = next === undefined || isForeign(next, watched) ? null : askedFor(next);
    return asked !== null && compareLsn(asked, to) >= 0 ? [] : [moveOf(start, to)];
  });
}

/**
 * Any slot can be put in the place of this one by pg_copy_logical_replication_slot, and the worker goes on from where that
 * one stood. Of all that the log has nothing but what was done to the other one before (copy_replication_slot in
 * slotfuncs.c decodes nothing). So of each that somebody made, read or moved between two readers of this one, and that may
 * have been put there: it is gone by now, or nobody reads it and it stands where this one began.
 */
function copies({ starts }: DecodingLog, own: readonly DecodingStart[], watched: WatchedSlot): SlotMove[] {
  return [...own, undefined].flatMap((next, index) => {
    // Whoever reads it now has left no later position yet.
    const to = next === undefined ? (watched.active ? null : watched.confirmedLsn) : next.from;
    const asked = next === undefined || isForeign(next, watched) ? null : askedFor(next);
    if (to === null || (asked !== null && compareLsn(asked, to) >= 0)) return [];
    const begin = index === 0 ? 0 : starts.indexOf(own[index - 1]!) + 1;
    const between = starts.slice(begin, next === undefined ? starts.length : starts.indexOf(next));
    return between.flatMap((start) => {
      const copy = mayStandIn(start, to, watched);
      return copy === null || compareLsn(start.from!, to) >= 0 ? [] : [{ ...moveOf(start, to), copy }];
    });
  });
}

/** @returns the name of the slot; null: it is not one that may stand in the place of this one */
function mayStandIn(start: DecodingStart, to: string, { slot: ours, database, others }: WatchedSlot): string | null {
  const { from, statement } = start;
  if (from === null || (start.database !== null && database !== null && start.database !== database)) return null;
  const name = start.slot ?? madeName(start);
  // A subscriber drops those of its first copies itself (ReplicationSlotNameForTablesync in tablesync.c).
  if (name === null || name === ours || /^pg_\d+_sync_\d+_\d+$/.test(name)) return null;
  if (start.slot === null && statement!.includes(ours)) return null;
  const now = others?.get(name);
  return now === undefined || (!now.inUse && now.confirmedLsn === to) ? name : null;
}

const MAKES = /\bpg_create_logical_replication_slot\b|^CREATE_REPLICATION_SLOT\b/i;

/** Of a slot that is made, which the log tells by the statement alone; null: it is no such line. */
function madeName({ slot, from, statement }: DecodingStart): string | null {
  if (slot !== null || from === null || !MAKES.test(statement ?? '')) return null;
  const [, name] = /(?:pg_create_logical_replication_slot\s*\(\s*'|^CREATE_REPLICATION_SLOT\s+"?)([a-z0-9_]+)/i.exec(
    statement!,
  ) ?? [, 'of another name'];
  return name;
}

/** Dropped, made again under the same name, and begun where the source stood by then: nobody has what was before. */
function remakings({ starts }: DecodingLog, { slot }: WatchedSlot): SlotMove[] {
  const names = [`'${slot}'`, `"${slot}"`, ` ${slot} `];
  return starts
    .filter((start) => madeName(start) !== null)
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
function isForeign({ user, statement }: DecodingStart, { role }: WatchedSlot): boolean {
  if (user !== null && user !== role) return true;
  return statement !== null && !/^START_REPLICATION\b(?![^(]*\(\s*")/i.test(statement);
}

function untold(log: DecodingLog, starts: readonly DecodingStart[], watched: WatchedSlot): string | null {
  if (log.since === null) return 'it has nothing that could be read';
  if (watched.version >= 190_000) return 'from PostgreSQL 19 on it does not tell of functions that move a slot';
  const last = starts.at(-1);
  if (watched.active && (last === undefined || last.pid !== watched.pid))
    return `read from ${log.since} on, it does not have the start of who reads now`;
  if (starts.some((start) => start.statement === null && !isForeign(start, watched)))
    return 'it does not tell by which statements (log_min_error_statement)';
  if (starts.some(({ from }) => from === null)) return 'it does not tell from which positions (log_error_verbosity)';
  return null;
}

/** RDS writes whole seconds. */
const SECOND_MS = 1_000;

/**
 * A log that begins after the reader before has gone tells nothing of who came in between: a busy server writes in minutes
 * what is read back of it.
 */
function beforeIt(
  log: DecodingLog,
  starts: readonly DecodingStart[],
  watched: WatchedSlot,
  { seenUntil, wholeTo }: KnownWhole,
): string | null {
  const now = starts.at(-1);
  if (!watched.active || now?.from == null) return null;
  if (wholeTo !== null && compareLsn(now.from, wholeTo) <= 0) return null;
  if (remakings(log, watched).length > 0) return null;
  const reaches =
    seenUntil === null
      ? starts.slice(0, -1).some((start) => !isForeign(start, watched))
      : Date.parse(log.since!) + SECOND_MS <= Date.parse(seenUntil);
  return reaches ? null : `read from ${log.since} on, it does not reach back to the reader before`;
}
