import type { SourceContract } from '../../contract/contract';
import {
  changeOf,
  block,
  NOTHING,
  propose,
  type Change,
  type Finding,
  type Proposal,
  type Refusal,
} from '../model/change';
import type { SourceObservation } from '../model/observation';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import { isCarriedOver, isOwnersGroup, lacking, notSet, type Lacking } from './attached-group';
import { afterRestart, groupPutBack, ownersGroupLacks, slotsInDanger } from './group-put-back';

/**
 * The source's cluster parameter group. Terraform makes the group but does not
 * own the production cluster, so attaching it is ours.
 */
export function planParameterGroup(contract: SourceContract, source: SourceObservation): Proposal {
  const { name, previous, stays } = contract.parameterGroup;
  const attached = source.cluster.parameterGroup;
  if (isOwnersGroup(contract)) return planOwnersGroup(contract, source);
  if (attached === name) return notInEffectYet(contract, source);
  const lacks = lacking(contract, source);
  if (lacks.length === 0) return propose([], [suffices(contract, attached)]);
  if (attached !== previous && !stays) return block(unexpected(contract, source, lacks));
  const lost = parametersLost(contract, source.groupParameters);
  if (lost.length > 0) return block(parametersMissing(contract, attached, lost, 'attaching the new group'));
  const reason = `the cluster uses ${attached}, which lacks what ${name} sets: ${shown(lacks)}`;
  return propose([attachChange(contract, name, reason)], groupPutBack(contract, source));
}

/** Nothing is attached in its place, now or by a teardown. */
function planOwnersGroup(contract: SourceContract, source: SourceObservation): Proposal {
  const lacks = notSet(contract, source);
  return lacks.length === 0 ? NOTHING : propose([], [ownersGroupLacks(contract, source, lacks)]);
}

/**
 * Terraform attaches our group where the cluster is in its state (mode adopt), and does not look at what the former one
 * sets. RDS applies nothing of a group that was attached before the writer restarts, so that is the moment to stop at.
 */
function notInEffectYet(contract: SourceContract, source: SourceObservation): Proposal {
  if (source.server.walLevel === 'logical') return NOTHING;
  const lost = parametersLost(contract, source.previousGroupParameters);
  if (lost.length === 0) return NOTHING;
  return block(parametersMissing(contract, contract.parameterGroup.previous, lost, 'the restart of the writer'));
}

function parametersMissing(contract: SourceContract, group: string, lost: readonly string[], change: string): Refusal {
  return {
    code: 'PARAMETERS_LOST',
    seen: `parameter group ${group} sets ${lost.join(', ')}; group ${contract.parameterGroup.name} does not`,
    why: `${change} would silently put these production settings back to their defaults`,
    next: `copy them to source.cluster.extraParameters in the environment file, then cdktf deploy ${contract.stacks.source}`,
  };
}

/** What somebody has set in production's group that ours would change back. */
function parametersLost(
  { parameterGroup }: SourceContract,
  former: Readonly<Record<string, string>> | undefined,
): string[] {
  const set = Object.entries(former ?? {});
  return set
    .flatMap(([name, value]) => (parameterGroup.parameters[name] === undefined ? [`${name}=${value}`] : []))
    .sort();
}

function suffices(contract: SourceContract, attached: string): Finding {
  return {
    code: 'PARAMETER_GROUP_SUFFICES',
    severity: 'info',
    seen: `cluster ${contract.cluster.identifier} uses parameter group ${attached}, which has all that ${contract.parameterGroup.name} would set`,
    why: 'it stays attached, and production is not restarted; teardown leaves it as it is',
    next: 'nothing; whoever changes that group later has to leave rds.logical_replication and the room for slots and senders in it',
  };
}

/**
 * Where the other group only has other values of what extraParameters carries
 * over, taking these over is enough: with ours in its place production would be
 * restarted, and back again by whoever the other one belongs to.
 */
function unexpected(contract: SourceContract, source: SourceObservation, lacks: readonly Lacking[]): Refusal {
  const { stacks, cluster, parameterGroup } = contract;
  const attached = source.cluster.parameterGroup;
  const slots = slotsInDanger(contract, source);
  const other = lacks.filter((one) => one.has !== null && isCarriedOver(one.name));
  const [first, ...more] = other;
  const rest = more.map(({ name, has }) => `, ${name} to ${has}`).join('');
  return {
    code: 'PARAMETER_GROUP_UNEXPECTED',
    seen: `cluster ${cluster.identifier} uses parameter group ${attached}, which lacks ${shown(lacks)}; the environment says it uses ${parameterGroup.previous}`,
    why: `teardown puts the stated group back; with the wrong name it would change production settings${slots.length > 0 ? `; and ${afterRestart(slots)}` : ''}`,
    next:
      other.length === lacks.length
        ? `set ${first!.name} to ${first!.has}${rest} in source.cluster.extraParameters of the environment file, as ${attached} has it, then cdktf deploy ${stacks.source}`
        : `set source.cluster.parameterGroup to ${attached} in the environment file, then cdktf deploy ${stacks.source}`,
  };
}

function shown(lacks: readonly Lacking[]): string {
  return lacks.map(({ name, wanted, has }) => `${name}=${wanted}${has === null ? '' : ` (it has ${has})`}`).join(', ');
}

/**
 * Teardown: the group that the cluster had before. Not while a logical slot
 * stays that depends on logical WAL, nor more slots than that group has room
 * for: with a lower wal_level, or a lower max_replication_slots, PostgreSQL
 * refuses to start as long as they exist (slot.c, RestoreSlotFromDisk), so the
 * next reboot of production would fail.
 *
 * @param dropped slots that the same plan drops before
 */
export function planParameterGroupRestore(
  contract: SourceContract,
  source: SourceObservation,
  dropped: readonly string[],
): Proposal {
  const { name, previous, stays } = contract.parameterGroup;
  if (stays || isOwnersGroup(contract) || source.cluster.parameterGroup !== name) return NOTHING;
  if (source.previousGroupIsGone === true) return propose([], [groupGone(contract)]);
  const staying = source.slots.filter(({ temporary, name: slot }) => !temporary && !dropped.includes(slot));
  const logical = staying.filter(({ slotType }) => slotType === 'logical');
  if (!source.previousGroupIsLogical && logical.length > 0)
    return propose([], [keptGroup(contract, logical, 'does not set rds.logical_replication')]);
  const room = source.previousGroupSlots ?? SLOTS_OF_RDS;
  if (staying.length > room)
    return propose([], [keptGroup(contract, staying, `has room for ${room} slots (max_replication_slots)`)]);
  return propose([
    attachChange(contract, previous, `put back the group the cluster used before; it takes effect at its next reboot`),
  ]);
}

/** What RDS sets of max_replication_slots where the group says nothing. */
const SLOTS_OF_RDS = 20;

/** @param lacks in which way the group of before does not do for the slots */
function keptGroup(contract: SourceContract, slots: readonly ReplicationSlot[], lacks: string): Finding {
  const { name, previous } = contract.parameterGroup;
  const names = slots.map((slot) => slot.name).join(', ');
  return {
    code: 'PARAMETER_GROUP_KEPT',
    severity: 'warn',
    seen: `parameter group ${name} stays attached to ${contract.cluster.identifier}: replication slot ${names} is not dropped by this teardown`,
    why: `${previous} ${lacks}; with it the writer could not start again while the slot exists`,
    next: `when its owner has dropped the slot: sql-runner teardown ${contract.environment}; until then, or until somebody attaches a group that has what ${previous} lacks, ${contract.stacks.source} cannot be destroyed`,
  };
}

function groupGone(contract: SourceContract): Finding {
  const { name, previous } = contract.parameterGroup;
  return {
    code: 'PREVIOUS_GROUP_GONE',
    severity: 'warn',
    seen: `parameter group ${previous}, which ${contract.cluster.identifier} used before, does not exist any more: ${name} stays attached`,
    why: `nothing can be put back, and ${contract.stacks.source} cannot be destroyed while its group is attached`,
    next: "in the environment file, name as parameterGroup of the source's cluster a group that exists and has production's settings; the stack's outputs have to name it before teardown can put it back",
  };
}

function attachChange(contract: SourceContract, group: string, reason: string): Change {
  const cluster = contract.cluster.identifier;
  return changeOf({
    address: { side: 'source', kind: 'parameter-group', name: group },
    action: 'update',
    reason,
    preview: [
      `rds:ModifyDBCluster DBClusterIdentifier=${cluster} DBClusterParameterGroupName=${group} ApplyImmediately=true`,
    ],
    operation: { kind: 'attach-parameter-group', cluster, group },
  });
}
