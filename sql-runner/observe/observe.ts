import { describeCluster, userParameters } from '../aws/cluster';
import { readLogin, type Login } from '../aws/secrets';
import { readTicket } from '../aws/ticket-parameter';
import { OperatorError } from '../../errors/operator-error';
import { hasSession, sessionIdentity } from '../postgres/catalog/activity';
import type { SourceContract, Side } from '../../contract/contract';
import { commentedRoles, roleExists, roles } from '../postgres/catalog/roles';
import { readOnlyByDefault } from '../postgres/catalog/read-only-setting';
import { runningSettings } from '../postgres/catalog/running-settings';
import { currentFlushLsn, databaseNames } from '../postgres/catalog/server';
import { countersSince } from '../postgres/catalog/statistics';
import { subscriptionUpdates } from '../postgres/catalog/subscription-updates';
import { catalogTables } from '../postgres/catalog/tables';
import type { Session } from '../postgres/session';
import type { Place } from '../model/address';
import type { Connections } from '../connections/connections';
import { firstExisting } from '../connections/first-existing';
import { forgottenAmong } from './forgotten';
import { NOTHING_INHERITABLE } from '../model/inheritable';
import type { Observation, SourceObservation, TargetObservation } from '../model/observation';
import {
  observeServer,
  observeRole,
  observeSlots,
  observeSourceDatabase,
  observeSubscriptions,
  observeTargetDatabase,
  observeSeed,
  type TablesReader,
} from './observe-database';
import { withHeartbeats } from './observe-heartbeats';
import { observeRenamedDatabases } from './observe-renamed-databases';
import { observeInheritable, publicationsOf } from './observe-inheritable';
import { sharedRead } from '../connections/shared-read';
import { streamsOf } from '../model/streams';

/** Reads everything a plan needs, both sides at once. Read-only. */
export async function observe(
  connections: Connections,
  readTables: TablesReader = catalogTables,
  ticketOf: (connections: Connections) => Promise<Observation['ticket']> = ticketIn,
): Promise<Observation> {
  // Once, and before the clone: what its worker had confirmed by then, the clone must have.
  const readSlots = sharedRead(observeSlots);
  const [ticket, sourceFacts, target] = await Promise.all([
    ticketOf(connections),
    observeSource(connections, readTables, readSlots),
    observeTarget(connections, readSlots),
  ]);
  // Read last: what the clone had applied by then must have been written by now.
  const flushLsn = await currentFlushLsn(await sourceSession(connections));
  const databases = await withHeartbeats(connections, sourceFacts.databases);
  return { ticket, source: { ...sourceFacts, server: { ...sourceFacts.server, flushLsn }, databases }, target };
}

export function ticketIn({ targetAccount, contracts }: Connections): Promise<Observation['ticket']> {
  return readTicket(targetAccount, contracts.source.ticketParameter);
}

export async function observeSource(
  connections: Connections,
  readTables: TablesReader,
  readSlots: typeof observeSlots,
): Promise<SourceObservation> {
  const contract = connections.contracts.source;
  const cluster = await describeCluster(connections.sourceAccount, contract.cluster.identifier);
  const first = await firstExisting(connections, 'source');
  const session = await connections.reader(first);
  const existing = new Set(await databaseNames(session, linkedIn(connections)));
  const facts = (session: Session | null) => observeSourceDatabase(session, contract.replication.role, readTables);
  const [databases, present, inheritable] = await Promise.all([
    eachLinked(connections, 'source', existing, facts),
    observeSubscriptions(connections, 'source', existing),
    connections.contracts.target === null
      ? NOTHING_INHERITABLE
      : observeInheritable(connections, 'source', session, existing, publicationNames(contract)),
  ]);
  const cloned = connections.contracts.target !== null;
  const publications = cloned ? inheritable.publications : await publicationsOf(connections, 'source', existing);
  return {
    login: session.target.user,
    cluster,
    ...(await observeForeignGroup(connections, cluster.parameterGroup)),
    ...(await observePreviousGroup(connections, cluster.parameterGroup)),
    server: await observeServer(session),
    ...(await observeSettings(session, contract, cluster)),
    hasRdsReplication: await roleExists(session, 'rds_replication'),
    role: await observeRole(session, contract.replication.role),
    markedRoles: await commentedRoles(session),
    forgotten: forgottenAmong(contract, publications),
    ...(await observePassword(connections, first)),
    slots: await readSlots(session),
    subscriptions: present,
    inheritable,
    databases,
  };
}

/** The facts of every database of the environment; of one that does not exist, those without a session. */
async function eachLinked<T>(
  connections: Connections,
  side: Side,
  existing: ReadonlySet<string>,
  facts: (session: Session | null, database: string) => Promise<T>,
): Promise<Record<string, T>> {
  const entries = connections.contracts.source.links.map(async ({ database }) => {
    const read = (session: Session | null) => facts(session, database);
    return [database, await (existing.has(database) ? connections.use({ side, database }, read) : read(null))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** A group that is not ours: what is set in it, and what of that ours would not set. */
async function observeForeignGroup(
  connections: Connections,
  attached: string,
): Promise<Pick<SourceObservation, 'groupParameters' | 'parametersLost'>> {
  const { parameterGroup } = connections.contracts.source;
  if (attached === parameterGroup.name) return { groupParameters: {}, parametersLost: [] };
  const values = await userParameters(connections.sourceAccount, attached);
  const lost = [...values].filter(([name]) => parameterGroup.parameters[name] === undefined);
  return {
    groupParameters: Object.fromEntries(values),
    parametersLost: lost.map(([name, value]) => `${name}=${value}`).sort(),
  };
}

/** Asked only where a restart waits, which may be for nothing that ours sets. */
async function observeSettings(
  session: Session,
  { parameterGroup }: SourceContract,
  { parameterGroupStatus }: SourceObservation['cluster'],
): Promise<Pick<SourceObservation, 'settings'>> {
  if (parameterGroupStatus !== 'pending-reboot') return {};
  return { settings: await runningSettings(session, Object.keys(parameterGroup.parameters)) };
}

/** Attached to nothing while ours is, so that anybody may delete it. */
async function observePreviousGroup(
  connections: Connections,
  attached: string,
): Promise<Pick<SourceObservation, 'previousGroupIsLogical' | 'previousGroupIsGone'>> {
  const { name, previous } = connections.contracts.source.parameterGroup;
  if (attached !== name) return { previousGroupIsLogical: false };
  try {
    const values = await userParameters(connections.sourceAccount, previous);
    return { previousGroupIsLogical: values.get('rds.logical_replication') === '1' };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'AWS_NOT_FOUND') throw error;
    return { previousGroupIsLogical: false, previousGroupIsGone: true };
  }
}

/** Tries the password in the secret on the server; null while there is none, or nobody needs one. */
async function observePassword(
  connections: Connections,
  place: Place,
): Promise<Pick<SourceObservation, 'passwordWorks' | 'secretVersion'>> {
  if (!connections.connects) return { passwordWorks: null, secretVersion: null };
  const login = await readLogin(connections.sourceAccount, connections.contracts.source.replication.secretArn);
  if (login === null) return { passwordWorks: null, secretVersion: null };
  // After replication.role was changed it is the login of the role before.
  if (login.username !== connections.contracts.source.replication.role)
    return { passwordWorks: null, secretVersion: login.version };
  return { passwordWorks: await passwordWorks(connections, place, login), secretVersion: login.version };
}

async function passwordWorks(connections: Connections, place: Place, login: Login): Promise<boolean> {
  try {
    await (await connections.openAs(place, login)).close();
    return true;
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'CONNECT_AUTH') return false;
    // Logged in, but not let into this database: the password is right, the grant is planned apart.
    if (error instanceof OperatorError && error.code === 'CONNECT_FORBIDDEN') return true;
    // Its limit is counted once it has logged in (InitPostgres in postinit.c), and planned apart as well.
    if (error instanceof OperatorError && /too many connections for role/.test(error.seen)) return true;
    throw error;
  }
}

async function observeTarget(
  connections: Connections,
  readSlots: typeof observeSlots,
): Promise<TargetObservation | null> {
  const { source, target } = connections.contracts;
  if (target === null) return null;
  const first = await firstExisting(connections, 'target');
  const session = await connections.reader(first);
  const existing = new Set(await databaseNames(session, linkedIn(connections)));
  const onSource = await sourceSession(connections);
  const sourceCountsSince = await countersSince(onSource);
  await readSlots(onSource);
  const linked = new Set(source.links.map(({ database }) => database));
  const facts = (session: Session | null, database: string) => {
    const streams = streamsOf(source).filter((of) => of.database === database);
    return observeTargetDatabase(session, database, streams, {
      role: source.replication.role,
      environment: source.environment,
      sourceCountsSince,
    });
  };
  const [databases, present, inheritable] = await Promise.all([
    eachLinked(connections, 'target', existing, facts),
    observeSubscriptions(connections, 'target', existing),
    observeInheritable(connections, 'target', session, existing, publicationNames(source)),
  ]);
  const marked = await commentedRoles(session);
  return {
    isSourceServer: await isSourceServer(connections, session),
    server: await observeServer(session),
    ...(await observeSeed(session)),
    slots: await observeSlots(session),
    subscriptions: present,
    subscriptionUpdates: await subscriptionUpdates(session),
    role: await copiedRole(session, source.replication.role),
    ...(marked.length === 0 ? {} : { markedRoles: marked }),
    inheritable,
    databases,
    ...(await observeRenamedDatabases(connections, onSource, session)),
    ...(linked.has(first.database) ? {} : { elsewhere: first.database }),
    deployedNonce: target.ticketNonce,
    readOnlyDatabases: (await readOnlyByDefault(session)).filter((name) => linked.has(name)),
    fence: target.readOnly,
  };
}

async function copiedRole(session: Session, name: string): Promise<TargetObservation['role']> {
  const [role] = await roles(session, [name]);
  return role === undefined ? null : { comment: role.comment };
}

/** Addresses and names can differ and lead to one server all the same. */
async function isSourceServer(connections: Connections, target: Session): Promise<boolean> {
  return hasSession(target, await sessionIdentity(await sourceSession(connections)));
}

async function sourceSession(connections: Connections): Promise<Session> {
  return connections.reader(await firstExisting(connections, 'source'));
}

const linkedIn = ({ contracts }: Connections): string[] => contracts.source.links.map(({ database }) => database);

const publicationNames = (contract: SourceContract): string[] => streamsOf(contract).map((of) => of.stream.publication);
