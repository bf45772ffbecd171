import { runChecks } from '../../../sql-runner/checks/preflight';
import type {
  DatabaseShapes,
  SourceDatabaseSurvey,
  SourceSurvey,
  StreamsSeen,
  TargetSurvey,
  Scope,
} from '../../../sql-runner/model/survey';
import type { Finding } from '../../../sql-runner/model/change';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import type { CatalogTable } from '../../../sql-runner/postgres/catalog/tables';
import type { SourceContract } from '../../../contract/contract';
import type { Draft } from './observations';
import { unaltered } from './subscription-values';
import { table } from './tables';
import { streamsAtWork } from './surveyed-streams';

const FLUSH = '0/30000000';

const server = {
  versionNum: 170004,
  version: '17.4',
  walLevel: 'logical',
  currentFlushLsn: FLUSH,
  maxReplicationSlots: 20,
  maxWalSenders: 25,
  maxLogicalReplicationWorkers: 10,
  maxSyncWorkersPerSubscription: 2,
  maxWorkerProcesses: 32,
  maxPreparedTransactions: 0,
  maxParallelWorkers: 8,
  autovacuumMaxWorkers: 3,
  maxActiveReplicationOrigins: null,
  maxSlotWalKeepSize: -1,
  idleSlotTimeout: null,
  walReceiverTimeoutMs: 60_000,
  maxLocksPerTransaction: 64,
  lockers: 140,
};

export function surveyedTable(name: string, overrides: Partial<Draft<CatalogTable>> = {}): Draft<CatalogTable> {
  return { ...table(name), estimatedRows: 1_000_000, ...overrides };
}

export function surveyedSlot(name: string, overrides: Partial<ReplicationSlot> = {}): ReplicationSlot {
  return {
    name,
    plugin: 'pgoutput',
    slotType: 'logical',
    database: 'shop',
    temporary: false,
    active: true,
    activePid: 4711,
    restartLsn: '0/2F000000',
    confirmedFlushLsn: '0/2FF00000',
    walStatus: 'reserved',
    safeWalSize: null,
    invalidationReason: null,
    twoPhase: false,
    ...overrides,
  };
}

/** What a connected clone takes. */
const TAKEN = [
  ...['orders', 'log', 'refunds'].map((name) => ({ schema: 'public', name })),
  ...['orders_1', 'orders_2'].map((name) => ({ schema: 'parts', name })),
];

/** Statistics and log of a server as it comes. */
export const NOTHING_KEPT = { tracked: false, reset: null, mayReset: false, held: null, logged: {} };

const privileges = {
  superuser: false,
  rdsSuperuser: true,
  replicate: true,
  createRoles: true,
  hasRdsReplication: true,
  grantReplication: true,
  manageRole: true,
  subscribe: true,
};

const database = (): SourceDatabaseSurvey => ({
  unusable: [],
  unreadable: [],
  definitions: [],
  types: [],
  publications: [],
  keptStatements: NOTHING_KEPT,
  sent: [],
  inexact: [],
  tables: [surveyedTable('orders')],
  unmatchable: [],
  unreplicated: { sequences: 0, largeObjects: 0, materializedViews: 0 },
  senderSettings: [],
  moneyColumns: [],
  rowsWritten: 5,
  connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
});

/** A source at which no check has anything to say. */
export function healthySource(contract: SourceContract): SourceSurvey {
  const streams = contract.links.flatMap((link) => link.streams);
  return {
    cluster: {
      status: 'available',
      parameterGroup: contract.parameterGroup.name,
      writer: 'writer-1',
      parameterGroupStatus: 'in-sync',
    },
    groupParameters: { 'rds.logical_replication': '1' },
    aurora: { enhancedLogicalReplication: '0', forceSsl: '1' },
    server,
    slots: streams.map((stream) => surveyedSlot(stream.slot)),
    origins: 0,
    slotlessSenders: 0,
    freezeAges: [{ database: 'shop', transactions: 150_000_000, multixacts: 1_000 }],
    login: 'master',
    privileges,
    role: {
      name: 'acas_demo',
      oid: 16399,
      canLogin: true,
      superuser: false,
      replication: false,
      memberOfRdsReplication: true,
      memberOfRdsIam: false,
      comment: null,
      connectionLimit: -1,
      passwordExpires: null,
      passwordExpired: false,
      allPowerful: false,
    },
    openWrites: [],
    prepared: [],
    databases: Object.fromEntries(contract.links.map((link) => [link.database, database()])),
  };
}

/** A connected clone at which no check has anything to say. */
export function healthyTarget(contract: SourceContract): TargetSurvey {
  const databases = contract.links.map((link) => {
    const subscriptions = link.streams.map((stream) => unaltered(link.database, stream));
    const access = {
      unusable: [],
      unreadable: [],
      definitions: [],
      types: [],
      publications: [],
      keptStatements: NOTHING_KEPT,
      taken: link.streams.flatMap(({ subscription }) => TAKEN.map((one) => ({ ...one, subscription, state: 'r' }))),
    };
    const published = { by: [], tables: [] };
    const may = { create: true, deniedOriginFunctions: [], readSeed: true };
    const obstacles = { foreignKeys: [], triggers: [], rowSecurity: [], notAppliable: [] };
    const worker = { invalidIndexes: [], lackingRights: [], functions: [], deniedFunctions: [], applySettings: [] };
    return [link.database, { ...access, published, privileges: may, subscriptions, ...obstacles, ...worker }] as const;
  });
  return {
    cluster: { status: 'available', parameterGroup: 'clone', writer: 'clone-1', parameterGroupStatus: 'in-sync' },
    server,
    slots: [],
    freezeAges: [],
    login: 'master',
    privileges,
    origins: databases.length,
    databases: Object.fromEntries(databases),
  };
}

export interface Surveyed {
  contract: SourceContract;
  source: SourceSurvey;
  target: TargetSurvey;
  shapes: Record<string, DatabaseShapes>;
  streams: StreamsSeen;
}

export const healthy = (contract: SourceContract): Surveyed => ({
  contract,
  source: healthySource(contract),
  target: healthyTarget(contract),
  shapes: {},
  streams: streamsAtWork(contract),
});

export function findingsOf({
  contract,
  ...survey
}: Pick<Scope, 'contract' | 'source' | 'target' | 'shapes' | 'streams'>): Finding[] {
  return runChecks(contract, survey).flatMap(({ findings }) => findings ?? []);
}
