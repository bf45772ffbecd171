import { connectGrant } from '../postgres/catalog/database-grants';
import { originName, originState } from '../postgres/catalog/origins';
import { publications, type Publication } from '../postgres/catalog/publications';
import { roleLimits } from '../postgres/catalog/role-limits';
import { roles } from '../postgres/catalog/roles';
import { OF_CLONE_DATABASE, OF_SOURCE_DATABASE, type Observed, type Readers } from '../postgres/catalog/observed';
import { seedFunctionExists, seedLsn } from '../postgres/catalog/seed';
import { serverFacts } from '../postgres/catalog/server';
import { roleSettings } from '../postgres/catalog/session-settings';
import { replicationSlots } from '../postgres/catalog/slots';
import { subscriptionOptions } from '../postgres/catalog/subscription-options';
import { subscriptionRelations, subscriptions, type Subscription } from '../postgres/catalog/subscriptions';
import { countsRollbacks } from '../postgres/catalog/statistics';
import { catalogTables, writtenTables, type CatalogTable } from '../postgres/catalog/tables';
import { displayTable } from '../model/table-selection';
import type { Side } from '../../contract/contract';
import type { Ask, Reading } from '../connections/reading';
import { observeElsewhere, readHeartbeats } from './observe-heartbeats';
import type { StreamOf } from '../model/streams';
import type {
  PublicationFacts,
  RoleFacts,
  ServerFacts,
  SlotFacts,
  SourceDatabaseFacts,
  SubscriptionFacts,
  TableFacts,
  TargetDatabaseFacts,
  TargetStreamFacts,
} from '../model/observation';

export async function observeServer(ask: Ask): Promise<ServerFacts> {
  const facts = await ask(serverFacts);
  return {
    versionNum: facts.versionNum,
    walLevel: facts.walLevel,
    maxReplicationSlots: facts.maxReplicationSlots,
    maxWalSenders: facts.maxWalSenders,
    maxLogicalReplicationWorkers: facts.maxLogicalReplicationWorkers,
    maxWorkerProcesses: facts.maxWorkerProcesses,
    maxPreparedTransactions: facts.maxPreparedTransactions,
    flushLsn: facts.currentFlushLsn ?? '0/0',
  };
}

export async function observeRole(ask: Ask, name: string): Promise<RoleFacts | null> {
  const [role] = await ask(roles, [name]);
  const limits = await ask(roleLimits, name);
  if (role === undefined || limits === null) return null;
  return {
    comment: role.comment,
    canLogin: role.canLogin,
    canReplicate: role.replication || role.memberOfRdsReplication,
    ...(limits.passwordExpires !== null || limits.passwordExpired ? { expires: true } : {}),
    ...(limits.connectionLimit < 0 ? {} : { connectionLimit: limits.connectionLimit }),
    settings: await ask(roleSettings, name),
  };
}

export async function observeSlots(ask: Ask): Promise<SlotFacts[]> {
  const slots = await ask(replicationSlots);
  return slots.map(({ safeWalSize: _, ...slot }) => slot);
}

/** The seed LSN of a clone. A cluster that is not one gives null, or zero. */
export async function observeSeed(ask: Ask): Promise<{ seedFunctionExists: boolean; seedLsn: string | null }> {
  if (!(await ask(seedFunctionExists))) return { seedFunctionExists: false, seedLsn: null };
  const lsn = await ask(seedLsn);
  return { seedFunctionExists: true, seedLsn: lsn === '0/0' ? null : lsn };
}

export async function observeSubscriptions(
  reading: Reading,
  side: Side,
  databases: ReadonlySet<string>,
): Promise<SubscriptionFacts[]> {
  const lists = await Promise.all(
    [...databases].sort().map(async (database) => {
      // RDS keeps rdsadmin to itself.
      if (database === 'rdsadmin') return [];
      const found = await reading.ask({ side, database }, subscriptions);
      return found.map((subscription) => ({
        oid: subscription.oid,
        name: subscription.name,
        database,
        enabled: subscription.enabled,
        slotName: subscription.slotName,
        comment: subscription.comment,
      }));
    }),
  );
  return lists.flat();
}

/** Of a database that does not exist. */
export const NO_SOURCE_DATABASE: SourceDatabaseFacts = {
  exists: false,
  publications: [],
  tables: [],
  roleMayConnect: true,
  roleHasConnectGrant: false,
};
export const NO_TARGET_DATABASE: TargetDatabaseFacts = {
  exists: false,
  publications: [],
  writtenTables: [],
  streams: {},
};

/** @param ask null: the database does not exist */
export async function observeSourceDatabase(ask: Ask | null, role: string): Promise<SourceDatabaseFacts> {
  if (ask === null) return NO_SOURCE_DATABASE;
  const grant = await ask(connectGrant, role);
  return {
    exists: true,
    publications: (await ask(publications)).map(publicationFacts),
    tables: (await ask(catalogTables)).map(tableFacts),
    ...(await observed(ask, OF_SOURCE_DATABASE)),
    roleMayConnect: grant.mayConnect,
    roleHasConnectGrant: grant.hasGrant,
    ...(grant.mayGrant ? {} : { mayNotGrantConnect: true }),
  };
}

/** @param ask null: the database does not exist */
export async function observeTargetDatabase(
  ask: Ask | null,
  database: string,
  of: readonly StreamOf[],
  { role, environment, countsItsOwn = false }: { role: string; environment: string; countsItsOwn?: boolean },
): Promise<TargetDatabaseFacts> {
  if (ask === null) return NO_TARGET_DATABASE;
  // A slot of their copy may still be needed.
  const copying = (await ask(subscriptionRelations))
    .filter(({ state }) => state !== 'r')
    .map(({ subscription, table }) => ({ subscription, table }));
  // The heartbeat is in a schema of the publication's name, which need not be that of the subscription.
  const schemas = of.map(({ stream }) => stream.publication);
  const streams = await observeTargetStreams(ask, database, of);
  return {
    exists: true,
    heartbeats: await readHeartbeats(ask, schemas),
    ...(await observeElsewhere(ask, schemas, environment)),
    ...(await observed(ask, OF_CLONE_DATABASE)),
    publications: (await ask(publications)).map(publicationFacts),
    ...(await readWritten(ask, countsItsOwn)),
    roleHasConnectGrant: (await ask(connectGrant, role)).hasGrant,
    ...(copying.length === 0 ? {} : { copying }),
    streams,
  };
}

async function observed<R extends Readers>(ask: Ask, readers: R): Promise<Observed<R>> {
  const facts: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries(readers)) facts[name] = await ask(reader);
  return facts as Observed<R>;
}

/** What the clone's server has counted; what was rolled back is counted too. */
export async function readWritten(ask: Ask, countsItsOwn: boolean) {
  return {
    writtenTables: await ask(writtenTables),
    writesAreCertain: countsItsOwn && !(await ask(countsRollbacks)),
  };
}

export async function observeTargetStreams(
  ask: Ask,
  database: string,
  of: readonly StreamOf[],
): Promise<Record<string, TargetStreamFacts>> {
  const present = await ask(subscriptions);
  const streams: Record<string, TargetStreamFacts> = {};
  for (const name of of.map(({ stream }) => stream.subscription)) {
    const subscription = present.find((candidate) => candidate.name === name);
    streams[name] =
      subscription === undefined
        ? { subscription: null, originProgress: null }
        : { subscription: { ...subscription, database }, ...(await begunStream(ask, subscription)) };
  }
  return streams;
}

async function begunStream(ask: Ask, { oid, name }: Subscription): Promise<Omit<TargetStreamFacts, 'subscription'>> {
  const origin = await ask(originState, originName(oid));
  const options = (await ask(subscriptionOptions)).find((candidate) => candidate.name === name);
  return { originProgress: origin?.progress ?? null, made: origin?.made ?? null, options };
}

/** What planning needs of a publication. */
export function publicationFacts(publication: Publication): PublicationFacts {
  const altered = alteredIn(publication);
  const { name, comment, heartbeat, allTables, schemas, owner, login, mayAlter } = publication;
  return {
    name,
    comment,
    heartbeat,
    allTables,
    publishesEverything: altered.length === 0,
    ...(altered.length === 0 ? {} : { altered }),
    ...(owner === login ? {} : { foreignOwner: { owner, login, mayAlter } }),
    sendsChanges: publication.update || publication.delete,
    schemas,
    ...(publication.generatedColumns ? { sendsGenerated: true } : {}),
    tables: publication.tables.map((table) => ({
      oid: table.oid,
      schema: table.schema,
      name: table.name,
      ...(table.uncovered ? { uncovered: true } : {}),
      ...(table.columns === null ? {} : { listed: true }),
    })),
    rows: publication.rows,
  };
}

/** What WITH, WHERE, a column list or a schema say, which sql-runner never does. */
function alteredIn(publication: Publication): string[] {
  const kept = (['insert', 'update', 'delete', 'truncate'] as const).filter((kind) => !publication[kind]);
  const tables = publication.tables.map((table) => ({ ...table, shown: displayTable(table) }));
  const filtered = tables
    .filter(({ hasRowFilter }) => hasRowFilter)
    .map(({ shown }) => `it filters the rows of ${shown}`);
  const listed = tables
    .filter(({ columns }) => columns !== null)
    .map(({ shown, columns }) => `of ${shown} it sends the columns ${columns!.join(', ')} only`);
  return [
    ...kept.map((kind) => `it does not send ${kind.toUpperCase()}`),
    ...(publication.viaRoot ? ['it sends changes of partitions as those of their root'] : []),
    ...(publication.generatedColumns ? ['it sends generated columns'] : []),
    ...publication.schemas.map((schema) => `it publishes all tables of schema ${schema}`),
    ...filtered,
    ...(publication.rowFilters > filtered.length ? ['it filters the rows of the heartbeat'] : []),
    ...listed,
  ];
}

export function tableFacts({ estimatedRows: _, ...facts }: CatalogTable): TableFacts {
  return facts;
}
