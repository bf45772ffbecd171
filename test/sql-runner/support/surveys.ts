import { runChecks } from '../../../sql-runner/checks/preflight';
import type {
  DatabaseShapes,
  SourceDatabaseSurvey,
  SourceSurvey,
  StreamsSeen,
  TargetSurvey,
  Scope,
} from '../../../sql-runner/model/survey';
import type { Surroundings } from '../../../sql-runner/model/surroundings';
import type { Finding } from '../../../sql-runner/model/change';
import { formatMark } from '../../../sql-runner/model/mark';
import type { ReplicationSlot } from '../../../sql-runner/postgres/catalog/slots';
import type { CatalogTable } from '../../../sql-runner/postgres/catalog/tables';
import type { SourceContract } from '../../../contract/contract';
import { role, takenBy } from './catalog-rows';
import { server, slot, type Draft } from './observations';
import { unaltered } from './subscription-values';
import { around, made } from './production';
import { table } from './tables';
import { streamsAtWork } from './surveyed-streams';

const roomy = () =>
  server({
    flushLsn: '0/30000000',
    maxWalSenders: 25,
    maxLogicalReplicationWorkers: 10,
    maxWorkerProcesses: 32,
  });

export function surveyedTable(name: string, overrides: Partial<Draft<CatalogTable>> = {}): Draft<CatalogTable> {
  return { ...table(name), ...overrides };
}

export function surveyedSlot(name: string, overrides: Partial<ReplicationSlot> = {}): ReplicationSlot {
  const positions = { restartLsn: '0/2F000000', confirmedFlushLsn: '0/2FF00000' };
  return slot(name, 'shop', { active: true, activePid: 4711, ...positions, ...overrides });
}

/** Statistics and log of a server as it comes. */
export const NOTHING_KEPT = { tracked: false, reset: null, mayReset: false, held: null, logged: {} };

const privileges = {
  superuser: false,
  rdsSuperuser: true,
  replicate: true,
  createRoles: true,
  grantReplication: true,
  manageRole: true,
  subscribe: true,
};

const database = (): SourceDatabaseSurvey => ({
  unusable: [],
  unreadable: [],
  definitions: [],
  types: [],
  publicationIdentities: [],
  ddl: [],
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
      resourceId: null,
      parameterGroupStatus: 'in-sync',
    },
    groupParameters: { 'rds.logical_replication': '1' },
    aurora: { enhancedLogicalReplication: '0', forceSsl: '1' },
    server: roomy(),
    slots: streams.map((stream) => surveyedSlot(stream.slot)),
    origins: [],
    hasRdsReplication: true,
    slotlessSenders: 0,
    freezeAges: [{ database: 'shop', transactions: 150_000_000, multixacts: 1_000 }],
    login: 'master',
    privileges,
    role: role(formatMark({ kind: 'role', environment: contract.environment })),
    openWrites: [],
    prepared: [],
    databases: Object.fromEntries(contract.links.map((link) => [link.database, database()])),
  };
}

/** A connected clone at which no check has anything to say. */
export function healthyTarget(contract: SourceContract): TargetSurvey {
  const databases = contract.links.map((link) => {
    const subscriptionOptions = link.streams.map((stream) => unaltered(link.database, stream));
    const access = {
      unusable: [],
      unreadable: [],
      definitions: [],
      types: [],
      publicationIdentities: [],
      ddl: [],
      keptStatements: NOTHING_KEPT,
      taken: link.streams.flatMap(({ subscription }) => takenBy(subscription)),
    };
    const published = { publications: [], tables: [] };
    const may = { create: true, deniedOriginFunctions: [], readSeed: true };
    const obstacles = { foreignKeys: [], triggers: [], rowSecurity: [], notAppliable: [] };
    const worker = { invalidIndexes: [], lackingRights: [], functions: [], deniedFunctions: [], applySettings: [] };
    return [
      link.database,
      { ...access, ...published, privileges: may, subscriptionOptions, ...obstacles, ...worker },
    ] as const;
  });
  return {
    cluster: {
      status: 'available',
      parameterGroup: 'clone',
      writer: 'clone-1',
      resourceId: null,
      parameterGroupStatus: 'in-sync',
    },
    server: roomy(),
    slots: [],
    freezeAges: [],
    login: 'master',
    privileges,
    origins: databases.map((_, index) => ({ id: index + 1, name: `pg_${index + 1}` })),
    databases: Object.fromEntries(databases),
  };
}

export interface Surveyed {
  contract: SourceContract;
  source: SourceSurvey;
  target: TargetSurvey;
  shapes: Record<string, DatabaseShapes>;
  streams: StreamsSeen;
  surroundings: Surroundings;
}

export const healthy = (contract: SourceContract): Surveyed => ({
  contract,
  source: healthySource(contract),
  target: healthyTarget(contract),
  shapes: {},
  streams: streamsAtWork(contract),
  surroundings: around(contract.production ?? made()),
});

export function findingsOf({
  contract,
  ...survey
}: Pick<Scope, 'contract' | 'source' | 'target' | 'shapes' | 'streams' | 'surroundings' | 'replaced'>): Finding[] {
  return runChecks(contract, survey).flatMap(({ findings }) => findings ?? []);
}
