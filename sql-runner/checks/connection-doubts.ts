import type { Code } from '../../errors/codes';
import type { ConnectionDoubt, ConnectionDoubts } from '../resources/put-back';
import type { SourceContract } from '../../contract/contract';
import { alteredAttributes } from '../resources/subscription-attributes';
import type { CheckOutcome } from './preflight';
import { conditionIn } from './stream-findings';
import { foreignLogin } from './stream-words';
import { streamsOf, type StreamOf } from '../model/streams';
import type { StreamsSeen, TargetSurvey, StreamLooks } from '../model/survey';

/** What keeps every worker from connecting, whatever its connection says; or ends it as soon as it has, again and again. */
const EXPLAINING: readonly Code[] = [
  'ROLE_CANNOT_CONNECT',
  'ROLE_CANNOT_REPLICATE',
  'ROLE_CONNECTIONS_TOO_FEW',
  'ROLE_NEEDS_IAM',
  'ROLE_PASSWORD_EXPIRES',
  'SOURCE_SENDERS_TOO_FEW',
  'TARGET_PROCESSES_TOO_FEW',
  'TABLE_NOT_ON_CLONE',
];

/**
 * Nobody can read what a subscription connects with: a superuser could, and then
 * would hold a password. So it is judged by what comes of it: who reads the slot,
 * and whether a stream stands still of which nothing else explains it.
 */
export function connectionDoubts(
  contract: SourceContract,
  { streams, target }: { readonly streams: StreamsSeen | null; readonly target: TargetSurvey | null },
  outcomes: readonly CheckOutcome[],
): ConnectionDoubts {
  if (streams?.passwordWorks !== true) return {};
  const codes = outcomes.flatMap(({ findings }) => findings ?? []).map(({ code }) => code);
  const explained = codes.some((code) => EXPLAINING.includes(code));
  const doubts = streamsOf(contract).flatMap((of): [string, ConnectionDoubt][] => {
    const doubt = foreign(contract, streams, of) ?? (explained ? null : standing(streams, target, of));
    return doubt === null ? [] : [[of.stream.subscription, doubt]];
  });
  return Object.fromEntries(doubts);
}

function foreign(contract: SourceContract, streams: StreamsSeen, of: StreamOf): ConnectionDoubt | null {
  const seen = foreignLogin(contract, streams.looks[of.stream.subscription], conditionIn(streams, of));
  return seen === null ? null : { seen, loses: false };
}

function standing(streams: StreamsSeen, target: TargetSurvey | null, of: StreamOf): ConnectionDoubt | null {
  const looks = streams.looks[of.stream.subscription];
  if (looks === undefined || !neverConnects(looks, streams, of)) return null;
  const options = target?.databases[of.database]?.subscriptionOptions.find(
    ({ name }) => name === of.stream.subscription,
  );
  // What is read to be altered is put back first.
  if (options === undefined || alteredAttributes(of, options).length > 0) return null;
  return {
    seen: 'its worker does not reach its slot, although the password works and nothing else was seen that would keep it',
    loses: true,
  };
}

/**
 * Errors of the connection are not counted; where none are counted (before 15), one that failed later was seen to read.
 * Between two tries nobody reads: since when tells whether somebody did between the two looks.
 */
function neverConnects({ first, last, seconds }: StreamLooks, streams: StreamsSeen, of: StreamOf): boolean {
  if (last.reader === null || first.reader?.active === true || last.reader.active) return false;
  if ((last.reader.unreadSeconds ?? Infinity) < seconds) return false;
  const condition = conditionIn(streams, of);
  return (
    condition === 'stopped' || condition === 'unread' || (condition === 'failing' && last.worker?.applyErrors === null)
  );
}
