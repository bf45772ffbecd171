import type { SourceContract } from '../../contract/contract';
import { seenArriving } from '../checks/new-tables-arriving';
import { arrivingOf } from '../model/added-tables';
import { block, changeOf, propose, type Change, type Finding, type Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { streamOf } from '../model/streams';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { continuityFinding, judgeContinuity } from '../resources/continuity';
import { heartbeatTable } from '../resources/heartbeat';
import { holdOf } from '../resources/held-stream';
import { costOfHold } from '../resources/hold-costs';
import { isResetUnfinished } from '../resources/retirement';
import { isLost, slotDrop } from '../resources/replication-slot';
import { finishPlan } from './finish-plan';

/**
 * Everything up to now is proven to be on the clone, then each subscription is disabled and its mark records where both
 * sides stand; see execute/operations/hold-stream.ts.
 * @param released the slots are given up: a resume is not possible any more
 */
export function planHold(contract: SourceContract, observation: Observation, released: boolean): Plan {
  const streams = streamFacts(contract, observation);
  const refused = refusal(contract, observation, streams);
  const proposal = refused ?? holding(contract, observation, streams, released);
  const { environment } = contract;
  const givenUp = released || streams.some((of) => holdOf(of)?.released !== undefined);
  return finishPlan(contract, observation, proposal, {
    mode: released ? 'release' : 'hold',
    nextStep: () =>
      givenUp
        ? { command: `sql-runner reset ${environment}`, reason: 'when what it was held for is over: makes a new clone' }
        : { command: `sql-runner resume ${environment}`, reason: 'when what it is held for is over' },
    beside: () => (refused === null ? costOfHold(contract, observation.source, givenUp) : []),
  });
}

function refusal(contract: SourceContract, observation: Observation, streams: readonly StreamFacts[]): Proposal | null {
  const { environment } = contract;
  const not = streams.find((of) => holdOf(of) === null && !follows(of));
  const resetting = isResetUnfinished(streams);
  if (not === undefined && !resetting && observation.target !== null) return null;
  return block({
    code: 'NOTHING_TO_HOLD',
    seen: resetting
      ? `a reset of environment ${environment} is not finished`
      : `the stream of database ${not?.database ?? streams[0]!.database} does not follow: it is not there or not enabled, or its slot is gone`,
    why: 'a hold records where a clone stands that has all that production has written',
    next: `run sql-runner apply ${environment}`,
  });
}

const follows = ({ state, slot }: StreamFacts): boolean => state === 'enabled' && slot !== null && !isLost(slot);

function holding(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
  released: boolean,
): Proposal {
  const running = streams.filter((of) => holdOf(of) === null);
  const doubts = running
    .map((of) => continuityFinding(contract, judgeContinuity(contract, observation, of)))
    .filter((finding): finding is Finding => finding !== null);
  const arriving = running.flatMap((of) => arrivingIn(contract, of));
  const open = streams.filter((of) => holdOf(of)?.open !== undefined);
  const given = released ? streams.filter((of) => of.slot !== null) : [];
  const recorded = streams.filter((of) => running.includes(of) || open.includes(of) || given.includes(of));
  return propose(
    [
      ...(running.length === 0 ? [] : [drain(contract, running)]),
      ...recorded.map((of) => hold(contract, of, released)),
      ...given.map((of) => ({ ...slotDrop(of), reason: 'you give it up: production keeps no WAL for it any more' })),
    ],
    [...doubts, ...arriving],
  );
}

/** A clone that lacks rows of a table has not all that production has written, whatever the streams have applied. */
function arrivingIn({ environment }: SourceContract, { database, stream, subscriptionMark }: StreamFacts): Finding[] {
  const tables = arrivingOf(subscriptionMark);
  if (tables.length === 0) return [];
  return [
    {
      code: 'NEW_TABLE_ARRIVING',
      severity: 'block',
      seen: seenArriving(tables, database, stream.subscription),
      why: 'rows of it may be missing on the clone, and a hold records that it has all that production has written',
      next: `run sql-runner apply ${environment} first, which goes on with it`,
    },
  ];
}

function drain({ environment }: SourceContract, streams: readonly StreamFacts[]): Change {
  return changeOf({
    address: { side: 'source', kind: 'drain', name: environment },
    action: 'update',
    reason: 'the clone gets all that production has written up to now, which a beat of each stream proves',
    preview: streams.map(
      (of) => `INSERT INTO ${quoteQualified(heartbeatTable(of))} (…);  -- and wait until the clone has it`,
    ),
    operation: { kind: 'drain', streams: streams.map(({ database, stream }) => streamOf(database, stream)) },
  });
}

function hold({ environment }: SourceContract, of: StreamFacts, released: boolean): Change {
  const { stream, subscriber } = of;
  const name = quoteIdent(stream.subscription);
  const found = holdOf(of);
  const disable = found === null ? [`ALTER SUBSCRIPTION ${name} DISABLE;  -- and wait until its worker has ended`] : [];
  return changeOf({
    address: { ...subscriber, kind: 'subscription-hold', name: stream.subscription },
    action: 'update',
    reason:
      found === null
        ? 'it is disabled by consent, and its mark records where both sides stand'
        : found.open === undefined
          ? 'its mark records that its slot is given up'
          : 'a run that died has disabled it: its mark records where both sides stand by now',
    preview: [...disable, `COMMENT ON SUBSCRIPTION ${name} IS '(its mark, as held)';`],
    operation: {
      kind: 'hold-stream',
      place: subscriber,
      environment,
      subscription: stream.subscription,
      slot: stream.slot,
      released,
    },
  });
}
