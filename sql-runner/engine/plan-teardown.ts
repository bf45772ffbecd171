import type { SourceContract } from '../../stacks/contract';
import { checkForeignRefusals } from '../checks/refused-writes';
import { planTicketDelete } from '../resources/clone-ticket';
import { planFormerRolesDrop } from '../resources/former-role';
import { planHeartbeatDrop } from '../resources/heartbeat';
import { planParameterGroupRestore } from '../resources/parameter-group';
import { planPublicationDrop } from '../resources/publication';
import { planReplicationRoleDrop } from '../resources/replication-role';
import { planSlotDrop } from '../resources/replication-slot';
import { planSubscriptionDrop } from '../resources/subscription';
import { joinProposals } from './change';
import { fingerprint } from './fingerprint';
import type { Observation } from './observation';
import { streamsOf, type Plan } from './plan';
import { judged, refuses } from './steps';

/**
 * The way back, in reverse order and ours only. The slot goes before the
 * publication whose mark says that the slot is ours, so that a run that dies in
 * between can still tell.
 */
export function planTeardown(contract: SourceContract, observation: Observation): Plan {
  const streams = streamsOf(contract);
  const { source, target } = observation;
  const proposal = joinProposals([
    ...(target === null ? [] : streams.map((of) => planSubscriptionDrop(contract, target, of))),
    planTicketDelete(contract, observation),
    ...streams.map((of) => planSlotDrop(contract, source, of)),
    ...streams.map((of) => planPublicationDrop(contract, source, of)),
    ...streams.map((of) => planHeartbeatDrop(contract, source, of)),
    planReplicationRoleDrop(contract, source),
    planFormerRolesDrop(contract, source),
    planParameterGroupRestore(contract, source),
  ]);
  const blocked = proposal.findings.some((finding) => refuses(finding, proposal.changes));
  return {
    mode: 'teardown',
    environment: contract.environment,
    changes: blocked ? [] : proposal.changes,
    findings: [...judged(proposal.findings, proposal.changes), ...checkForeignRefusals(contract, source)],
    nextStep: blocked
      ? null
      : {
          command: `cdktf destroy ${contract.stacks.target} && cdktf destroy ${contract.stacks.source}`,
          reason: 'removes the clone and what Terraform made around it',
        },
    fingerprint: fingerprint(contract, observation),
  };
}
