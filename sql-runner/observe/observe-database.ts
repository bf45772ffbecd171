import { ddlLogs } from '../postgres/catalog/ddl-logs';
import { connectGrant } from '../postgres/catalog/database-grants';
import { originName, originState } from '../postgres/catalog/origins';
import { publications, type Publication, type PublishedTable } from '../postgres/catalog/publications';
import { roleLimits } from '../postgres/catalog/role-limits';
import { runHistory } from '../postgres/catalog/run-history';
import { roles } from '../postgres/catalog/roles';
import { OF_SOURCE_DATABASE, type Observed, type Readers } from '../postgres/catalog/observed';
import { seedFunctionExists, seedLsn } from '../postgres/catalog/seed';
import { roleSettings } from '../postgres/catalog/session-settings';
import { subscriptionOptions } from '../postgres/catalog/subscription-options';
import { subscriptions, type Subscription } from '../postgres/catalog/subscriptions';
import { countsRollbacks } from '../postgres/catalog/statistics';
import { catalogTables, writtenTables } from '../postgres/catalog/tables';
import { historyTable } from '../resources/run-history';
import { parseMark } from '../model/mark';
import { partOf } from '../model/table-parts';
import { displayTable } from '../model/table-selection';
import type { Part } from '../../contract/row-filter';
import type { Side } from '../../contract/contract';
import type { Ask, Reading } from '../connections/reading';
import { observeElsewhere, readHeartbeats } from './observe-heartbeats';
import { takenTables } from './taken-tables';
import type { StreamOf } from '../model/streams';
import type {
  PublicationFacts,
  RoleFacts,
  SourceDatabaseFacts,
  SubscriptionFacts,
  TargetDatabaseFacts,
  TargetStreamFacts,
} from '../model/observation';

/** The replication role; null: there is none. */
export async function observeRole(ask: Ask, name: string): Promise<RoleFacts | null> {
  const [role] = await ask(roles, [name]);
  const limits = await ask(roleLimits, name);
  if (role === undefined || limits === null) return null;
  return { ...role, ...limits, settings: await ask(roleSettings, name) };
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
      return found.map((subscription) => subscriptionFacts(database, subscription));
    }),
  );
  return lists.flat();
}

/** Who owns it, and what else somebody may have altered, is among its options. */
function subscriptionFacts(
  database: string,
  { oid, name, enabled, slotName, comment }: Subscription,
): SubscriptionFacts {
  return { oid, name, database, enabled, slotName, comment };
}

/** Of a database that does not exist. */
export const NO_SOURCE_DATABASE: SourceDatabaseFacts = {
  exists: false,
  publications: [],
  tables: [],
  connectGrant: { mayConnect: true, hasGrant: false, mayGrant: true },
};
export const NO_TARGET_DATABASE: TargetDatabaseFacts = {
  exists: false,
  publications: [],
  writtenTables: [],
  streams: {},
};

type ReadParts = (ask: Ask, published: readonly PublicationFacts[]) => Promise<Pick<SourceDatabaseFacts, 'tableParts'>>;

/**
 * @param ask null: the database does not exist
 * @param parts reads what has to be known of tables that are selected in part
 */
export async function observeSourceDatabase(
  ask: Ask | null,
  role: string,
  { parts = () => Promise.resolve({}) }: { readonly parts?: ReadParts } = {},
): Promise<SourceDatabaseFacts> {
  if (ask === null) return NO_SOURCE_DATABASE;
  const published = (await ask(publications)).map(publicationFacts);
  return {
    exists: true,
    publications: published,
    tables: await ask(catalogTables),
    ...(await parts(ask, published)),
    ...(await observed(ask, OF_SOURCE_DATABASE)),
    connectGrant: await ask(connectGrant, role),
  };
}

/** @param ask null: the database does not exist */
export async function observeTargetDatabase(
  ask: Ask | null,
  database: string,
  streams: readonly StreamOf[],
  { role, environment, countsItsOwn }: { role: string; environment: string; countsItsOwn: boolean },
): Promise<TargetDatabaseFacts> {
  if (ask === null) return NO_TARGET_DATABASE;
  // The heartbeat is in a schema of the publication's name, which need not be that of the subscription.
  const schemas = streams.map(({ stream }) => stream.publication);
  const begun = await observeTargetStreams(ask, database, streams);
  const history = await ask(runHistory, historyTable(environment));
  const logs = await ask(ddlLogs);
  return {
    exists: true,
    heartbeats: await readHeartbeats(ask, schemas),
    ...(await observeElsewhere(ask, schemas, environment)),
    publications: (await ask(publications)).map(publicationFacts),
    ...(await readWritten(ask, countsItsOwn)),
    connectGrant: await ask(connectGrant, role),
    taken: await takenTables(ask),
    ...(logs.length === 0 ? {} : { ddl: logs }),
    ...(history === null ? {} : { runHistory: history }),
    streams: begun,
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
  streams: readonly StreamOf[],
): Promise<Record<string, TargetStreamFacts>> {
  const present = await ask(subscriptions);
  const found: Record<string, TargetStreamFacts> = {};
  for (const name of streams.map(({ stream }) => stream.subscription)) {
    const subscription = present.find((candidate) => candidate.name === name);
    found[name] =
      subscription === undefined
        ? { subscription: null, originProgress: null }
        : { subscription: subscriptionFacts(database, subscription), ...(await begunStream(ask, subscription)) };
  }
  return found;
}

async function begunStream(ask: Ask, { oid, name }: Subscription): Promise<Omit<TargetStreamFacts, 'subscription'>> {
  const [origin, all] = await Promise.all([ask(originState, originName(oid)), ask(subscriptionOptions)]);
  const options = all.find((candidate) => candidate.name === name);
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
      ...(table.columns === null ? {} : { listed: true, columns: table.columns }),
      ...(table.filter === null ? {} : { filter: table.filter }),
      ...(table.form === null ? {} : { form: table.form }),
    })),
    rows: publication.rows,
  };
}

/** What WITH, WHERE, a column list or a schema say otherwise than its mark, which has what sql-runner said. */
function alteredIn(publication: Publication): string[] {
  const kept = (['insert', 'update', 'delete', 'truncate'] as const).filter((kind) => !publication[kind]);
  const tables = publication.tables.map((table) => ({ ...table, shown: displayTable(table) }));
  const mark = parseMark(publication.comment);
  const parts = mark?.kind === 'publication' ? (mark.parts ?? []) : [];
  const filtered = tables.filter(({ hasRowFilter }) => hasRowFilter);
  return [
    ...kept.map((kind) => `it does not send ${kind.toUpperCase()}`),
    ...(publication.viaRoot ? ['it sends changes of partitions as those of their root'] : []),
    ...(publication.generatedColumns ? ['it sends generated columns'] : []),
    ...publication.schemas.map((schema) => `it publishes all tables of schema ${schema}`),
    ...tables.flatMap((table) => alteredPart(table, partOf(parts, table))),
    ...(publication.rowFilters > filtered.length ? ['it filters the rows of the heartbeat'] : []),
  ];
}

function alteredPart(
  { shown, hasRowFilter, columns }: Pick<PublishedTable, 'hasRowFilter' | 'columns'> & { readonly shown: string },
  { where, columns: listed }: Part = {},
): string[] {
  // A column that was renamed is sent as before; which they are, the clone's copy tells (resources/publication-drift.ts).
  const sameList = columns?.length === listed?.length;
  return [
    ...(hasRowFilter && where === undefined ? [`it filters the rows of ${shown}`] : []),
    ...(!hasRowFilter && where !== undefined ? [`of ${shown} it sends all rows, not those where ${where}`] : []),
    ...(sameList || columns === null ? [] : [`of ${shown} it sends the columns ${columns.join(', ')} only`]),
    ...(sameList || columns !== null ? [] : [`of ${shown} it sends all columns, not ${listed!.join(', ')}`]),
  ];
}
