import type { SourceContract } from '../../contract/contract';
import type { Refusal } from '../model/change';
import type { HeartbeatFacts } from '../model/heartbeat-facts';
import type { Observation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import { newClone, type StreamOf } from '../model/streams';
import { compareLsn } from '../postgres/text/lsn';
import { heartbeatOf } from './heartbeat';
import { holdsBeats } from './heartbeat-columns';
import { contradiction, isBroken, type Contradiction } from './history';
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

/** One that says that changes are missing, or are of another source: only a new clone helps. */
export function historyDiffers(contract: SourceContract, of: StreamOf, found: Contradiction): Refusal {
  return { code: 'HISTORY_DIFFERS', ...historyWords(of, found), next: newClone(contract) };
}

/** The same of a stream that is waited for, whose doubt the next plan puts to its rows. */
export function historySpeaks(contract: SourceContract, of: StreamOf, found: Contradiction): Refusal {
  if (isBroken(found)) return historyDiffers(contract, of, found);
  return { code: 'CONTINUITY_NOT_PROVEN', ...historyWords(of, found), next: comparesRows(contract) };
}

/** @param held by consent */
export const comparesRows = (contract: SourceContract, held = false): string =>
  `sql-runner ${held ? 'resume' : 'apply'} ${contract.environment} lets it go on and compares every row; if some differ: ${newClone(contract)}`;

/** Sentences without full stop. */
export function historyWords({ database }: StreamOf, { kind, beat }: Contradiction): Pick<Refusal, 'seen' | 'why'> {
  const { seen, why } = WORDS[kind];
  return { seen: `database ${database}: ${seen(`beat ${beat.number} of the heartbeat, written at ${beat.at}`)}`, why };
}

const PUT_BACK =
  'the source was put back to an earlier state: the clone has changes that the source has not, and others are missing';
const DELETED =
  'beats are what tells whether slot, origin or a whole server was put back, and where some are gone they do not; whether rows are missing only the rows can tell';

const WORDS: Record<Contradiction['kind'], { readonly seen: (beat: string) => string; readonly why: string }> = {
  'never applied': {
    seen: (beat) => `the slot has given away more than ${beat}, and the clone has not applied that`,
    why: 'the slot was moved over it, or the clone was put back to an earlier state: the changes around it never reach the clone',
  },
  'missing on the clone': {
    seen: (beat) => `the clone has gone beyond ${beat}, and does not have it`,
    why: 'somebody deleted it there; or the slot or the origin was moved over it, or the clone was put back to an earlier state, which looks the same, and then the changes around it are missing: only the rows can tell',
  },
  'unknown to the source': {
    seen: (beat) => `the clone has got ${beat}, and the source does not know of it`,
    why: `${PUT_BACK}; or somebody deleted it on the source, and the clone has not got that yet`,
  },
  'after another one': {
    seen: (beat) => `the clone has got ${beat}, which does not follow on what it has got before`,
    why: PUT_BACK,
  },
  'deleted on the source': {
    seen: (beat) => `somebody deleted ${beat}, on the source, which has what was written after it`,
    why: DELETED,
  },
  'after a deleted one': {
    seen: (beat) => `somebody deleted what was before ${beat}, on the source, and neither side has it`,
    why: DELETED,
  },
};
