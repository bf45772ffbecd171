import type { SourceContract } from '../../contract/contract';
import { versionOf, type Ask, type Reading } from '../connections/reading';
import type {
  Observation,
  SourceDatabaseFacts,
  SourceObservation,
  TargetDatabaseFacts,
  TargetObservation,
} from '../model/observation';
import { streamsOf, type StreamOf } from '../model/streams';
import { hasSession, sessionIdentity } from '../postgres/catalog/activity';
import { connectGrant } from '../postgres/catalog/database-grants';
import { OF_SOURCE_DATABASE } from '../postgres/catalog/observed';
import { replicaTriggers } from '../postgres/catalog/apply-obstacles';
import { publications } from '../postgres/catalog/publications';
import { sentTables } from '../postgres/catalog/replicated-tables';
import { roleExists } from '../postgres/catalog/roles';
import { currentFlushLsn, databaseNames, serverFacts, type ServerFacts } from '../postgres/catalog/server';
import { replicationSlots } from '../postgres/catalog/slots';
import { subscriptionUpdates } from '../postgres/catalog/subscription-updates';
import { countedIn } from './counted';
import { catalogTables } from '../postgres/catalog/tables';
import { ownMark } from '../model/mark';
import { subscriptionMark } from '../model/stream-state';
import { forgottenAmong } from './forgotten';
import { eachLinked, linkedIn, observeCounters, ticketIn } from './observe';
import {
  NO_SOURCE_DATABASE,
  NO_TARGET_DATABASE,
  observeRole,
  observeSeed,
  observeSubscriptions,
  observeTargetStreams,
  publicationFacts,
  readWritten,
} from './observe-database';
import { readHeartbeats } from './observe-heartbeats';
import { publicationsOf } from './observe-inheritable';
import { observePassword } from './observe-password';
import { observeRenamedDatabases } from './observe-renamed-databases';
import { takenTables } from './taken-tables';
import { withUnread } from './unread';

/**
 * Of all that a plan rests on, what status shows of the streams; in the order in which a plan reads it (observe.ts).
 * What is not read here is not to be had of what it returns.
 */
export async function observeStreams(reading: Reading): Promise<Observation> {
  const contract = reading.contracts.source;
  const first = await reading.first('source');
  const existing = new Set(await reading.ask(first, databaseNames, linkedIn(reading)));
  const [ticket, source, target] = await Promise.all([ticketIn(reading), readServer(reading), readTarget(reading)]);
  const flushLsn = await reading.again(first, currentFlushLsn);
  const databases = await eachLinked(reading, 'source', existing, (ask, database) =>
    readSourceDatabase(ask, contract, target?.databases[database]),
  );
  const others = [...existing].filter((name) => databases[name] === undefined);
  const published = [
    ...Object.entries(databases).flatMap(([database, facts]) =>
      facts.publications.map(({ name, comment }) => ({ database, name, comment })),
    ),
    ...(await publicationsOf(reading, 'source', new Set(others))),
  ];
  const server = { ...source.server, flushLsn };
  return {
    ticket,
    source: sourceFacts({ ...source.facts, server, forgotten: forgottenAmong(contract, published), databases }),
    target,
  };
}

const knownOf = (facts: Partial<ServerFacts>): ServerFacts =>
  withUnread(facts, [
    'version',
    'walLevel',
    'maxReplicationSlots',
    'maxWalSenders',
    'maxLogicalReplicationWorkers',
    'maxSyncWorkersPerSubscription',
    'maxWorkerProcesses',
    'maxParallelWorkers',
    'autovacuumMaxWorkers',
    'maxActiveReplicationOrigins',
    'maxSlotWalKeepSize',
    'idleSlotTimeout',
    'walReceiverTimeoutMs',
    'maxPreparedTransactions',
    'maxLocksPerTransaction',
    'lockers',
    'flushLsn',
  ]);

const sourceFacts = (facts: Partial<SourceObservation>): SourceObservation =>
  withUnread(facts, [
    'login',
    'cluster',
    'groupParameters',
    'settings',
    'previousGroupIsLogical',
    'previousGroupIsGone',
    'previousGroupParameters',
    'markedRoles',
    'secretVersion',
    'subscriptions',
    'inheritable',
  ]);

async function readServer(reading: Reading) {
  const first = await reading.first('source');
  const ask: Ask = (reader, ...args) => reading.ask(first, reader, ...args);
  const role = await observeRole(ask, reading.contracts.source.replication.role);
  const hasRdsReplication = await ask(roleExists, 'rds_replication');
  const { passwordWorks } = await observePassword(reading, first);
  const facts = { hasRdsReplication, role, passwordWorks, slots: await ask(replicationSlots) };
  return { server: await ask(serverFacts), facts };
}

/** A subscription of ours is in it: its stream is judged by its history. Of others it is told whether they may begin. */
function hasBegun(contract: SourceContract, facts: Pick<TargetDatabaseFacts, 'streams'> | undefined): boolean {
  return Object.values(facts?.streams ?? {}).some(
    ({ subscription }) => subscriptionMark(contract, subscription) !== null,
  );
}

const isSubscribed = (facts: Pick<TargetDatabaseFacts, 'streams'> | undefined): boolean =>
  Object.values(facts?.streams ?? {}).some(({ subscription }) => subscription !== null);

async function readSourceDatabase(
  ask: Ask | null,
  contract: SourceContract,
  there: Pick<TargetDatabaseFacts, 'streams'> | undefined,
): Promise<SourceDatabaseFacts> {
  const ofPlans = Object.keys(OF_SOURCE_DATABASE) as (keyof typeof OF_SOURCE_DATABASE)[];
  const unread = [...ofPlans, 'heartbeatsElsewhere', 'heartbeatsOfOthers', 'tables', 'heartbeats'] as const;
  if (ask === null) return NO_SOURCE_DATABASE;
  const published = (await ask(publications)).map(publicationFacts);
  const facts: Partial<SourceDatabaseFacts> = {
    exists: true,
    publications: published,
    connectGrant: await ask(connectGrant, contract.replication.role),
    // As soon as a publication of ours stands, production may refuse writes because of it, clone or no clone.
    ...(published.some(({ comment }) => ownMark(comment, 'publication', contract.environment) !== null)
      ? { tables: await ask(catalogTables) }
      : {}),
  };
  // Each question that is asked later, where this session has made way for others, would be one more login.
  if (isSubscribed(there)) await ask(sentTables);
  if (!hasBegun(contract, there)) return withUnread(facts, unread);
  const heartbeats = await readHeartbeats(ask, publicationsOfStreams(streamsOf(contract)));
  return withUnread({ ...facts, heartbeats, tables: facts.tables ?? (await ask(catalogTables)) }, unread);
}

/** Heartbeats are in schemas of their names. */
const publicationsOfStreams = (streams: readonly StreamOf[]): string[] =>
  streams.map(({ stream }) => stream.publication);

async function readTarget(reading: Reading): Promise<TargetObservation | null> {
  const { source: contract, target } = reading.contracts;
  if (target === null) return null;
  const first = await reading.first('target');
  const ask: Ask = (reader, ...args) => reading.ask(first, reader, ...args);
  const onSource = await reading.first('source');
  await reading.ask(onSource, replicationSlots);
  const existing = new Set(await ask(databaseNames, linkedIn(reading)));
  const countsItsOwn = await observeCounters(reading);
  const [databases, subscriptions] = await Promise.all([
    eachLinked(reading, 'target', existing, (own, database) =>
      readTargetDatabase(own, contract, database, countsItsOwn),
    ),
    observeSubscriptions(reading, 'target', existing),
  ]);
  return withUnread<TargetObservation>(
    {
      isSourceServer: await ask(hasSession, await reading.ask(onSource, sessionIdentity)),
      server: knownOf({ versionNum: await ask(versionOf) }),
      ...(await observeSeed(ask)),
      subscriptions,
      ...countedIn(await ask(subscriptionUpdates)),
      databases,
      ...(await observeRenamedDatabases(reading)),
      deployedNonce: target.ticketNonce,
    },
    ['slots', 'role', 'markedRoles', 'inheritable', 'elsewhere', 'readOnlyDatabases', 'fence'],
  );
}

async function readTargetDatabase(
  ask: Ask | null,
  contract: SourceContract,
  database: string,
  countsItsOwn: boolean,
): Promise<TargetDatabaseFacts> {
  if (ask === null) return NO_TARGET_DATABASE;
  const here = streamsOf(contract).filter((of) => of.database === database);
  const streams = await observeTargetStreams(ask, database, here);
  const isOurs = Object.values(streams).map(({ subscription }) => subscriptionMark(contract, subscription) !== null);
  const [begun, waiting] = [isOurs.includes(true), isOurs.includes(false)];
  // As on the source: what untaken-tables.ts and rewriting-triggers.ts ask.
  if (isSubscribed({ streams })) await takenTables(ask);
  await ask(replicaTriggers);
  const facts: Partial<TargetDatabaseFacts> = {
    exists: true,
    streams,
    ...(begun ? { heartbeats: await readHeartbeats(ask, publicationsOfStreams(here)) } : {}),
    publications: (await ask(publications)).map(publicationFacts),
    ...(waiting ? await readWritten(ask, countsItsOwn) : {}),
  };
  return withUnread(facts, [
    'heartbeatsElsewhere',
    'heartbeatsOfOthers',
    'connectGrant',
    'runHistory',
    'taken',
    'heartbeats',
    'writtenTables',
    'writesAreCertain',
  ]);
}
