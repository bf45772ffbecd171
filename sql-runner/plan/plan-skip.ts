import type { SourceContract } from '../../contract/contract';
import { block, propose, type Finding, type Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import type { Plan } from '../model/plan';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import { isResetUnfinished } from '../resources/retirement';
import { skipChange } from '../resources/skipped-transactions';
import { finishPlan } from './finish-plan';
import { checkSameServer } from './gates/clone';

/**
 * The transaction that each failing stream cannot apply is left out by consent, once what it holds is shown. Only the one
 * that the clone's log names and that comes next in the slot: nothing is guessed, and nothing else is skipped with it.
 */
export function planSkip(contract: SourceContract, observation: Observation): Plan {
  const { environment } = contract;
  return finishPlan(contract, observation, proposed(contract, observation), {
    mode: 'skip',
    nextStep: () => ({
      command: `sql-runner apply ${environment}`,
      reason: 'compares every row, and says which tables differ; until all are equal nothing is called in sync',
    }),
    beside: () => [],
  });
}

function proposed(contract: SourceContract, observation: Observation): Proposal {
  const { target, failures = {} } = observation;
  const streams = streamFacts(contract, observation);
  if (target === null || isResetUnfinished(streams))
    return block(nothing(contract, [`environment ${contract.environment} has no clone that follows`]));
  const same = checkSameServer(contract, target);
  if (same.length > 0) return propose([], same);
  const seen = streams.map((of) => ({ of, failure: failures[of.stream.subscription] }));
  const changes = seen.flatMap(({ of, failure }) =>
    failure?.kind === 'failing' ? [skipChange(contract, of, failure)] : [],
  );
  const unknown = seen.flatMap(({ of, failure }): Finding[] =>
    failure?.kind === 'unknown' ? [notKnown(of, failure, changes.length > 0)] : [],
  );
  if (changes.length > 0 || unknown.length > 0) return propose(changes, unknown);
  const each = seen.map(
    ({ of, failure }) => `database ${of.database}: ${failure?.kind === 'none' ? failure.why : `it is ${of.state}`}`,
  );
  return block(nothing(contract, each));
}

const nothing = ({ environment }: SourceContract, seen: readonly string[]): Omit<Finding, 'severity'> => ({
  code: 'NOTHING_TO_SKIP',
  seen: `no stream fails on what a transaction holds: ${seen.join('; ')}`,
  why: 'a transaction is skipped only while the clone cannot apply it: otherwise its rows would be lost for nothing',
  next: `sql-runner status ${environment} shows how each stream stands`,
});

/** It keeps no other stream from what can be told of that. */
const notKnown = (
  { database, stream }: StreamFacts,
  { why, next }: { readonly why: string; readonly next: string },
  standing: boolean,
): Finding => ({
  code: 'FAILED_TRANSACTION_UNKNOWN',
  severity: 'block',
  ...(standing ? { standing: true } : {}),
  seen: `subscription ${stream.subscription} in database ${database}: ${why}`,
  why: 'which transaction fails, and what it holds, is to be known before it is left out; it is never guessed',
  next,
});
