import type { SourceContract } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { SourceObservation, TargetObservation } from '../model/observation';
import { heartbeatOf, heartbeatTable } from './heartbeat';
import { hasMovedAway } from './renamed-heartbeat';
import { displayTable } from '../model/table-selection';
import { type StreamOf, newClone } from '../model/streams';

/**
 * A stream without a heartbeat follows all the same, as all did that were made before there was any: then what a beat
 * would tell is not known, and that is said.
 * @param clone one of this ticket, which should have brought it along; null: there is none
 */
export function findMissingHeartbeats(
  contract: SourceContract,
  source: SourceObservation,
  clone: TargetObservation | null,
  streams: readonly StreamOf[],
): Finding[] {
  return streams.flatMap((of) => {
    const lacks = (side: SourceObservation | TargetObservation) =>
      heartbeatOf(contract, side, of) === null && !hasMovedAway(side, of);
    const onSource = lacks(source);
    const onClone = clone !== null && lacks(clone);
    if (!onSource && !onClone) return [];
    const where = onSource && onClone ? 'on neither side' : `not on the ${onSource ? 'source' : 'clone'}`;
    return [
      {
        code: 'HEARTBEAT_MISSING',
        severity: 'warn',
        seen: `the heartbeat of database ${of.database}, table ${displayTable(heartbeatTable(of))} with our mark, is ${where}`,
        why: 'no beat is sent without it: that a slot was moved over changes, or a server put back to an earlier state, may leave nothing to see, and that the clone has every change is not proven',
        next: `sql-runner verify ${contract.environment} compares every row; for a heartbeat, ${newClone(contract)}`,
      },
    ];
  });
}
