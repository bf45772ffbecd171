import type { SourceContract, Side } from '../../contract/contract';
import type { Finding } from '../model/change';
import type { HeartbeatFacts } from '../model/heartbeat-facts';
import type { SourceObservation, TargetObservation } from '../model/observation';
import { quoteQualified } from '../postgres/text/quoting';
import { faultsOf } from './heartbeat-form';
import { heartbeatOf, heartbeatTable } from './heartbeat';
import { type StreamOf, streamsOf } from '../model/streams';

type Observed = SourceObservation | TargetObservation;

const placed = (side: Side, database: string): string =>
  `in database ${database} on the ${side === 'source' ? 'source' : 'clone'}`;

/** A heartbeat that somebody altered, took rights on, or holds locked. One of several is named for each stream. */
export function findAlteredHeartbeats(contract: SourceContract, observed: Observed, side: Side): Finding[] {
  return streamsOf(contract).flatMap((of) => findAlteredHeartbeat(contract, observed, side, of));
}

export function findAlteredHeartbeat(
  contract: SourceContract,
  observed: Observed,
  side: Side,
  of: StreamOf,
): Finding[] {
  const facts = heartbeatOf(contract, observed, of);
  if (facts === null) return [];
  const faults = facts.form === undefined ? [] : faultsOf(facts.form, side);
  if (faults.length > 0) return [altered(facts, side, of, faults)];
  return facts.unread === undefined ? [] : [unreadable(facts.unread, side, of)];
}

const STOPS = {
  severity: 'block',
  stops: ['publish', 'slot', 'ticket', 'connect'],
} as const satisfies Partial<Finding>;

function altered(
  { form, unread }: HeartbeatFacts,
  side: Side,
  of: StreamOf,
  faults: ReturnType<typeof faultsOf>,
): Finding {
  const at = placed(side, of.database);
  const ours = form!.mayAlter && form!.mayAlterSchema;
  const as = ours ? '' : `as a superuser, or as a role that may give it to ${form!.login}, `;
  const told = faults.map(({ what }) => what).join(', ');
  const statements = faults.flatMap((fault) => fault.statements).join(' ');
  const empty = `${placed('source', of.database)}: TRUNCATE ${quoteQualified(heartbeatTable(of))};`;
  return {
    code: 'HEARTBEAT_ALTERED',
    ...STOPS,
    seen: `the heartbeat ${heartbeatTable(of).schema} ${at} is not as sql-runner made it: ${told}${unread === undefined ? '' : `; its beats could not be read: ${unread.seen}`}`,
    why: 'beats are written, sent and applied like any row, and prove that nothing was skipped: where that fails on the source apply does, and on the clone the stream stops',
    next: faults.some(({ emptiesSource }) => emptiesSource)
      ? `${as}${at}: ${statements} then ${empty}`
      : `${as}${at}: ${statements}`,
  };
}

function unreadable({ seen, next }: NonNullable<HeartbeatFacts['unread']>, side: Side, of: StreamOf): Finding {
  return {
    code: 'HEARTBEAT_UNREADABLE',
    ...STOPS,
    seen: `the beats of ${heartbeatTable(of).schema} ${placed(side, of.database)} could not be read: ${seen}`,
    why: 'they prove that nothing was skipped; nothing is said to be proven without them',
    next: next ?? 'put right what the server names there, then run the same command again',
  };
}
