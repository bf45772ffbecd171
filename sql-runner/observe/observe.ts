import { describeCluster, userParameters } from '../aws/cluster';
import { readTicket } from '../aws/ticket-parameter';
import { OperatorError } from '../../errors/operator-error';
import { hasSession, sessionIdentity } from '../postgres/catalog/activity';
import type { SourceContract, Side } from '../../contract/contract';
import { commentedRoles, roleExists, roles } from '../postgres/catalog/roles';
import { readOnlyByDefault } from '../postgres/catalog/read-only-setting';
import { runningSettings } from '../postgres/catalog/running-settings';
import { currentFlushLsn, databaseNames, serverFacts } from '../postgres/catalog/server';
import { replicationSlots } from '../postgres/catalog/slots';
import { countersSince } from '../postgres/catalog/statistics';
import { subscriptionUpdates } from '../postgres/catalog/subscription-updates';
import { countedIn } from './counted';
import { loginOf, type Ask, type Reading } from '../connections/reading';
import { forgottenAmong } from './forgotten';
import { NOTHING_INHERITABLE } from '../model/inheritable';
import type { Observation, SourceObservation, TargetObservation } from '../model/observation';
import {
  observeRole,
  observeSourceDatabase,
  observeSubscriptions,
  observeTargetDatabase,
  observeSeed,
} from './observe-database';
import { withHeartbeats } from './observe-heartbeats';
import { observePassword } from './observe-password';
import { observeRenamedDatabases } from './observe-renamed-databases';
import { observeInheritable, publicationsOf } from './observe-inheritable';
import { readTableParts } from './observe-table-parts';
import { streamsOf } from '../model/streams';
import { isOwnersGroup } from '../resources/attached-group';

/** Reads everything a plan needs, both sides at once. Read-only. */
export async function observe(
  reading: Reading,
  ticketOf: (reading: Reading) => Promise<Observation['ticket']> = ticketIn,
): Promise<Observation> {
  const [ticket, sourceFacts, target] = await Promise.all([
    ticketOf(reading),
    observeSource(reading),
    observeTarget(reading),
  ]);
  // Read last: what the clone had applied by then must have been written by now.
  const flushLsn = await reading.again(await reading.first('source'), currentFlushLsn);
  const databases = await withHeartbeats(reading, sourceFacts.databases);
  return { ticket, source: { ...sourceFacts, server: { ...sourceFacts.server, flushLsn }, databases }, target };
}

export function ticketIn(reading: Reading): Promise<Observation['ticket']> {
  return reading.aws('target', readTicket, reading.contracts.source.ticketParameter);
}

export async function observeSource(reading: Reading): Promise<SourceObservation> {
  const contract = reading.contracts.source;
  const cluster = await reading.aws('source', describeCluster, contract.cluster.identifier);
  const first = await reading.first('source');
  const ask: Ask = (reader, ...args) => reading.ask(first, reader, ...args);
  const existing = new Set(await ask(databaseNames, linkedIn(reading)));
  const [databases, present, inheritable] = await Promise.all([
    eachLinked(reading, 'source', existing, (own, database) =>
      observeSourceDatabase(own, contract.replication.role, {
        parts: (ask, published) => readTableParts(ask, contract, database, published),
      }),
    ),
    observeSubscriptions(reading, 'source', existing),
    reading.contracts.target === null
      ? NOTHING_INHERITABLE
      : observeInheritable(reading, 'source', existing, publicationNames(contract)),
  ]);
  const cloned = reading.contracts.target !== null;
  const publications = cloned ? inheritable.publications : await publicationsOf(reading, 'source', existing);
  return {
    login: await ask(loginOf),
    cluster,
    ...(await observeAttachedGroup(reading, cluster.parameterGroup)),
    ...(await observePreviousGroup(reading, cluster)),
    server: await ask(serverFacts),
    ...(await observeSettings(ask, contract, cluster)),
    hasRdsReplication: await ask(roleExists, 'rds_replication'),
    role: await observeRole(ask, contract.replication.role),
    markedRoles: await ask(commentedRoles),
    forgotten: forgottenAmong(contract, publications),
    ...(await observePassword(reading, first)),
    slots: await ask(replicationSlots),
    subscriptions: present,
    inheritable,
    databases,
  };
}

/**
 * The facts of every database of the environment; of one that does not exist, those without a session.
 * @param then what follows on those of one database, on another session: it waits for no other database
 */
export async function eachLinked<T>(
  reading: Reading,
  side: Side,
  existing: ReadonlySet<string>,
  facts: (ask: Ask | null, database: string) => Promise<T>,
  then: (database: string, facts: T) => Promise<void> = () => Promise.resolve(),
): Promise<Record<string, T>> {
  const entries = reading.contracts.source.links.map(async ({ database }) => {
    const read = (ask: Ask | null) => facts(ask, database);
    const found = await (existing.has(database) ? reading.at({ side, database }, read) : read(null));
    await then(database, found);
    return [database, found] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function observeAttachedGroup(
  reading: Reading,
  attached: string,
): Promise<Pick<SourceObservation, 'groupParameters'>> {
  const { source } = reading.contracts;
  if (attached === source.parameterGroup.name && !isOwnersGroup(source)) return {};
  return { groupParameters: Object.fromEntries(await reading.aws('source', userParameters, attached)) };
}

/** Asked only where a restart waits, which may be for nothing that ours sets. */
async function observeSettings(
  ask: Ask,
  { parameterGroup }: SourceContract,
  { parameterGroupStatus }: SourceObservation['cluster'],
): Promise<Pick<SourceObservation, 'settings'>> {
  if (parameterGroupStatus !== 'pending-reboot') return {};
  return { settings: await ask(runningSettings, Object.keys(parameterGroup.parameters)) };
}

type PreviousGroup = Pick<
  SourceObservation,
  'previousGroupIsLogical' | 'previousGroupIsGone' | 'previousGroupParameters' | 'previousGroupSlots'
>;

/** Attached to nothing while ours is, so that anybody may delete it. */
async function observePreviousGroup(
  reading: Reading,
  { parameterGroup: attached, parameterGroupStatus }: SourceObservation['cluster'],
): Promise<PreviousGroup> {
  const { name, previous } = reading.contracts.source.parameterGroup;
  if (attached !== name) return { previousGroupIsLogical: false };
  try {
    const values = await reading.aws('source', userParameters, previous);
    const slots = values.get('max_replication_slots');
    return {
      previousGroupIsLogical: values.get('rds.logical_replication') === '1',
      ...(slots === undefined ? {} : { previousGroupSlots: Number(slots) }),
      ...(parameterGroupStatus === 'pending-reboot' ? { previousGroupParameters: Object.fromEntries(values) } : {}),
    };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'AWS_NOT_FOUND') throw error;
    return { previousGroupIsLogical: false, previousGroupIsGone: true };
  }
}

async function observeTarget(reading: Reading): Promise<TargetObservation | null> {
  const { source, target } = reading.contracts;
  if (target === null) return null;
  const first = await reading.first('target');
  const ask: Ask = (reader, ...args) => reading.ask(first, reader, ...args);
  const existing = new Set(await ask(databaseNames, linkedIn(reading)));
  const onSource = await reading.first('source');
  const countsItsOwn = await observeCounters(reading);
  // Before the clone: what its worker had confirmed by then, the clone must have.
  await reading.ask(onSource, replicationSlots);
  const linked = new Set(source.links.map(({ database }) => database));
  const facts = (own: Ask | null, database: string) => {
    const streams = streamsOf(source).filter((of) => of.database === database);
    return observeTargetDatabase(own, database, streams, {
      role: source.replication.role,
      environment: source.environment,
      countsItsOwn,
    });
  };
  const [databases, present, inheritable] = await Promise.all([
    eachLinked(reading, 'target', existing, facts),
    observeSubscriptions(reading, 'target', existing),
    observeInheritable(reading, 'target', existing, publicationNames(source)),
  ]);
  const marked = await ask(commentedRoles);
  return {
    // Addresses and names can differ and lead to one server all the same.
    isSourceServer: await ask(hasSession, await reading.ask(onSource, sessionIdentity)),
    server: await ask(serverFacts),
    ...(await observeSeed(ask)),
    slots: await ask(replicationSlots),
    subscriptions: present,
    ...countedIn(await ask(subscriptionUpdates)),
    role: await copiedRole(ask, source.replication.role),
    ...(marked.length === 0 ? {} : { markedRoles: marked }),
    inheritable,
    databases,
    ...(await observeRenamedDatabases(reading)),
    ...(linked.has(first.database) ? {} : { elsewhere: first.database }),
    deployedNonce: target.ticketNonce,
    readOnlyDatabases: (await ask(readOnlyByDefault)).filter((name) => linked.has(name)),
    fence: target.readOnly,
  };
}

/** A copy of the source's counters would say what the source has written: the clone's must have begun after those. */
export async function observeCounters(reading: Reading): Promise<boolean> {
  // Where it is not told when they began, it may have been at any time.
  const there = (await reading.ask(await reading.first('source'), countersSince)) ?? Infinity;
  const here = (await reading.ask(await reading.first('target'), countersSince)) ?? -Infinity;
  return here > there;
}

async function copiedRole(ask: Ask, name: string): Promise<TargetObservation['role']> {
  const [role] = await ask(roles, [name]);
  return role === undefined ? null : { comment: role.comment };
}

export const linkedIn = ({ contracts }: Reading): string[] => contracts.source.links.map(({ database }) => database);

const publicationNames = (contract: SourceContract): string[] => streamsOf(contract).map((of) => of.stream.publication);
