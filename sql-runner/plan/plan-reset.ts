import { sharedAgain } from '../model/streams';
import { finishPlan } from './finish-plan';
import type { Code } from '../../errors/codes';
import { factsOf, streamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { checkForgottenStreams } from '../checks/forgotten-streams';
import { checkReadByOthers } from '../checks/read-by-others';
import { planDdlDrop } from '../resources/ddl/ddl-drop';
import { planForgottenPublicationsDrop, planForgottenSlotsDrop, wasRead } from '../resources/forgotten-streams';
import { isAnythingOurs, planRetirement, retired } from '../resources/retirement';
import { block, joinProposals, propose, type Proposal } from '../model/change';
import type { Observation, SourceObservation } from '../model/observation';
import { type Plan } from '../model/plan';
import { planSource } from './plan-apply';
import { planning } from './resources';

/**
 * A new clone in one story: what the present one follows by is retired (ours
 * only), then the source is prepared as for a first clone. The new ticket makes
 * the next deploy of the target stack replace the clone. A run that dies
 * anywhere is simply started again; see resources/retirement.ts.
 */
export function planReset(contract: SourceContract, observation: Observation): Plan {
  const streams = streamFacts(contract, observation);
  const forgotten = observation.source.forgotten.map((of) => factsOf(contract, observation, of));
  const proposal = isAnythingOurs(observation, [...streams, ...forgotten])
    ? joinProposals([
        replacement(contract, observation),
        planRetirement(contract, observation, streams),
        planForgottenSlotsDrop(contract, observation),
        // The next clone would bring it along.
        ...streams.map((of) => planDdlDrop(contract, observation.source, null, of)),
        preparation(contract, retired(contract, observation, streams)),
        planForgottenPublicationsDrop(contract, observation),
      ])
    : nothingToReset(contract);
  return finishPlan(contract, observation, proposal, {
    mode: 'reset',
    nextStep: () => ({
      command: `cdktf deploy ${contract.stacks.target}`,
      reason: `${observation.target === null ? 'takes' : 'replaces'} the clone; then run sql-runner apply ${contract.environment}${observation.target === null ? `; ${sharedAgain(contract)}` : ''}`,
    }),
    beside: () => [
      ...checkReadByOthers(contract, observation.source, proposal.changes),
      ...checkForgottenStreams(contract, unread(observation)),
    ],
  });
}

function unread({ source }: Observation): SourceObservation {
  return { ...source, forgotten: source.forgotten.filter((of) => !wasRead(source, of)) };
}

/** A reset frees production of its present slots all the same; the apply that connects the next clone waits for these. */
const LEFT = new Set<Code>(['HEARTBEAT_ALTERED', 'HEARTBEAT_UNREADABLE']);

/** What only stands beside an apply that mends something else: a reset alters and publishes all that is ours. */
function preparation(contract: SourceContract, left: Observation): Proposal {
  const { changes, findings } = planSource(planning(contract, left, streamFacts(contract, left), false));
  return propose(
    changes,
    findings.map(({ standing: _, ...finding }) =>
      LEFT.has(finding.code) ? { ...finding, severity: 'warn' } : finding,
    ),
  );
}

function replacement(contract: SourceContract, observation: Observation): Proposal {
  const { target } = observation;
  if (target === null) return propose([]);
  return propose(
    [],
    [
      {
        code: 'CLONE_TO_BE_REPLACED',
        severity: 'warn',
        seen: `the present clone of ${contract.environment} stops following the source now`,
        why: `the next deploy of ${contract.stacks.target} deletes it, with everything that was written to the clone only`,
        next: 'copy what has to stay off the clone before that deploy',
      },
    ],
  );
}

function nothingToReset(contract: SourceContract): Proposal {
  return block({
    code: 'NOTHING_TO_RESET',
    seen: `nothing on ${contract.cluster.identifier} or in a clone of it carries the mark of environment ${contract.environment}`,
    why: 'a reset replaces what an apply has made',
    next: `run sql-runner apply ${contract.environment}`,
  });
}
