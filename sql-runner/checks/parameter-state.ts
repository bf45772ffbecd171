import { isOwnersGroup, notSet, restartNeeded } from '../resources/attached-group';
import type { SourceCheck, TargetCheck } from './check';
import { withoutSlot } from '../model/streams';

/** Settings that are not yet, or will not stay, as logical replication needs them. */
const walLevel: SourceCheck = {
  code: 'WAL_LEVEL_NOT_LOGICAL',
  holds: 'the source writes logical WAL',
  side: 'source',
  run: (source, { contract }) => {
    const { server, cluster } = source;
    // What the owner's group lacks the plan says.
    const lacks = isOwnersGroup(contract) && notSet(contract, source).length > 0;
    if (server.walLevel === 'logical' || lacks) return [];
    const attaches = isOwnersGroup(contract) ? '' : `attaches ${contract.parameterGroup.name} and `;
    return [
      {
        severity: 'warn',
        seen: `wal_level of ${contract.cluster.identifier} is ${server.walLevel}`,
        why: `rds.logical_replication is static: it takes a restart of writer ${cluster.writer}, a short outage of production`,
        next: `at a time that suits production: sql-runner apply ${contract.environment} --allow-reboot, which ${attaches}reboots the writer`,
      },
    ];
  },
};

const sourcePending: SourceCheck = {
  code: 'SOURCE_REBOOT_PENDING',
  holds: "no parameter of the source's group waits for a restart",
  side: 'source',
  run: (source, { contract }) => {
    const { cluster } = source;
    if (cluster.parameterGroupStatus !== 'pending-reboot') return [];
    const command = `aws rds reboot-db-instance --db-instance-identifier ${cluster.writer}`;
    return [
      {
        severity: 'warn',
        seen: `parameter group ${cluster.parameterGroup} of ${contract.cluster.identifier} is pending-reboot`,
        why: 'the server still has the former values, and the next restart, planned or not, changes them',
        next: restartNeeded(contract, source)
          ? `at a time that suits production: sql-runner apply ${contract.environment} --allow-reboot, or ${command}`
          : `at a time that suits production: ${command}`,
      },
    ];
  },
};

const targetPending: TargetCheck = {
  code: 'TARGET_REBOOT_PENDING',
  holds: "no parameter of the clone's group waits for a restart",
  side: 'target',
  run: ({ cluster }) => {
    if (cluster.parameterGroupStatus !== 'pending-reboot') return [];
    return [
      {
        severity: 'warn',
        seen: `parameter group ${cluster.parameterGroup} of the clone is pending-reboot`,
        why: 'the workers that replication needs may not be allowed yet',
        next: `aws rds reboot-db-instance --db-instance-identifier ${cluster.writer}, in the target account; replication carries on by itself`,
      },
    ];
  },
};

/** Aurora user guide: toggling the parameter invalidates every logical slot of the cluster. */
const enhancedReplication: SourceCheck = {
  code: 'ENHANCED_REPLICATION_CHANGES',
  stops: ['publish', 'slot', 'ticket', 'connect', 'reboot'],
  holds: 'no change of aurora.enhanced_logical_replication is waiting',
  side: 'source',
  run: (source, { contract }) => {
    const { aurora, groupParameters, slots, cluster } = source;
    const name = 'aurora.enhanced_logical_replication';
    const now = isOn(aurora.enhancedLogicalReplication);
    // Those that are still to be made too, unless a run restarts the writer before it makes them.
    const ours = restartNeeded(contract, source) ? [] : withoutSlot(contract, source).map(({ stream }) => stream.slot);
    const logical = [...slots.filter((slot) => slot.slotType === 'logical').map((slot) => slot.name), ...ours];
    if (logical.length === 0 || isOn(groupParameters[name]) === now) return [];
    return [
      {
        severity: 'block',
        seen: `${name} is ${now ? 1 : 0} on the server and ${now ? 0 : 1} in parameter group ${cluster.parameterGroup}`,
        why: `the next restart would invalidate every logical slot: ${logical.join(', ')}`,
        next: `set ${name} back to ${now ? 1 : 0}: in source.cluster.extraParameters of the environment file, then cdktf deploy ${contract.stacks.source}`,
      },
    ];
  },
};

const isOn = (value: string | null | undefined): boolean => value === '1' || value === 'on';

const clusterStatus: SourceCheck = {
  code: 'SOURCE_NOT_AVAILABLE',
  holds: 'the source cluster is available',
  side: 'source',
  run: ({ cluster }, { contract }) => {
    // A backup hinders nothing.
    if (['available', 'backing-up'].includes(cluster.status)) return [];
    return [
      {
        severity: 'warn',
        seen: `cluster ${contract.cluster.identifier} is ${cluster.status}`,
        why: 'a clone can be taken, and parameters changed, of an available cluster only',
        next: `wait: aws rds wait db-cluster-available --db-cluster-identifier ${contract.cluster.identifier}`,
      },
    ];
  },
};

export const parameterStateChecks = [walLevel, sourcePending, targetPending, enhancedReplication, clusterStatus];
