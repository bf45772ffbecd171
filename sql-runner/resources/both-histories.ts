import type { SourceContract } from '../../contract/contract';
import type { Refusal } from '../model/change';
import type { HeartbeatFacts } from '../model/heartbeat-facts';
import type { Observation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { newClone, type StreamOf } from '../model/streams';
import { compareLsn } from '../postgres/text/lsn';
import { heartbeatOf } from './heartbeat';
import { holdsBeats } from './heartbeat-columns';
import { contradiction, isBroken, type BrokenHistory, type Contradiction, type DoubtfulHistory } from './history';
import { slotMove } from './slot-moved';

type Sides = Pick<Observation, 'source' | 'target'>;

/** Whatever else is known of a stream, what its heartbeat would say against it is not. */
export function unreadBeats(contract: SourceContract, { source, target }: Sides, of: StreamOf): string | null {
  const [here, there] = [heartbeatOf(contract, source, of), target && heartbeatOf(contract, target, of)];
  const side = isUnread(here) ? 'source' : isUnread(there) ? 'clone' : null;
  if (side === null) return null;
  return `the beats of ${of.stream.publication} in database ${of.database} could not be read on the ${side}`;
}

const isUnread = (facts: HeartbeatFacts | null): boolean =>
  facts !== null && (facts.unread !== undefined || (facts.form !== undefined && !holdsBeats(facts.form)));

/** Only where both sides have a heartbeat: a clone of before there were any brings none along. */
export function contradictedHistory(
  contract: SourceContract,
  { source, target }: Sides,
  of: StreamFacts,
  origin: string,
): Contradiction | null {
  const [here, there] = [heartbeatOf(contract, source, of), target && heartbeatOf(contract, target, of)];
  if (here === null || there === null || unreadBeats(contract, { source, target }, of) !== null) return null;
  // Whatever the worker has confirmed nobody sends again, wherever the clone was put back to.
  const confirmed = of.slot?.confirmedFlushLsn ?? origin;
  const gone = compareLsn(confirmed, origin) > 0 ? confirmed : origin;
  const known = { origin, move: slotMove(source, of), beat: of.subscriptionMark?.beat };
  return contradiction(here.beats, there.beats, gone, known);
}

/** Changes are missing, or are of another source: only a new clone helps. */
export function historyDiffers(contract: SourceContract, { database }: StreamOf, found: BrokenHistory): Refusal {
  const beat = `beat ${found.beat.number} of the heartbeat, written at ${found.beat.at}`;
  const { kind } = found;
  return {
    code: 'HISTORY_DIFFERS',
    seen:
      kind === 'never applied'
        ? `database ${database}: the slot has given away more than ${beat}, and the clone has not applied that`
        : kind === 'unknown to the source'
          ? `database ${database}: the clone has got ${beat}, and the source does not know of it`
          : `database ${database}: the clone has got ${beat}, which does not follow on what it has got before`,
    why:
      kind === 'never applied'
        ? 'the slot was moved over it, or the clone was put back to an earlier state: the changes around it never reach the clone'
        : kind === 'unknown to the source'
          ? 'the source was put back to an earlier state: the clone has changes that the source has not, and others are missing; or somebody deleted it on the source, and the clone has not got that yet'
          : 'the source was put back to an earlier state: the clone has changes that the source has not, and others are missing',
    next: newClone(contract),
  };
}

/** The same of a stream that is waited for: what is in doubt the next plan puts to its rows. */
export function historySpeaks(contract: SourceContract, of: StreamOf, found: Contradiction): Refusal {
  if (isBroken(found)) return historyDiffers(contract, of, found);
  const { seen, why } = historyDoubted(of, found);
  return {
    code: 'CONTINUITY_NOT_PROVEN',
    seen,
    why,
    next: `sql-runner apply ${contract.environment} lets it go on and compares every row; if some differ: ${newClone(contract)}`,
  };
}

/** Sentences without full stop. */
export function historyDoubted(
  { database }: StreamOf,
  { kind, beat: { number, at } }: DoubtfulHistory,
): Pick<Refusal, 'seen' | 'why'> {
  const beat = `beat ${number} of the heartbeat, written at ${at}`;
  switch (kind) {
    case 'missing on the clone':
      return { seen: `database ${database}: the clone has gone beyond ${beat}, and does not have it`, why: LOOKS_SAME };
    case 'deleted on the source':
      return {
        seen: `database ${database}: somebody deleted ${beat}, on the source, which has what was written after it`,
        why: GONE,
      };
    case 'after a deleted one':
      return {
        seen: `database ${database}: somebody deleted what was before ${beat}, on the source, and neither side has it`,
        why: GONE,
      };
  }
}

const LOOKS_SAME =
  'somebody deleted it there; or the slot or the origin was moved over it, or the clone was put back to an earlier state, which looks the same, and then the changes around it are missing: only the rows can tell';
const GONE =
  'beats are what tells whether slot, origin or a whole server was put back, and where some are gone they do not; whether rows are missing only the rows can tell';
