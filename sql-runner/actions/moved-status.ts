import type { SourceContract } from '../../contract/contract';
import type { StreamCondition } from '../checks/stream-condition';
import { conditionIn } from '../checks/stream-findings';
import { lagOf } from '../checks/stream-words';
import { FOLLOWING } from '../model/health';
import type { StreamOf } from '../model/streams';
import type { StreamLook, StreamsSeen } from '../model/survey';
import { lsnDistance } from '../postgres/text/lsn';
import type { EnvironmentStatus, StreamStatus } from './status';
import { movedBudget } from './moved-budget';
import { evidenceOf } from './stream-evidence';
import { STATES } from './stream-health';

/** What two looks alone do not tell: a whole one looks for longer. */
const NOT_TOLD: readonly StreamCondition[] = ['busy', 'silent', 'undecided'];

/** Whether a stream has another state in one of the two. */
export const changesState = (now: EnvironmentStatus, before: EnvironmentStatus | undefined): boolean =>
  now.streams.some(({ state }, index) => state !== before?.streams[index]?.state);

/** What is said of a stream, after a look at nothing but how far it has come. */
export function movedTo(contract: SourceContract, status: StreamStatus, seen: StreamsSeen, of: StreamOf): StreamStatus {
  if (status.state === 'lost') return status;
  const { last } = seen.looks[of.stream.subscription]!;
  const costs = { ...keptFor(last), ...movedBudget(contract, status, last, of) };
  // Not connected: nothing moves but what production keeps for it.
  if (status.lagBytes === null) return { ...status, ...costs };
  const condition = conditionIn(seen, of);
  const evidence = evidenceOf(last, of);
  const follows = FOLLOWING.includes(status.state);
  return {
    ...status,
    state: follows && !NOT_TOLD.includes(condition) ? STATES[condition] : status.state,
    // Behind what a look tells stands what was read of the log, which holds for as long as the same one reads.
    evidence: [...evidence, ...status.evidence.slice(evidence.length)],
    ...costs,
    writtenLsn: last.flushLsn,
    sentLsn: last.reader?.sentLsn ?? null,
    receivedLsn: last.worker?.receivedLsn ?? null,
    confirmedLsn: last.reader?.confirmedLsn ?? null,
    lagBytes: lagOf(last),
    lastMessage: last.worker?.lastMessage ?? null,
    applyErrors: last.worker?.applyErrors ?? null,
  };
}

/** What its slot costs production by now. */
function keptFor({
  flushLsn,
  reader,
}: StreamLook): Pick<StreamStatus, 'slotRead' | 'walStatus' | 'retainedBytes' | 'safeWalBytes'> {
  const kept = reader?.restartLsn == null ? null : Number(lsnDistance(reader.restartLsn, flushLsn));
  return {
    slotRead: reader?.active ?? null,
    walStatus: reader?.walStatus ?? null,
    retainedBytes: kept === null ? null : Math.max(0, kept),
    safeWalBytes: reader?.safeWalSize ?? null,
  };
}
