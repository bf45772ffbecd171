import type { SourceContract } from '../../contract/contract';
import { joinProposals, NOTHING, slotsDropped, type Proposal } from '../model/change';
import type { Observation, SourceObservation, TargetObservation } from '../model/observation';
import { ticketState, type StreamFacts, type TicketState } from '../model/stream-state';
import { planCloneLeftovers } from '../resources/clone-leftovers';
import { planTicket, planTicketDelete } from '../resources/clone-ticket';
import { planFormerRolesDrop } from '../resources/former-role';
import { planCopySlotsDrop } from '../resources/fresh-clone/copy-slots';
import { planFreshClone } from '../resources/fresh-clone/fresh-clone';
import { planDdlDrop } from '../resources/ddl/ddl-drop';
import { planDdlLog } from '../resources/ddl/ddl-log';
import { planHeartbeat, planHeartbeatDrop } from '../resources/heartbeat';
import { planBootstrap, type LoginState } from '../resources/link-bootstrap';
import { planParameterGroup, planParameterGroupRestore } from '../resources/parameter-group';
import { planPublication, planPublicationDrop } from '../resources/publication';
import { planStrayedSubscriptionDrop } from '../resources/renamed-database';
import { planRenamedHeartbeatDrop } from '../resources/renamed-heartbeat';
import { planSubscriptionDrop } from '../resources/renamed-subscription';
import { planReplicationRole, planReplicationRoleDrop } from '../resources/replication-role';
import { planSlot, planSlotDrop } from '../resources/replication-slot';
import { planRunHistoryDrop } from '../resources/run-history';
import { planWriterReboot } from '../resources/writer-reboot';

/** What a resource is planned from. */
export interface Planning {
  readonly contract: SourceContract;
  readonly observation: Observation;
  readonly source: SourceObservation;
  readonly streams: readonly StreamFacts[];
  readonly ticket: TicketState;
  /** The publications carry a nonce: it closes the list of their tables, also where the parameter is missing. */
  readonly issued: boolean;
  /** A stream of the environment has begun to follow. */
  readonly bootstrapped: boolean;
  /** The clone was taken under the ticket that there is. */
  readonly cloned: boolean;
}

/** And on a clone that was deployed under the ticket. */
export interface PlanningClone extends Planning {
  readonly target: TargetObservation;
  readonly nonce: string;
  readonly login: LoginState;
  /** What is held by consent may go on. */
  readonly resuming: boolean;
}

export interface Dropping extends Pick<Planning, 'contract' | 'observation' | 'source' | 'streams'> {
  /** Null: none is deployed. */
  readonly target: TargetObservation | null;
  /** What is dropped before it. */
  readonly before: Proposal;
}

interface Resource {
  /** For people who read this list. */
  readonly name: string;
  readonly plan?: (planning: Planning) => Proposal;
  readonly planOnClone?: (planning: PlanningClone) => Proposal;
  readonly drop?: (dropping: Dropping) => Proposal;
}

/**
 * All that sql-runner makes, in the order that makes it safe: role, publication, slot, ticket, (clone), leftovers,
 * subscription, origin, enable. A teardown drops it in the reverse order. The slot goes before the publication whose
 * mark says that the slot is ours, so that a run that dies in between can still tell.
 */
export const RESOURCES: readonly Resource[] = [
  {
    name: 'history of runs',
    drop: ({ contract, target }) => onClone(target, (clone) => planRunHistoryDrop(contract, clone)),
  },
  {
    // Dropped late: whatever stands in its way there, production is free by then.
    name: 'copies on the clone',
    drop: ({ contract, target, streams }) => onClone(target, (clone) => planCloneLeftovers(contract, clone, streams)),
  },
  {
    name: 'parameter group',
    plan: ({ contract, source }) => planParameterGroup(contract, source),
    drop: ({ contract, source, before }) => planParameterGroupRestore(contract, source, slotsDropped(before.changes)),
  },
  { name: 'restart of the writer', plan: ({ contract, source }) => planWriterReboot(contract, source) },
  { name: 'former replication roles', drop: ({ contract, source }) => planFormerRolesDrop(contract, source) },
  {
    name: 'replication role',
    plan: ({ contract, source }) => planReplicationRole(contract, source),
    drop: ({ contract, source }) => planReplicationRoleDrop(contract, source),
  },
  { name: 'renamed heartbeats', drop: ({ source }) => planRenamedHeartbeatDrop(source, 'source') },
  {
    name: 'heartbeat',
    plan: (at) => each(at, (of) => planHeartbeat(at.contract, at.source, of, !at.issued)),
    drop: ({ contract, source, streams }) => all(streams, (of) => planHeartbeatDrop(contract, source, of)),
  },
  {
    // Made once a stream follows, and after nothing else; dropped when nothing sends it or takes it any more.
    name: 'log of DDL',
    planOnClone: ({ contract, source, target, streams }) =>
      all(streams, (of) => planDdlLog(contract, source, target, of)),
    drop: ({ contract, source, target, streams }) => all(streams, (of) => planDdlDrop(contract, source, target, of)),
  },
  {
    name: 'publication',
    plan: (at) =>
      each(at, (of) =>
        planPublication(at.contract, at.source, of, { issued: at.issued, inherited: at.cloned ? of.inherited : null }),
      ),
    drop: ({ streams }) => all(streams, planPublicationDrop),
  },
  {
    name: 'slots for the copies of tables',
    drop: ({ contract, observation, streams }) => planCopySlotsDrop(contract, observation, streams),
  },
  {
    name: 'replication slot',
    plan: (at) => each(at, (of) => planSlot(at.contract, at.source, of, { cloned: at.cloned })),
    drop: ({ streams }) => all(streams, planSlotDrop),
  },
  {
    name: 'clone ticket',
    plan: planTicket,
    drop: ({ contract, observation }) => planTicketDelete(contract, observation),
  },
  {
    name: 'what a fresh clone brings along',
    planOnClone: ({ contract, source, target, streams }) => planFreshClone(contract, source, target, streams),
  },
  {
    name: 'subscriptions of renamed databases',
    drop: ({ contract, target }) => onClone(target, (clone) => planStrayedSubscriptionDrop(contract, clone)),
  },
  {
    name: 'subscription, origin, enable',
    planOnClone: ({ contract, source, target, streams, nonce, login, resuming }) =>
      all(streams, (of) => planBootstrap(contract, source, target, of, nonce, login, resuming)),
    drop: ({ contract, target, streams }) =>
      onClone(target, (clone) => all(streams, (of) => planSubscriptionDrop(contract, clone, of))),
  },
];

/** What is planned with, derived once. */
export function planning(
  contract: SourceContract,
  observation: Observation,
  streams: readonly StreamFacts[],
  bootstrapped: boolean,
): Planning {
  const { source, target } = observation;
  const ticket = ticketState(observation, streams);
  const issued = ticket.kind === 'issued' || ticket.kind === 'unpublished';
  const cloned = bootstrapped || (ticket.kind === 'issued' && target?.deployedNonce === ticket.nonce);
  return { contract, observation, source, streams, ticket, issued, bootstrapped, cloned };
}

/** All drops, in the reverse order of the list. */
export function dropAll(dropping: Omit<Dropping, 'before'>): Proposal {
  return [...RESOURCES]
    .reverse()
    .reduce((before, { drop }) => joinProposals([before, drop?.({ ...dropping, before }) ?? NOTHING]), NOTHING);
}

const each = (at: Planning, plan: (of: StreamFacts) => Proposal): Proposal => all(at.streams, plan);

const all = (streams: readonly StreamFacts[], plan: (of: StreamFacts) => Proposal): Proposal =>
  joinProposals(streams.map(plan));

const onClone = (target: TargetObservation | null, plan: (target: TargetObservation) => Proposal): Proposal =>
  target === null ? NOTHING : plan(target);
