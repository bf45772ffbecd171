import { versionOf, type Ask, type Reading } from '../connections/reading';
import type {
  Observation,
  SourceDatabaseFacts,
  SourceObservation,
  TargetDatabaseFacts,
  TargetObservation,
} from '../model/observation';
import { hasSession, sessionIdentity } from '../postgres/catalog/activity';
import { roleExists } from '../postgres/catalog/roles';
import { currentFlushLsn, databaseNames, serverFacts, type ServerFacts } from '../postgres/catalog/server';
import { replicationSlots } from '../postgres/catalog/slots';
import { subscriptionUpdates } from '../postgres/catalog/subscription-updates';
import { countedIn } from './counted';
import { forgottenAmong } from './forgotten';
import { eachLinked, linkedIn, observeCounters, ticketIn } from './observe';
import { observeRole, observeSeed, observeSubscriptions } from './observe-database';
import { publicationsOf } from './observe-inheritable';
import { observePassword } from './observe-password';
import { observeRenamedDatabases } from './observe-renamed-databases';
import { readPublisher } from './read-publisher';
import { readSubscriber } from './read-subscriber';
import { withUnread } from './unread';

/**
 * Of all that a plan rests on, what status shows of the streams; in the order in which a plan reads it (observe.ts).
 * What is not read here is not to be had of what it returns.
 */
export async function observeStreams(reading: Reading): Promise<Observation> {
  const contract = reading.contracts.source;
  const first = await reading.first('source');
  const existing = new Set(await reading.ask(first, databaseNames, linkedIn(reading)));
  const read = new Map<string, SourceDatabaseFacts>();
  // After the clone's: what it has applied by then is there, and its beats are (resources/history.ts).
  const onSource = async (database: string, there?: TargetDatabaseFacts): Promise<void> => {
    const facts = (ask: Ask | null) => readPublisher(ask, contract, there);
    read.set(database, await (existing.has(database) ? reading.at({ side: 'source', database }, facts) : facts(null)));
  };
  const [ticket, source, target] = await Promise.all([
    ticketIn(reading),
    readServer(reading),
    readTarget(reading, onSource),
  ]);
  if (target === null) await Promise.all(linkedIn(reading).map((database) => onSource(database)));
  const databases = Object.fromEntries(linkedIn(reading).map((database) => [database, read.get(database)!]));
  const flushLsn = await reading.again(first, currentFlushLsn);
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
    'previousGroupSlots',
    'previousGroupParameters',
    'markedRoles',
    'subscriptions',
    'inheritable',
  ]);

async function readServer(reading: Reading) {
  const first = await reading.first('source');
  const ask: Ask = (reader, ...args) => reading.ask(first, reader, ...args);
  const role = await observeRole(ask, reading.contracts.source.replication.role);
  const hasRdsReplication = await ask(roleExists, 'rds_replication');
  const password = await observePassword(reading, first);
  const facts = { hasRdsReplication, role, ...password, slots: await ask(replicationSlots) };
  return { server: await ask(serverFacts), facts };
}

/** @param thenOn what is read of the same database on the source, as soon as the clone's has been read */
async function readTarget(
  reading: Reading,
  thenOn: (database: string, there: TargetDatabaseFacts) => Promise<void>,
): Promise<TargetObservation | null> {
  const { source: contract, target } = reading.contracts;
  if (target === null) return null;
  const first = await reading.first('target');
  const ask: Ask = (reader, ...args) => reading.ask(first, reader, ...args);
  const onSource = await reading.first('source');
  await reading.ask(onSource, replicationSlots);
  const existing = new Set(await ask(databaseNames, linkedIn(reading)));
  const countsItsOwn = await observeCounters(reading);
  const [databases, subscriptions] = await Promise.all([
    eachLinked(
      reading,
      'target',
      existing,
      (own, database) => readSubscriber(own, contract, database, countsItsOwn),
      thenOn,
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
