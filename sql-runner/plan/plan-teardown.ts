import { finishPlan } from './finish-plan';
import { dropAll } from './resources';
import type { Code } from '../../errors/codes';
import { streamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { checkReadByOthers } from '../checks/read-by-others';
import { checkForeignRefusals } from '../checks/refused-writes';
import { findCopySlots } from '../resources/fresh-clone/copy-slots';
import { findRenamedAtTheEnd } from '../resources/renamed-database';
import { findUnseenClone } from '../resources/unseen-clone';
import { type Finding } from '../model/change';
import type { Observation } from '../model/observation';
import { type Plan } from '../model/plan';
import { refuses } from '../model/steps';

/** While our parameter group is attached, the stack that made it cannot be destroyed; what is to be done first they say. */
const GROUP_STAYS = new Set<Code>(['PARAMETER_GROUP_KEPT', 'PREVIOUS_GROUP_GONE']);

/**
 * The way back, in reverse order and ours only. Nothing that is proposed here is refused as a whole: what is in the way
 * of a step is looked for afterwards (withHeld).
 */
export function planTeardown(contract: SourceContract, observation: Observation): Plan {
  const streams = streamFacts(contract, observation);
  const { source, target } = observation;
  const proposal = dropAll({ contract, observation, source, target, streams });
  const kept = proposal.findings.some(({ code }) => GROUP_STAYS.has(code));
  const plan = finishPlan(contract, observation, proposal, {
    mode: 'teardown',
    nextStep: () => (kept ? null : whatIsLeft(contract)),
    beside: (changes) => [
      ...checkForeignRefusals(contract, source),
      ...checkReadByOthers(contract, source, changes),
      ...findCopySlots(contract, observation, streams, true),
      ...findRenamedAtTheEnd(contract, target),
      ...findUnseenClone(contract, target),
    ],
  });
  return target === null ? { ...plan, onlySource: true } : plan;
}

/** With what was found to stand in its way; one that blocks keeps everything from being begun. */
export function withHeld(plan: Plan, held: readonly Finding[]): Plan {
  const findings = [...plan.findings, ...held];
  if (!held.some((finding) => refuses(finding, plan.changes))) return { ...plan, findings };
  return { ...plan, changes: [], nextStep: null, findings };
}

/** A source stack that has production in its state refuses to be destroyed, or would delete it. */
function whatIsLeft({ stacks, owned }: SourceContract): Plan['nextStep'] {
  if (owned === true)
    return {
      command: `cdktf destroy ${stacks.target}`,
      reason: `removes the clone; ${stacks.source} has production in its state, and stays`,
    };
  return {
    command: `cdktf destroy ${stacks.target} && cdktf destroy ${stacks.source}`,
    reason: 'removes the clone and what Terraform made around it',
  };
}
