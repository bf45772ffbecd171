import type { Contracts } from '../../contract/contract';
import type { StreamCondition } from '../checks/stream-condition';
import { conditionIn } from '../checks/stream-findings';
import { isHealthy } from '../model/health';
import { streamsOf, type StreamOf } from '../model/streams';
import type { StreamsSeen } from '../model/survey';
import type { EnvironmentStatus } from './status';

const FOLLOWS: readonly StreamCondition[] = ['streaming', 'catching up'];

/** Whether more than positions has changed between two looks, so that only a whole one tells what it means. */
export function standsOtherwise(before: StreamsSeen, now: StreamsSeen, of: StreamOf): boolean {
  const [was, is] = [conditionIn(before, of), conditionIn(now, of)];
  if (isOtherReader(before, now, of)) return true;
  return was !== is && !(FOLLOWS.includes(was) && FOLLOWS.includes(is));
}

/** Between the two looks the slot was free, for anybody to move it: what was there by then, a whole look tells. */
function isOtherReader(before: StreamsSeen, now: StreamsSeen, { stream }: StreamOf): boolean {
  const [was, is] = [before, now].map(({ looks }) => looks[stream.subscription]?.last.reader);
  return is?.active === true && (is.pid !== was?.pid || is.since !== was.since);
}

interface Seen {
  readonly status: EnvironmentStatus;
  readonly seen: StreamsSeen | null;
}

/** Whether a stream may be put right without standing otherwise. One that has diverged never is. */
export function isHealedUnseen({ source }: Contracts, { status, seen }: Seen): boolean {
  const follows = streamsOf(source)
    .filter((of) => seen !== null && FOLLOWS.includes(conditionIn(seen, of)))
    .map(({ stream }) => stream.slot);
  return status.streams.some((one) => follows.includes(one.slot) && !isHealthy(one) && one.state !== 'diverged');
}
