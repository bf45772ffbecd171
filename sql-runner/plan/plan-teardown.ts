import type { Code } from '../../errors/codes';
import { streamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { checkReadByOthers } from '../checks/read-by-others';
import { checkForeignRefusals } from '../checks/refused-writes';
import { planCloneLeftovers } from '../resources/clone-leftovers';
import { planTicketDelete } from '../resources/clone-ticket';
import { findCopySlots, planCopySlotsDrop } from '../resources/fresh-clone/copy-slots';
import { planFormerRolesDrop } from '../resources/former-role';
import { planHeartbeatDrop } from '../resources/heartbeat';
import { planParameterGroupRestore } from '../resources/parameter-group';
import { planPublicationDrop } from '../resources/publication';
import { findRenamedAtTheEnd, planStrayedSubscriptionDrop } from '../resources/renamed-database';
import { planRenamedHeartbeatDrop } from '../resources/renamed-heartbeat';
import { planSubscriptionDrop } from '../resources/renamed-subscription';
import { planReplicationRoleDrop } from '../resources/replication-role';
import { planSlotDrop } from '../resources/replication-slot';
import { findUnseenClone } from '../resources/unseen-clone';
import { joinProposals, NOTHING, slotsDropped, type Finding } from '../model/change';
import { fingerprint } from './fingerprint';
import type { Observation } from '../model/observation';
import { type Plan } from '../model/plan';
import { refuses } from '../model/steps';

/** While our parameter group is attached, the stack that made it cannot be destroyed; what is to be done first they say. */
const GROUP_STAYS = new Set<Code>(['PARAMETER_GROUP_KEPT', 'PREVIOUS_GROUP_GONE']);

/**
 * The way back, in reverse order and ours only. The slot goes before the
 * publication whose mark says that the slot is ours, so that a run that dies in
 * between can still tell. Nothing that is proposed here is refused as a whole: what is in the way of a step is looked for
 * afterwards (withHeld).
 */
export function planTeardown(contract: SourceContract, observation: Observation): Plan {
  const streams = streamFacts(contract, observation);
  const { source, target } = observation;
  const slots = joinProposals([...streams.map(planSlotDrop), planCopySlotsDrop(contract, observation, streams)]);
  const proposal = joinProposals([
    ...(target === null ? [] : streams.map((of) => planSubscriptionDrop(contract, target, of))),
    target === null ? NOTHING : planStrayedSubscriptionDrop(contract, target),
    planTicketDelete(contract, observation),
    slots,
    ...streams.map(planPublicationDrop),
    ...streams.map((of) => planHeartbeatDrop(contract, source, of)),
    planRenamedHeartbeatDrop(source, 'source'),
    planReplicationRoleDrop(contract, source),
    planFormerRolesDrop(contract, source),
    planParameterGroupRestore(contract, source, slotsDropped(slots.changes)),
    // Last: whatever stands in its way there, production is free by then.
    target === null ? NOTHING : planCloneLeftovers(contract, target, streams),
  ]);
  const kept = proposal.findings.some(({ code }) => GROUP_STAYS.has(code));
  return {
    mode: 'teardown',
    environment: contract.environment,
    changes: proposal.changes,
    findings: [
      ...proposal.findings,
      ...checkForeignRefusals(contract, source),
      ...checkReadByOthers(contract, source, proposal.changes),
      ...findCopySlots(contract, observation, streams, true),
      ...findRenamedAtTheEnd(contract, target),
      ...findUnseenClone(contract, target),
    ],
    nextStep: kept
      ? null
      : {
          command: `cdktf destroy ${contract.stacks.target} && cdktf destroy ${contract.stacks.source}`,
          reason: 'removes the clone and what Terraform made around it',
        },
    ...(target === null ? { onlySource: true } : {}),
    fingerprint: fingerprint(contract, observation),
  };
}

/** With what was found to stand in its way; one that blocks keeps everything from being begun. */
export function withHeld(plan: Plan, held: readonly Finding[]): Plan {
  const findings = [...plan.findings, ...held];
  if (!held.some((finding) => refuses(finding, plan.changes))) return { ...plan, findings };
  return { ...plan, changes: [], nextStep: null, findings };
}
