import { connectGrant, mayCreate } from '../postgres/catalog/database-grants';
import { originIdentity, originName, originProgress } from '../postgres/catalog/origins';
import { publications, type Publication } from '../postgres/catalog/publications';
import { roleLimits } from '../postgres/catalog/role-limits';
import { roles } from '../postgres/catalog/roles';
import { seedFunctionExists, seedLsn } from '../postgres/catalog/seed';
import { serverFacts } from '../postgres/catalog/server';
import { roleSettings } from '../postgres/catalog/session-settings';
import { replicationSlots } from '../postgres/catalog/slots';
import { subscriptionOptions } from '../postgres/catalog/subscription-options';
import { subscriptionRelations, subscriptions } from '../postgres/catalog/subscriptions';
import { countersSince, countsRollbacks } from '../postgres/catalog/statistics';
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

/** @param ask null: the database does not exist */
export async function observeSourceDatabase(ask: Ask | null, role: string): Promise<SourceDatabaseFacts> {
  const exists = ask !== null;
  if (!exists)
    return { exists, publications: [], tables: [], mayCreate: true, roleMayConnect: true, roleHasConnectGrant: false };
  const grant = await ask(connectGrant, role);
  return {
    exists,
    publications: (await ask(publications)).map(publicationFacts),
    tables: (await ask(catalogTables)).map(tableFacts),
    mayCreate: await ask(mayCreate),
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
  {
    role,
    environment,
    sourceCountsSince = null,
  }: { role: string; environment: string; sourceCountsSince?: number | null },
): Promise<TargetDatabaseFacts> {
  const exists = ask !== null;
  if (!exists) return { exists, publications: [], writtenTables: [], streams: {} };
  const present = await ask(subscriptions);
  const options = await ask(subscriptionOptions);
  // A slot of their copy may still be needed.
  const copying = (await ask(subscriptionRelations))
    .filter(({ state }) => state !== 'r')
    .map(({ subscription, table }) => ({ subscription, table }));
  // The heartbeat is in a schema of the publication's name, which need not be that of the subscription.
  const schemas = of.map(({ stream }) => stream.publication);
  const streams: Record<string, TargetStreamFacts> = {};
  for (const name of of.map(({ stream }) => stream.subscription)) {
    const subscription = present.find((candidate) => candidate.name === name);
    streams[name] =
      subscription === undefined
        ? { subscription: null, originProgress: null }
        : {
            subscription: { ...subscription, database },
            originProgress: await ask(originProgress, originName(subscription.oid)),
            made: await ask(originIdentity, originName(subscription.oid)),
            options: options.find((candidate) => candidate.name === name),
          };
  }
  return {
    exists,
    heartbeats: await readHeartbeats(ask, schemas),
    ...(await observeElsewhere(ask, schemas, environment)),
    publications: (await ask(publications)).map(publicationFacts),
    writtenTables: await ask(writtenTables),
    writesAreCertain: await writesAreCertain(ask, sourceCountsSince),
    roleHasConnectGrant: (await ask(connectGrant, role)).hasGrant,
    ...(copying.length === 0 ? {} : { copying }),
    streams,
  };
}

/** A copy of the source's counters would say what the source has written: these must have begun after the source's. */
async function writesAreCertain(ask: Ask, sourceCountsSince: number | null): Promise<boolean> {
  const since = await ask(countersSince);
  if (since === null || sourceCountsSince === null || since <= sourceCountsSince) return false;
  return !(await ask(countsRollbacks));
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

function tableFacts({ estimatedRows: _, ...facts }: CatalogTable): TableFacts {
  return facts;
}
