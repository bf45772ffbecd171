import { sharedAgain } from '../model/streams';
import { planAddedTables, withoutAdded } from './added-tables';
import { planRenames } from './renames';
import { finishPlan } from './finish-plan';
import { planning, RESOURCES, type Planning } from './resources';
import { streamFacts, type StreamFacts } from '../model/stream-state';
import type { SourceContract } from '../../contract/contract';
import { acknowledge } from '../checks/acknowledge';
import { checkSourceCapacity, checkTargetCapacity } from './gates/capacity';
import { checkCloneUnwritten, checkSameMajor, checkSameServer } from './gates/clone';
import { checkForgottenStreams } from '../checks/forgotten-streams';
import { checkPublishedPartitions } from '../checks/new-partitions';
import { checkHeartbeatSent } from '../checks/heartbeat-sent';
import { checkReadByOthers } from '../checks/read-by-others';
import { checkForeignRefusals, checkRefusedWrites } from '../checks/refused-writes';
import { checkDroppedSources, checkRenamedSources } from '../checks/source-databases';
import { checkFilteredValues } from './gates/table-parts';
import { checkSelectedTables } from './gates/selected-tables';
import { findCopySlots } from '../resources/fresh-clone/copy-slots';
import { findAlteredHeartbeats } from '../resources/altered-heartbeat';
import { checkFormerRoles } from '../resources/former-role';
import { findInheritedOfOthers } from '../resources/fresh-clone/inherited-of-others';
import { findMissingHeartbeats } from '../resources/missing-heartbeat';
import { findRenamedDatabases, renamedDatabase } from '../resources/renamed-database';
import { findRenamedHeartbeats } from '../resources/renamed-heartbeat';
import { planRoles } from '../resources/roles/plan-roles';
import { findRenamedSubscriptions, renamedOf } from '../resources/renamed-subscription';
import { joinProposals, NOTHING, propose, type Change, type Proposal } from '../model/change';
import type { Observation } from '../model/observation';
import { type NextStep, type Plan } from '../model/plan';
import type { ConnectionDoubts } from '../resources/put-back';
import { proveByRows } from '../resources/resume';

/**
 * The whole plan, in the order that makes it safe: role, publication, slot,
 * ticket, (clone), leftovers, subscription, origin, enable.
 * @param doubts connections that do not do what we wrote; none where nobody looked
 * @param resuming what is held by consent may go on; otherwise it stops the plan
 */
export function planApply(
  contract: SourceContract,
  observation: Observation,
  doubts: ConnectionDoubts = {},
  resuming = false,
): Plan {
  const streams = streamFacts(contract, observation);
  const bootstrapped = streams.some((of) => isBootstrapped(contract, observation, of));
  const at = planning(contract, observation, streams, bootstrapped);
  const source = planSource(at);
  const target = source.findings.some((finding) => finding.severity === 'block' && finding.stops === undefined)
    ? NOTHING
    : planTarget(at, source, doubts, resuming);
  const told = target === NOTHING ? source.findings : withoutAdded(at, source.findings);
  const proposal = joinProposals([
    propose(
      [],
      [...checkRefusedWrites(contract, observation.source), ...checkSameServer(contract, observation.target)],
    ),
    { ...source, findings: told },
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
  return finishPlan(contract, observation, proposal, {
    mode: 'apply',
    nextStep: () => nextStep(at),
    beside: (changes) => checkReadByOthers(contract, observation.source, changes),
  });
}

/** What a bootstrap needs on the source. */
export function planSource(at: Planning): Proposal {
  const { contract, observation, source, streams, issued, bootstrapped, cloned } = at;
  // A ticket closes the table lists: what came after it is not published, however it looks.
  const open = !bootstrapped && !issued;
  const gone = [...checkRenamedSources(contract, source), ...(open ? [] : checkDroppedSources(contract, source))];
  if (gone.length > 0) return propose([], gone);
  const selected = open ? streams.flatMap((of) => checkSelectedTables(contract, source, of)) : [];
  const findings = acknowledge(contract, selected);
  if (findings.some(({ stops }) => stops === undefined)) return propose([], findings);
  const missingSlots = streams.filter(({ slot }) => slot === null).length;
  // Of one that has another name on the clone findRenamedDatabases tells.
  const there = streams.filter((of) => renamedDatabase(observation.target, of) === null);
  return joinProposals([
    propose([], findings),
    propose([], open ? [] : acknowledge(contract, checkPublishedPartitions(contract, source))),
    propose([], open ? [] : acknowledge(contract, checkFilteredValues(contract, source, streams))),
    propose([], acknowledge(contract, checkHeartbeatSent(contract, source, streams))),
    propose([], findRenamedHeartbeats(contract, source, 'source')),
    propose([], findAlteredHeartbeats(contract, source, 'source')),
    propose([], issued ? findMissingHeartbeats(contract, source, cloned ? observation.target : null, there) : []),
    propose([], acknowledge(contract, checkSourceCapacity(contract, source, missingSlots))),
    ...RESOURCES.map(({ plan }) => plan?.(at) ?? NOTHING),
  ]);
}

/** Only a clone that was deployed under the issued ticket is touched. */
function planTarget(at: Planning, sourcePlan: Proposal, doubts: ConnectionDoubts, resuming: boolean): Proposal {
  const { contract, source, streams, ticket } = at;
  const { target } = at.observation;
  if (target === null || ticket.kind !== 'issued' || target.deployedNonce !== ticket.nonce) return NOTHING;
  const operations = sourcePlan.changes.map(({ operation }) => operation);
  const password = operations.find((operation) => operation.kind === 'set-role-password') ?? null;
  // What the source lacks explains a stream that stands still, and is mended first.
  const login = { password, doubts: sourcePlan.changes.length > 0 ? {} : doubts };
  const clone = { ...at, target, nonce: ticket.nonce, login, resuming };
  const proposals = RESOURCES.map(({ planOnClone }) => planOnClone?.(clone) ?? NOTHING);
  const changes = proposals.flatMap((proposal) => proposal.changes);
  const renames = streams.map((of) => ({ of, proposal: planRenames(contract, source, target, of) }));
  // What only puts a stream back that follows already is not stopped by what a new one would be.
  const connecting = changes.some(({ step }) => step === 'connect');
  const all = joinProposals([
    propose([], changes.length > 0 ? acknowledge(contract, checkTargetCapacity(contract, target)) : []),
    // What goes on has long left the seed LSN behind, which an upgrade would lose.
    propose([], connecting && !resuming ? checkSameMajor(contract, source, target) : []),
    propose(
      [],
      streams
        .filter((of) => of.subscription === null && renamedOf(contract, target, of).length === 0)
        .flatMap((of) => checkCloneUnwritten(contract, target, of)),
    ),
    ...proposals,
    // What else had a name meanwhile nothing tells but the rows.
    ...renames.flatMap(({ of, proposal }) => (proposal.changes.length > 0 ? [proveByRows(contract, of)] : [])),
  ]);
  // Rows of one stream that are not equal, or take hours to compare, must not keep another one from going on.
  const isProof = ({ operation }: Change): boolean => operation.kind === 'prove-continuity';
  // What waits until all has arrived takes nothing on trust of a stream that was altered: it is proven by then.
  const isEnding = ({ operation, address: { side, kind }, action }: Change): boolean =>
    operation.kind === 'drain' || (side === 'target' && kind === 'ddl-log' && action === 'delete');
  const added = streams.map((of) => planAddedTables(contract, source, target, of));
  // A table that lacks a partition is not equal before that is there.
  const lacking = new Set(
    added.flatMap(({ changes: made }) => made.filter(copiesPartitions).map(({ address }) => address.database)),
  );
  const place = (one: Change): number =>
    isEnding(one) ? 3 : !isProof(one) ? 0 : lacking.has(one.address.database) ? 2 : 1;
  const sorted = (...places: number[]): Change[] =>
    places.flatMap((wanted) => all.changes.filter((one) => place(one) === wanted));
  // Last: what follows already is put right first, and waits for no copy. Roles and rights keep none of it waiting.
  const roles = planRoles(contract, at.observation);
  const renamed = renames.map(({ proposal }) => proposal);
  return joinProposals([
    { ...all, changes: sorted(0) },
    ...renamed,
    propose(sorted(1)),
    ...added,
    propose(sorted(2, 3)),
    roles,
  ]);
}

const copiesPartitions = ({ operation }: Change): boolean =>
  operation.kind === 'copy-tables' && operation.tables.some(({ partition }) => partition === true);

function nextStep({ contract, observation, ticket }: Planning): NextStep | null {
  const command = `cdktf deploy ${contract.stacks.target}`;
  const { target } = observation;
  if (target === null)
    return { command, reason: `takes the clone; then run sql-runner apply again; ${sharedAgain(contract)}` };
  // Where there is none, and where it does not cover every stream, a new nonce is planned. See resources/clone-ticket.ts.
  const current = ticket.kind === 'issued' || ticket.kind === 'unpublished' ? ticket.nonce : null;
  if (target.deployedNonce === current) return null;
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
