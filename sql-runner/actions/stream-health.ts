import { sharedAgain } from '../model/streams';
import type { SourceContract } from '../../contract/contract';
import type { StreamCondition } from '../checks/stream-condition';
import { conditionIn } from '../checks/stream-findings';
import { FOLLOWING, type Health, type HealthState } from '../model/health';
import type { Observation } from '../model/observation';
import type { StreamFacts } from '../model/stream-state';
import type { StreamsSeen } from '../model/survey';
import { slotAndAlignment } from '../plan/stream-refusals';
import { continuityFinding, judgeContinuity, type Continuity } from '../resources/continuity';
import { problemOf, problemsOfLogin, problemsOfOurs, problemsOfProduction, type Beside } from './problems';
import { uncounted } from '../resources/counted-anew';
import { comparedBy } from '../resources/unlooked';
import { isCompared, slotMove, witnessIn, witnessWords } from '../resources/slot-moved';
import { evidenceOf, sinceOf } from './stream-evidence';

/**
 * How a stream stands, since when, why, and what to do.
 * @param seen null: it is not connected, or not by us
 */
export function streamHealth(
  contract: SourceContract,
  observation: Observation,
  seen: StreamsSeen | null,
  of: StreamFacts,
  beside: Beside,
): Omit<Health, 'consequence'> {
  const before = standsBefore(observation, of);
  const refusals = slotAndAlignment(contract, observation, of, {
    ready: seen === null && before === 'not connected yet',
  });
  const ours = of.subscriptionMark !== null;
  const lost = ours && refusals.some(({ code }) => code === 'SLOT_LOST');
  const continuity = judgeContinuity(contract, observation, of);
  const doubt = continuityFinding(contract, continuity);
  const blocked = refusals.some(({ severity }) => severity === 'block');
  const condition = seen === null ? null : STATES[conditionIn(seen, of)];
  const state = stateOf(lost ? 'lost' : (condition ?? (blocked ? 'blocked' : before)), continuity, of);
  const own = ours ? problemsOfOurs(contract, observation, lost ? null : seen, of, beside) : [];
  const doubts = doubt === null ? [] : [problemOf(doubt)];
  const problems = [
    ...problemsOfProduction(contract, observation.source, of),
    ...(state === 'diverged' ? doubts : []),
    ...(lost ? refusals.map(problemOf) : []),
    ...(ours ? problemsOfLogin(contract, observation.source, of) : []),
    ...(lost ? [] : refusals.map(problemOf)),
    ...own.filter(({ code }) => state !== 'held' || code !== 'SUBSCRIPTION_DISABLED'),
    ...(state === 'diverged' ? [] : doubts),
  ];
  const look = seen?.looks[of.stream.subscription]?.last ?? null;
  return {
    state,
    since: sinceOf(state, look, of, new Date(Date.now())),
    problems,
    evidence: [
      ...evidenceOf(look, of),
      ...witnessLine(observation.source, of),
      ...countsLine(contract, observation, of),
    ],
    next: problems[0]?.next ?? usualNext(contract, state, of),
  };
}

function witnessLine(source: Observation['source'], of: StreamFacts): string[] {
  const witness = witnessIn(source, of);
  // One that has taken nothing, or of which the rows were compared since, is nobody to tell of.
  if (witness === null) return [];
  if (witness.unread !== null && isCompared(witness, of))
    return [`since the reader of slot ${of.stream.slot} came, every row was compared, and was equal`];
  return [witnessWords(of, { ...witness, move: slotMove(source, of) })];
}

/** A crash or a failover loses the counts of a server, and with them what they told of alterations by hand. */
function countsLine(contract: SourceContract, { target }: Observation, of: StreamFacts): string[] {
  const why = target === null ? null : uncounted(target, of);
  return why === null
    ? []
    : [
        `whether somebody altered a subscription of the clone and put it back before its server began to count anew was not looked at: ${why}; ${comparedBy(contract)}`,
      ];
}

function standsBefore(observation: Observation, { mark, slot }: StreamFacts): HealthState {
  if (mark?.ticket === undefined || slot === null) return 'not prepared';
  return isUnderTicket(observation) ? 'not connected yet' : 'waiting for the clone';
}

function stateOf(standing: HealthState, continuity: Continuity | null, of: StreamFacts): HealthState {
  if (continuity?.kind === 'broken' || (continuity?.kind === 'not proven' && continuity.differs)) return 'diverged';
  if (standing === 'disabled' && of.subscriptionMark?.held !== undefined) return 'held';
  return FOLLOWING.includes(standing) && continuity?.kind === 'not proven' ? 'not proven' : standing;
}

/** A clone of an earlier ticket is as good as none: it will be replaced. */
function isUnderTicket({ target, ticket }: Observation): boolean {
  return target !== null && target.deployedNonce === ticket?.nonce;
}

export const STATES: Record<StreamCondition, HealthState> = {
  absent: 'stopped',
  disabled: 'disabled',
  failing: 'retrying',
  stopped: 'stopped',
  unread: 'cut off',
  waiting: 'blocked',
  silent: 'cut off',
  streaming: 'streaming',
  'catching up': 'catching up',
  busy: 'no progress seen',
  undecided: 'no progress seen',
};

/** A clone that is taken under it then would be refused: see resources/clone-ticket.ts, which issues another. */
const ticketOutdated = ({ slot, mark }: StreamFacts): boolean =>
  slot?.confirmedFlushLsn !== mark?.ticket?.confirmedFlushLsn;

/** What comes next of a stream that nothing speaks against. */
export function usualNext(contract: SourceContract, state: HealthState, of: StreamFacts): string | null {
  const { environment, stacks } = contract;
  switch (state) {
    case 'not prepared':
      return `sql-runner apply ${environment} prepares it for the clone`;
    case 'waiting for the clone':
      return `${ticketOutdated(of) ? `sql-runner apply ${environment} issues the ticket anew, as an earlier clone has read on since; then ` : ''}cdktf deploy ${stacks.target} takes the clone; ${sharedAgain(contract)}`;
    case 'not connected yet':
      return `sql-runner plan ${environment} says whether it may be connected`;
    case 'held':
      return `sql-runner resume ${environment} lets it go on`;
    case 'no progress seen':
      return `sql-runner watch ${environment} shows whether it gets on`;
    default:
      return null;
  }
}
