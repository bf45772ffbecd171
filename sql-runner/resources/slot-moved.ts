import type { SlotMove, SlotWitness } from '../model/slot-witness';
import type { SourceObservation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { compareLsn } from '../postgres/text/lsn';

/**
 * Whether somebody else read or moved the slot of a stream, of which nothing says yet that no change went with it: while
 * our worker is away anybody may, it goes on behind that without a word, and beats only tell of it where one was skipped.
 * Positions of WAL only grow, so what was before the slot was made for the present clone, or before its rows were
 * compared, is told apart by them, and no clock is asked.
 */
export function slotMove(source: SourceObservation, of: StreamFacts): SlotMove | null {
  const move = witnessIn(source, of)?.move ?? null;
  if (move === null) return null;
  const made = (of.mark ?? of.inheritedMark)?.ticket?.confirmedFlushLsn;
  const bounds = [made, of.subscriptionMark?.compared].flatMap((lsn) => lsn ?? []);
  // Of one that was made anew it is told where it stood by then: had it stood there before, it skipped nothing.
  const least = move.counted === undefined && move.cluster === undefined ? 0 : 1;
  return bounds.every((bound) => compareLsn(move.from, bound) >= least) ? move : null;
}

/** null: it was not looked at who was there. */
export const witnessIn = (source: SourceObservation, { stream }: Pick<StreamFacts, 'stream'>): SlotWitness | null =>
  source.witnesses?.[stream.slot] ?? null;

/**
 * Why the source's log does not tell who was at the slot before its present reader came; null: it does, nobody looked, or
 * rows were compared and equal while that one read, so that whoever was there took nothing.
 */
export function slotUnread(source: SourceObservation, of: StreamFacts): string | null {
  const witness = witnessIn(source, of);
  return witness === null || isCompared(witness, of) ? null : witness.unread;
}

export const isCompared = ({ reader }: SlotWitness, { subscriptionMark: mark }: StreamFacts): boolean =>
  reader !== null && mark?.reader === reader;

export function moveWords({ database, stream }: StreamFacts, move: SlotMove): string {
  const { at, pid, by, from, to, copy, counted, cluster } = move;
  if (cluster !== undefined)
    return `production is another cluster than the one that the clone followed (resource ${cluster.now}, and it was ${cluster.before}): it was restored or replaced before the reader of slot ${stream.slot} of database ${database} came at ${at}`;
  if (counted !== undefined)
    return `slot ${stream.slot} of database ${database} was made anew, or replaced by a copy of another one, before its reader came at ${at}: it counted ${counted.now} decoded transactions afterwards, and had counted ${counted.before}`;
  const who = `process ${pid}${by === null ? '' : ` (${by})`}`;
  if (copy !== undefined)
    return `slot ${stream.slot} of database ${database} may have been replaced by a copy of ${copy === null ? 'a slot whose name the log does not tell' : `slot ${copy}`}, which ${who} made, read or moved at ${at}, when it stood at ${from}; ${stream.slot} stood at ${to} afterwards`;
  const what = to === null ? `was made again by ${who} from ${from} on` : `was moved from ${from} to ${to} by ${who}`;
  return `slot ${stream.slot} of database ${database} ${what} at ${at}, and not by the subscription's worker`;
}

/** What the source's log says of it, for evidence. */
export function witnessWords({ stream }: Pick<StreamFacts, 'stream'>, witness: SlotWitness): string {
  const { came, unread, since, until, move } = witness;
  const { slot } = stream;
  const others = move === null ? `nobody else at slot ${slot}` : `somebody else at slot ${slot} at ${move.at}`;
  const looked =
    since === null ? '' : `; the source's log from ${since}${until === null ? '' : ` to ${until}`} has ${others}`;
  if (unread === null)
    return `until its reader came, ${others}, by the source's log from ${since ?? 'an unknown time'} on`;
  const before = came === null ? '' : ` before its reader came at ${came}`;
  return `whether somebody else was at slot ${slot}${before} was not looked at: ${unread}${looked}`;
}
