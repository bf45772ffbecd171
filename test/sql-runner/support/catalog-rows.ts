import type { RoleFacts, TakenTable } from '../../../sql-runner/model/observation';
import type { ServerFacts } from '../../../sql-runner/postgres/catalog/server';
import { roleSettings } from '../../../sql-runner/resources/role-settings';
import type { Draft } from './observations';

/** Of a server that has room for all that tests do. */
export const SETTINGS: Omit<ServerFacts, 'flushLsn'> = {
  versionNum: 170004,
  version: '17.4',
  walLevel: 'logical',
  maxReplicationSlots: 20,
  maxWalSenders: 20,
  maxLogicalReplicationWorkers: 8,
  maxSyncWorkersPerSubscription: 2,
  maxWorkerProcesses: 16,
  maxParallelWorkers: 8,
  autovacuumMaxWorkers: 3,
  maxActiveReplicationOrigins: null,
  maxSlotWalKeepSize: -1,
  idleSlotTimeout: null,
  walReceiverTimeoutMs: 60_000,
  maxPreparedTransactions: 0,
  maxLocksPerTransaction: 64,
  lockers: 140,
};

/** The replication role, as it has to be. */
export function role(comment: string | null): Draft<RoleFacts> {
  return {
    name: 'acas_demo',
    oid: 16399,
    canLogin: true,
    superuser: false,
    replication: false,
    memberOfRdsReplication: true,
    memberOfRdsIam: false,
    comment,
    connectionLimit: -1,
    passwordExpires: null,
    passwordExpired: false,
    allPowerful: false,
    settings: roleSettings(170004),
  };
}

/** What a connected clone takes. */
export function takenBy(subscription: string): Draft<TakenTable>[] {
  const names = ['public.orders', 'public.log', 'public.refunds', 'parts.orders_1', 'parts.orders_2'];
  return names.map((text, index) => {
    const [schema, name] = text.split('.') as [string, string];
    return { subscription, table: 700 + index, schema, name, state: 'r' };
  });
}
