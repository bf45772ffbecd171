import type { TargetCheck } from './check';
import { streamsOf } from '../model/streams';

/** Room on the subscriber (PostgreSQL manual, "Logical Replication: Configuration Settings", Subscribers). */
const processes: TargetCheck = {
  code: 'TARGET_PROCESSES_TOO_FEW',
  stops: ['connect'],
  holds: 'the clone can start an apply worker for every stream',
  side: 'target',
  run: ({ server }, { contract }) => {
    // Apply workers and the launcher come out of the same pool.
    const needed = streamsOf(contract).length + 1;
    if (server.maxWorkerProcesses >= needed) return [];
    return [
      {
        severity: 'block',
        seen: `max_worker_processes of the clone is ${server.maxWorkerProcesses}; the launcher and the apply workers need ${needed}`,
        why: 'the streams beyond that number would never start',
        next: `cdktf deploy ${contract.stacks.target}, so that the clone gets its parameter group, then reboot its writer`,
      },
    ];
  },
};

const processesReserve: TargetCheck = {
  code: 'TARGET_PROCESSES_SHARED',
  holds: 'the clone has worker processes for parallel query and vacuum beside replication',
  side: 'target',
  run: ({ server }, { contract }) => {
    const needed = server.maxLogicalReplicationWorkers + server.autovacuumMaxWorkers + server.maxParallelWorkers;
    if (server.maxWorkerProcesses >= needed) return [];
    return [
      {
        severity: 'warn',
        seen: `max_worker_processes of the clone is ${server.maxWorkerProcesses}; replication, autovacuum and parallel query together may ask for ${needed}`,
        why: 'under load a parallel query can take the process that an apply worker needs to start again',
        next: `set max_worker_processes to ${needed} or more in the clone's parameter group (cdktf deploy ${contract.stacks.target} does), then reboot its writer`,
      },
    ];
  },
};

const workersReserve: TargetCheck = {
  code: 'TARGET_WORKERS_WITHOUT_RESERVE',
  holds: 'the clone has spare replication workers for tables that are added',
  side: 'target',
  run: ({ server }, { contract }) => {
    const streams = streamsOf(contract).length;
    const needed = streams + server.maxSyncWorkersPerSubscription;
    // Too few for the streams themselves is TARGET_WORKERS_TOO_FEW.
    if (server.maxLogicalReplicationWorkers >= needed || server.maxLogicalReplicationWorkers < streams) return [];
    return [
      {
        severity: 'warn',
        seen: `max_logical_replication_workers of the clone is ${server.maxLogicalReplicationWorkers}; with the copy of added tables ${needed} are needed`,
        why: 'the copy of a table that is added would wait for ever for a worker',
        next: `set max_logical_replication_workers to ${needed} or more in the clone's parameter group (cdktf deploy ${contract.stacks.target} does), then reboot its writer`,
      },
    ];
  },
};

/** Up to 17 the origins take from max_replication_slots, from 18 they have a limit of their own. */
const origins: TargetCheck = {
  code: 'TARGET_ORIGINS_TOO_FEW',
  stops: ['connect'],
  holds: 'the clone can remember the position of every stream',
  side: 'target',
  run: ({ server, origins: { length: present }, databases }, { contract }) => {
    const setting =
      server.maxActiveReplicationOrigins === null ? 'max_replication_slots' : 'max_active_replication_origins';
    const limit = server.maxActiveReplicationOrigins ?? server.maxReplicationSlots;
    const made = Object.values(databases).flatMap((database) => database.subscriptionOptions.map(({ name }) => name));
    const missing = streamsOf(contract).filter((of) => !made.includes(of.stream.subscription)).length;
    const needed = present + missing;
    if (limit >= needed) return [];
    return [
      {
        severity: 'block',
        seen: `${setting} of the clone is ${limit}; ${present} replication origins exist and ${missing} more are needed`,
        why: 'a subscription without an origin state cannot start, or forgets where it stands',
        next: `set ${setting} to ${needed} or more in the clone's parameter group (cdktf deploy ${contract.stacks.target} does), then reboot its writer`,
      },
    ];
  },
};

export const targetSizingChecks = [processes, processesReserve, workersReserve, origins];
