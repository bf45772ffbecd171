import type { SourceContract } from '../../contract/contract';
import { OWNER_HCL_OUTPUT } from '../../contract/production';
import type { Finding } from '../model/change';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import type { AttachedGroup, Lacking } from './attached-group';

const LOGICAL = 'rds.logical_replication';

export interface GroupAndSlots extends AttachedGroup {
  readonly slots: readonly ReplicationSlot[];
}

/**
 * Logical slots that the next restart of the writer would find with too low a wal_level, because another group is
 * attached by now: whoever has the cluster in their Terraform puts theirs back with each apply. The server runs on
 * with what it was started with, so nothing else shows it.
 */
export function slotsInDanger(contract: SourceContract, source: GroupAndSlots): string[] {
  const { cluster, groupParameters, server, slots } = source;
  if (server.walLevel !== 'logical' || groupParameters === undefined || groupParameters[LOGICAL] === '1') return [];
  const byTheStack = contract.production?.manage.parameterGroup !== 'owner';
  if (byTheStack && cluster.parameterGroup === contract.parameterGroup.name) return [];
  return slots.filter(({ slotType, temporary }) => slotType === 'logical' && !temporary).map(({ name }) => name);
}

/** PostgreSQL does not start with a logical slot and a lower wal_level (slot.c, RestoreSlotFromDisk). */
export const afterRestart = (slots: readonly string[]): string =>
  `at the next restart, planned or not, wal_level would be too low for logical slot ${slots.join(', ')}: a server that has one does not start then`;

/** Ours is attached again; where it came from is told, or it goes on for ever. */
export function groupPutBack(contract: SourceContract, source: GroupAndSlots): Finding[] {
  const slots = slotsInDanger(contract, source);
  if (slots.length === 0) return [];
  const { name } = contract.parameterGroup;
  const { identifier } = contract.cluster;
  return [
    {
      code: 'PARAMETER_GROUP_PUT_BACK',
      severity: 'warn',
      seen: `cluster ${identifier} uses parameter group ${source.cluster.parameterGroup}, which does not set ${LOGICAL}, while the server runs with it: ${name} was replaced, as an apply of the Terraform that has the cluster does`,
      why: afterRestart(slots),
      next: `sql-runner apply ${contract.environment} attaches ${name} again; so that it stays, write db_cluster_parameter_group_name = "${name}" for ${identifier} in that Terraform, or have it ignore changes of it (docs/owner-terraform.md)`,
    },
  ];
}

/** The owner's group lacks what only its owner sets. */
export function ownersGroupLacks(contract: SourceContract, source: GroupAndSlots, lacks: readonly Lacking[]): Finding {
  const slots = slotsInDanger(contract, source);
  const { identifier } = contract.cluster;
  const shown = lacks.map(({ name, wanted, has }) => `${name}=${wanted}${has === null ? '' : ` (it has ${has})`}`);
  const danger = slots.length > 0;
  return {
    code: danger ? 'PARAMETER_GROUP_PUT_BACK' : 'PARAMETER_GROUP_LACKS',
    severity: 'block',
    stops: ['publish', 'slot', 'ticket', 'reboot'],
    seen: `cluster ${identifier} uses parameter group ${source.cluster.parameterGroup}, which lacks ${shown.join(', ')}; source.manage says that it is its owner's`,
    why: danger
      ? afterRestart(slots)
      : 'without it there is no logical replication, or no room for its slots; sql-runner changes no group that belongs to somebody else',
    next: `the owner of ${identifier} applies what this prints, which is for their own Terraform: terraform -chdir=cdktf.out/stacks/${contract.stacks.source} output -raw ${OWNER_HCL_OUTPUT}`,
  };
}
