import type { SlotMove, SlotWitness } from '../model/slot-witness';
import { readerOf } from '../model/slot-witness';
import { compareLsn } from '../postgres/text/lsn';
import type { DecodingLog, DecodingStart } from './decoding-log';
import type { KnownWhole } from './known-whole';
import { settingWords } from './log-settings';
import { copiesIn } from './slot-copies';
import { isForeign, movesIn, remakings, startsAt, type WatchedSlot } from './slot-moves';

/** What the source's log tells of who was at a slot. */
export function witnessOf(log: DecodingLog, watched: WatchedSlot, whole: KnownWhole): SlotWitness {
  const own = startsAt(log, watched);
  const unread = untold(log, own, watched) ?? beforeIt(log, own, watched, whole) ?? settingChanged(log, own, whole);
  const move = lastOf([...movesIn(log, watched), ...copiesIn(log, watched, whole)]);
  return {
    ...unlooked(watched, unread),
    ...(unread === null ? { since: lookedFrom(log, watched), until: nowOf(watched) } : {}),
    move,
  };
}

/** Who did it is told by the log alone; what rows have shown to be of no account tells nothing. */
export const isTold = (move: SlotMove | null, { wholeTo }: KnownWhole): boolean =>
  move !== null && (wholeTo === null || compareLsn(move.from, wholeTo) >= 0);

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

/** While the reader before was there nobody else could be, whatever was logged. */
function settingChanged(log: DecodingLog, own: readonly DecodingStart[], { seenUntil }: KnownWhole): string | null {
  const [before, now] = [own.at(-2), own.at(-1)];
  const [from, to] = [before, now].map((start) => (start === undefined ? -1 : log.starts.indexOf(start)));
  const changed = log.settings.find(
    ({ after, at }) =>
      after > from! && after <= to! && (at === null || seenUntil === null || Date.parse(at) > Date.parse(seenUntil)),
  );
  return changed === undefined ? null : settingWords(changed);
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
