import { isDeepStrictEqual } from 'node:util';
import type { Connections } from '../connections/connections';
import { formatMark, ownMark, type HeartbeatMark } from '../model/mark';
import type { SlotWitness } from '../model/slot-witness';
import { streamsOf, type StreamOf } from '../model/streams';
import type { CountWitness } from '../model/count-witness';
import { countWitnessesBy } from '../observe/witness-counts';
import { witnessesBy } from '../observe/witness-slots';
import type { DecodedCount } from '../postgres/catalog/senders';
import { heartbeats } from '../postgres/catalog/heartbeats';
import type { Session } from '../postgres/session';
import { quoteLiteral, quoteQualified } from '../postgres/text/quoting';
import { heartbeatTable } from '../resources/heartbeat';
import type { Execution } from './execution';

/** The lock of a comment keeps out neither readers nor writers; for VACUUM of the small table nobody waits. */
const LONGEST_WAIT = '500ms';

/**
 * Writes down what the source's log told of who was at the slot, in the mark of the heartbeat on the source: a log is
 * kept for some days, and read back for hours only, while what somebody took from a slot is missing until rows are
 * compared. Nothing is written where nothing new is known.
 */
export async function noteWitness(session: Session, environment: string, of: StreamOf, told: Told) {
  if (told.slot === null && told.counts === null) return;
  const [found] = await heartbeats(session, [heartbeatTable(of).schema]);
  const mark = ownMark(found?.comment ?? null, 'heartbeat', environment);
  if (mark === null) return;
  const noted = withCounts(told.slot === null ? mark : withNote(mark, told.slot), told.counts);
  if (isDeepStrictEqual(noted, mark)) return;
  const table = quoteQualified(heartbeatTable(of));
  const comment = async (): Promise<void> => {
    await session.query(`SET LOCAL lock_timeout = '${LONGEST_WAIT}'`);
    await session.query(`COMMENT ON TABLE ${table} IS ${quoteLiteral(formatMark(noted))}`);
  };
  await session.transaction(comment, { readOnly: false });
}

/** What looks have told of a stream; null: nobody looked, or there was nothing to look at. */
interface Told {
  readonly slot: SlotWitness | null;
  readonly counts: CountWitness | null;
}

export const toldBy = (connections: Connections, { stream }: StreamOf): Told => ({
  slot: witnessesBy(connections).get(stream.slot) ?? null,
  counts: countWitnessesBy(connections).get(stream.subscription) ?? null,
});

/** Of a count of which the log told nothing it may be asked again. What it told of one before stays told. */
function withCounts(mark: HeartbeatMark, counts: CountWitness | null): HeartbeatMark {
  if (counts === null || (counts.unread !== null && counts.altered === null)) return mark;
  const { since, at, altered, worker } = counts;
  return mark.counts?.since === since
    ? mark
    : { ...mark, counts: { since, at, altered, ...(worker == null ? {} : { worker }) } };
}

function withNote(mark: HeartbeatMark, witness: SlotWitness): HeartbeatMark {
  const { reader, unread, since, until, move, counted, cluster } = witness;
  const before = mark.witness;
  if (unread !== null || reader === null)
    return move === null ? mark : { ...mark, witness: { reader: null, since: null, until: null, ...before, move } };
  if (before?.reader === reader && isDeepStrictEqual(before.move, move) && !hasGrown(before.counted, counted))
    return mark;
  const beside = { ...(counted === undefined ? {} : { counted }), ...(cluster === undefined ? {} : { cluster }) };
  return { ...mark, witness: { reader, since, until, move, ...beside } };
}

/** Often enough that a slot which counts anew is told by it, and seldom enough that comments are not written all the time. */
const hasGrown = (before: DecodedCount | undefined, now: DecodedCount | undefined): boolean =>
  now !== undefined && (before?.of !== now.of || now.txns >= 2 * before.txns + 10);

/** Of all that the looks of a run have told; one after another, as a session that writes makes way for the next. */
export async function noteWitnesses({ connections, writer }: Execution): Promise<void> {
  const { environment } = connections.contracts.source;
  for (const [of, told] of known(connections)) await noteWitness(await writer(of.publisher), environment, of, told);
}

export const isMoveKnown = ({ connections }: Execution): boolean =>
  known(connections).some(([, { slot, counts }]) => slot?.move != null || counts?.altered != null);

const known = (connections: Connections): [StreamOf, Told][] =>
  streamsOf(connections.contracts.source)
    .map((of): [StreamOf, Told] => [of, toldBy(connections, of)])
    .filter(([, { slot, counts }]) => slot !== null || counts !== null);
