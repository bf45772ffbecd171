import type { SourceContract } from '../../../contract/contract';
import type { Finding } from '../../model/change';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import { groupInEffect } from '../../resources/attached-group';

/** Room for our streams in the servers' settings, as they are in effect now. */
export function checkTargetCapacity(contract: SourceContract, target: TargetObservation): Finding[] {
  const streams = countStreams(contract);
  const workers = target.server.maxLogicalReplicationWorkers;
  if (workers >= streams) return [];
  return [
    {
      code: 'TARGET_WORKERS_TOO_FEW',
      severity: 'block',
      seen: `the clone allows ${workers} logical replication workers; ${streams} streams need one each`,
      why: 'the streams beyond that number would never start',
      next: `cdktf deploy ${contract.stacks.target}, so that the clone gets its parameter group, then reboot its writer`,
    },
  ];
}

/** @param missing slots that are still to be created */
export function checkSourceCapacity(contract: SourceContract, source: SourceObservation, missing: number): Finding[] {
  const free = source.server.maxReplicationSlots - source.slots.length;
  if (!groupInEffect(contract, source) || free >= missing) return [];
  return [
    {
      code: 'SOURCE_SLOTS_TOO_FEW',
      severity: 'block',
      stops: ['slot', 'ticket'],
      seen: `the source allows ${source.server.maxReplicationSlots} replication slots, ${source.slots.length} are in use, ${missing} more are needed`,
      why: 'creating a slot would fail half-way',
      next: `set max_replication_slots to ${source.slots.length + missing} or more in source.cluster.extraParameters of the environment file, cdktf deploy ${contract.stacks.source}, then sql-runner apply ${contract.environment} --allow-reboot; or drop slots that nobody uses; pg_replication_slots lists them`,
    },
  ];
}

function countStreams(contract: SourceContract): number {
  return contract.links.reduce((sum, link) => sum + link.streams.length, 0);
}
