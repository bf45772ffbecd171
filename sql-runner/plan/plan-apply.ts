import { streamFacts, ticketState, type StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { acknowledge } from '../checks/acknowledge';
import { checkSourceCapacity, checkTargetCapacity } from './gates/capacity';
import { checkCloneUnwritten, checkSameMajor, checkSameServer } from './gates/clone';
import { checkForgottenStreams } from '../checks/forgotten-streams';
import { checkPublishedPartitions } from '../checks/new-partitions';
import { checkHeartbeatSent } from '../checks/heartbeat-sent';
import { checkReadByOthers } from '../checks/read-by-others';
import { checkForeignRefusals, checkRefusedWrites } from '../checks/refused-writes';
import { checkSelectedTables } from './gates/selected-tables';
import { planTicket } from '../resources/clone-ticket';
import { findCopySlots } from '../resources/fresh-clone/copy-slots';
import { findAlteredHeartbeats } from '../resources/altered-heartbeat';
import { checkFormerRoles } from '../resources/former-role';
import { planFreshClone } from '../resources/fresh-clone/fresh-clone';
import { planHeartbeat } from '../resources/heartbeat';
import { findInheritedOfOthers } from '../resources/fresh-clone/inherited-of-others';
import { planBootstrap } from '../resources/link-bootstrap';
import { planParameterGroup } from '../resources/parameter-group';
import { planPublication } from '../resources/publication';
import { findMissingHeartbeats } from '../resources/missing-heartbeat';
import { findRenamedDatabases, renamedDatabase } from '../resources/renamed-database';
import { findRenamedHeartbeats } from '../resources/renamed-heartbeat';
import { findRenamedSubscriptions, renamedOf } from '../resources/renamed-subscription';
import { planReplicationRole } from '../resources/replication-role';
import { planSlot } from '../resources/replication-slot';
import { planWriterReboot } from '../resources/writer-reboot';
import { joinProposals, NOTHING, propose, type Proposal } from '../model/change';
import { fingerprint } from './fingerprint';
import type { Observation } from '../model/observation';
import { type NextStep, type Plan } from '../model/plan';
import { judged, refuses } from '../model/steps';
import type { ConnectionDoubts } from '../resources/put-back';

/**
 * The whole plan, in the order that makes it safe: role, publication, slot,
 * ticket, (clone), leftovers, subscription, origin, enable.
 * @param doubts connections that do not do what we wrote; none where nobody looked
 */
export function planApply(contract: SourceContract, observation: Observation, doubts: ConnectionDoubts = {}): Plan {
  const streams = streamFacts(contract, observation);
  const bootstrapped = streams.some((of) => isBootstrapped(contract, observation, of));
  const source = planSource(contract, observation, streams, bootstrapped);
  const target = source.findings.some((finding) => finding.severity === 'block' && finding.stops === undefined)
    ? NOTHING
    : planTarget(contract, observation, streams, source, doubts);
  const proposal = joinProposals([
    propose(
      [],
      [...checkRefusedWrites(contract, observation.source), ...checkSameServer(contract, observation.target)],
    ),
    source,
    target,
    propose(
      [],
      [
        ...checkForeignRefusals(contract, observation.source),
        ...checkForgottenStreams(contract, observation.source),
        ...checkFormerRoles(contract, observation.source),
        ...findInheritedOfOthers(contract, observation.source, observation.target),
        ...findCopySlots(contract, observation, streams, false),
        ...findRenamedSubscriptions(contract, observation.target),
        ...findRenamedDatabases(observation.target),
        ...(observation.target === null ? [] : findRenamedHeartbeats(contract, observation.target, 'target')),
        ...(observation.target === null ? [] : findAlteredHeartbeats(contract, observation.target, 'target')),
      ],
    ),
  ]);
  const blocked = proposal.findings.some((finding) => refuses(finding, proposal.changes));
  const changes = blocked ? [] : proposal.changes;
  return {
    mode: 'apply',
    environment: contract.environment,
    changes,
    findings: [
      ...judged(proposal.findings, proposal.changes),
      ...checkReadByOthers(contract, observation.source, changes),
    ],
    nextStep: blocked ? null : nextStep(contract, observation, streams, source),
    fingerprint: fingerprint(contract, observation),
  };
}

export function planSource(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
  bootstrapped: boolean,
): Proposal {
  const { source, target } = observation;
  const ticket = ticketState(observation, streams);
  // A ticket closes the table lists: what came after it is not published, however it looks.
  const open = !bootstrapped && ticket.kind !== 'issued' && ticket.kind !== 'unpublished';
  const selected = open ? streams.flatMap((of) => checkSelectedTables(contract, source, of)) : [];
  const findings = acknowledge(contract, selected);
  if (findings.some(({ stops }) => stops === undefined)) return propose([], findings);
  const missingSlots = streams.filter(({ slot }) => slot === null).length;
  const cloned = bootstrapped || (ticket.kind === 'issued' && target?.deployedNonce === ticket.nonce);
  const known = streams.filter((of) => source.databases[of.database]?.exists);
  // Of one that has another name on the clone findRenamedDatabases tells.
  const there = known.filter((of) => renamedDatabase(target, of) === null);
  // The clone follows the nonce in the publications; a missing parameter frees no table list.
  const issued = ticket.kind === 'issued' || ticket.kind === 'unpublished';
  return joinProposals([
    propose([], findings),
    propose([], open ? [] : acknowledge(contract, checkPublishedPartitions(contract, source))),
    propose([], acknowledge(contract, checkHeartbeatSent(contract, source, known))),
    propose([], findRenamedHeartbeats(contract, source, 'source')),
    propose([], findAlteredHeartbeats(contract, source, 'source')),
    propose([], issued ? findMissingHeartbeats(contract, source, cloned ? target : null, there) : []),
    propose([], acknowledge(contract, checkSourceCapacity(contract, source, missingSlots))),
    planParameterGroup(contract, source),
    planWriterReboot(contract, source),
    planReplicationRole(contract, source),
    ...known.map((of) => planHeartbeat(contract, source, of, !issued)),
    ...known.map((of) => planPublication(contract, source, of, { issued, inherited: cloned ? of.inherited : null })),
    ...known.map((of) => planSlot(contract, source, of, { cloned })),
    planTicket(contract, observation, streams, bootstrapped),
  ]);
}

/** Only a clone that was deployed under the issued ticket is touched. */
function planTarget(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
  sourcePlan: Proposal,
  doubts: ConnectionDoubts,
): Proposal {
  const { source, target } = observation;
  const ticket = ticketState(observation, streams);
  if (target === null || ticket.kind !== 'issued' || target.deployedNonce !== ticket.nonce) return NOTHING;
  const operations = sourcePlan.changes.map(({ operation }) => operation);
  const password = operations.find((operation) => operation.kind === 'set-role-password') ?? null;
  // What the source lacks explains a stream that stands still, and is mended first.
  const login = { password, doubts: sourcePlan.changes.length > 0 ? {} : doubts };
  const bootstraps = streams.map((of) => planBootstrap(contract, source, target, of, ticket.nonce, login));
  const changes = bootstraps.flatMap((proposal) => proposal.changes);
  // What only puts a stream back that follows already is not stopped by what a new one would be.
  const connecting = changes.some(({ step }) => step === 'connect');
  return joinProposals([
    propose([], changes.length > 0 ? acknowledge(contract, checkTargetCapacity(contract, target)) : []),
    propose([], connecting ? checkSameMajor(contract, source, target) : []),
    propose(
      [],
      streams
        .filter((of) => of.subscription === null && renamedOf(contract, target, of).length === 0)
        .flatMap((of) => checkCloneUnwritten(contract, target, of)),
    ),
    planFreshClone(contract, source, target, streams),
    ...bootstraps,
  ]);
}

function nextStep(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
  source: Proposal,
): NextStep | null {
  const ticket = ticketState(observation, streams);
  const reissued = source.changes.some(
    (change) => change.operation.kind === 'issue-ticket' && change.operation.nonce === null,
  );
  const command = `cdktf deploy ${contract.stacks.target}`;
  const { target } = observation;
  if (target === null) return { command, reason: 'takes the clone; then run sql-runner apply again' };
  const current = ticket.kind === 'issued' || ticket.kind === 'unpublished' ? ticket.nonce : null;
  if (!reissued && target.deployedNonce === current) return null;
  return {
    command,
    reason: 'the clone was taken under another ticket and has to be replaced; then run sql-runner apply again',
  };
}

function isBootstrapped(contract: SourceContract, observation: Observation, of: StreamFacts): boolean {
  const { target } = observation;
  if (target === null) return false;
  if (renamedDatabase(target, of) !== null) return true;
  return of.subscriptionMark !== null || renamedOf(contract, target, of).length > 0;
}
