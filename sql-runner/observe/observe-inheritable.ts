import { cronJobs, cronTable } from '../postgres/catalog/cron-jobs';
import { eventTriggers } from '../postgres/catalog/event-triggers';
import { firingTriggers } from '../postgres/catalog/firing-triggers';
import { foreignServers } from '../postgres/catalog/foreign-servers';
import { invalidIndexes } from '../postgres/catalog/invalid-indexes';
import { replicationOrigins } from '../postgres/catalog/origins';
import { endablePrepared } from '../postgres/catalog/prepared-transactions';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import type { Session } from '../postgres/session';
import type { Place } from '../model/address';
import type { Connections } from '../connections/connections';
import type { Inheritable, PublicationCopyFacts } from '../model/inheritable';
import type { Side } from '../../contract/contract';

type OfDatabase = Omit<Inheritable, 'preparedTransactions' | 'origins'>;

/**
 * What a clone brings over, of one side.
 * @param session any of that side's, for what belongs to the whole cluster
 * @param publications names of the environment's own
 */
export async function observeInheritable(
  connections: Connections,
  side: Side,
  session: Session,
  databases: ReadonlySet<string>,
  publications: readonly string[],
): Promise<Inheritable> {
  const parts = await eachDatabase(connections, side, databases, (session, place) =>
    onSession(connections, place, session, publications),
  );
  return {
    preparedTransactions: await endablePrepared(session),
    origins: await replicationOrigins(session),
    cron: parts.flatMap((part) => part.cron),
    cronJobs: parts.flatMap((part) => part.cronJobs),
    eventTriggers: parts.flatMap((part) => part.eventTriggers),
    triggers: parts.flatMap((part) => part.triggers),
    foreignServers: parts.flatMap((part) => part.foreignServers),
    publications: parts.flatMap((part) => part.publications),
    invalidIndexes: parts.flatMap((part) => part.invalidIndexes),
  };
}

/** The publications of all databases of a side. */
export async function publicationsOf(
  connections: Connections,
  side: Side,
  databases: ReadonlySet<string>,
): Promise<PublicationCopyFacts[]> {
  const found = await eachDatabase(connections, side, databases, async (session, { database }) =>
    (await publicationIdentities(session)).map((row) => ({ database, ...row })),
  );
  return found.flat();
}

function eachDatabase<T>(
  connections: Connections,
  side: Side,
  databases: ReadonlySet<string>,
  read: (session: Session, place: Place) => Promise<T>,
): Promise<T[]> {
  // RDS keeps rdsadmin to itself.
  const places = [...databases]
    .filter((database) => database !== 'rdsadmin')
    .sort()
    .map((database) => ({ side, database }));
  return Promise.all(places.map((place) => connections.use(place, (session) => read(session, place))));
}

async function onSession(
  connections: Connections,
  place: Place,
  session: Session,
  publications: readonly string[],
): Promise<OfDatabase> {
  const { database } = place;
  const here = <T extends object>(rows: readonly T[]) => rows.map((row) => ({ database, ...row }));
  return {
    ...(await ofCron(connections, place, session)),
    eventTriggers: here(await eventTriggers(session)),
    triggers: here(await firingTriggers(session, publications)),
    foreignServers: here(await foreignServers(session)),
    publications: here(await publicationIdentities(session)),
    invalidIndexes: here(await invalidIndexes(session)),
  };
}

async function ofCron(
  connections: Connections,
  place: Place,
  session: Session,
): Promise<Pick<Inheritable, 'cron' | 'cronJobs'>> {
  const { database } = place;
  const table = await cronTable(session);
  if (table === null) return { cron: [], cronJobs: [] };
  if (!table.mayRead) return { cron: [{ database, ...table }], cronJobs: [] };
  const own = await connections.open(place, true, { settings: { row_security: 'on' } });
  try {
    const jobs = await cronJobs(own);
    return { cron: [{ database, ...table }], cronJobs: jobs.map((job) => ({ database, ...job })) };
  } finally {
    await own.close();
  }
}
