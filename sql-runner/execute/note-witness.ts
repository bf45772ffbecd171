import { isDeepStrictEqual } from 'node:util';
import type { Connections } from '../connections/connections';
import { formatMark, ownMark, type HeartbeatMark } from '../model/mark';
import type { SlotWitness } from '../model/slot-witness';
import { streamsOf, type StreamOf } from '../model/streams';
import { witnessesBy } from '../observe/witness-slots';
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
export async function noteWitness(session: Session, environment: string, of: StreamOf, witness: SlotWitness) {
  const [found] = await heartbeats(session, [heartbeatTable(of).schema]);
  const mark = ownMark(found?.comment ?? null, 'heartbeat', environment);
  if (mark === null) return;
  const noted = withNote(mark, witness);
  if (isDeepStrictEqual(noted, mark)) return;
  const table = quoteQualified(heartbeatTable(of));
  const comment = async (): Promise<void> => {
    await session.query(`SET LOCAL lock_timeout = '${LONGEST_WAIT}'`);
    await session.query(`COMMENT ON TABLE ${table} IS ${quoteLiteral(formatMark(noted))}`);
  };
  await session.transaction(comment, { readOnly: false });
}

function withNote(mark: HeartbeatMark, { reader, unread, since, until, move }: SlotWitness): HeartbeatMark {
  const before = mark.witness;
  if (unread !== null || reader === null)
    return move === null ? mark : { ...mark, witness: { reader: null, since: null, until: null, ...before, move } };
  return before?.reader === reader && isDeepStrictEqual(before.move, move)
    ? mark
    : { ...mark, witness: { reader, since, until, move } };
}

/** Of all that the looks of a run have told; one after another, as a session that writes makes way for the next. */
export async function noteWitnesses({ connections, writer }: Execution): Promise<void> {
  const { environment } = connections.contracts.source;
  for (const [of, witness] of known(connections))
    await noteWitness(await writer(of.publisher), environment, of, witness);
}

export const isMoveKnown = ({ connections }: Execution): boolean =>
  known(connections).some(([, { move }]) => move !== null);

function known(connections: Connections): [StreamOf, SlotWitness][] {
  const witnesses = witnessesBy(connections);
  return streamsOf(connections.contracts.source).flatMap((of): [StreamOf, SlotWitness][] => {
    const witness = witnesses.get(of.stream.slot);
    return witness === undefined ? [] : [[of, witness]];
  });
}
