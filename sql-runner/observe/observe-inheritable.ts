import { cronJobs, cronTable } from '../postgres/catalog/cron-jobs';
import { eventTriggers } from '../postgres/catalog/event-triggers';
import { firingTriggers } from '../postgres/catalog/firing-triggers';
import { foreignServers } from '../postgres/catalog/foreign-servers';
import { invalidIndexes } from '../postgres/catalog/invalid-indexes';
import { replicationOrigins } from '../postgres/catalog/origins';
import { endablePrepared } from '../postgres/catalog/prepared-transactions';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import type { Ask, Reading } from '../connections/reading';
import type { Inheritable, PublicationCopyFacts } from '../model/inheritable';
import type { Side } from '../../contract/contract';

type OfDatabase = Omit<Inheritable, 'preparedTransactions' | 'origins'>;

/**
 * What a clone brings over, of one side.
 * @param publications names of the environment's own
 */
export async function observeInheritable(
  reading: Reading,
  side: Side,
  databases: ReadonlySet<string>,
  publications: readonly string[],
): Promise<Inheritable> {
  const parts = await eachDatabase(reading, side, databases, (ask, database) =>
    ofDatabase(ask, database, publications),
  );
  const first = await reading.first(side);
  return {
    preparedTransactions: await reading.ask(first, endablePrepared),
    origins: await reading.ask(first, replicationOrigins),
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
  reading: Reading,
  side: Side,
  databases: ReadonlySet<string>,
): Promise<PublicationCopyFacts[]> {
  const found = await eachDatabase(reading, side, databases, async (ask, database) =>
    (await ask(publicationIdentities)).map((row) => ({ database, ...row })),
  );
  return found.flat();
}

function eachDatabase<T>(
  reading: Reading,
  side: Side,
  databases: ReadonlySet<string>,
  read: (ask: Ask, database: string) => Promise<T>,
): Promise<T[]> {
  // RDS keeps rdsadmin to itself.
  const places = [...databases]
    .filter((database) => database !== 'rdsadmin')
    .sort()
    .map((database) => ({ side, database }));
  return Promise.all(places.map((place) => reading.at(place, (ask) => read(ask, place.database))));
}

async function ofDatabase(ask: Ask, database: string, publications: readonly string[]): Promise<OfDatabase> {
  const here = <T extends object>(rows: readonly T[]) => rows.map((row) => ({ database, ...row }));
  return {
    ...(await ofCron(database, ask)),
    eventTriggers: here(await ask(eventTriggers)),
    triggers: here(await ask(firingTriggers, publications)),
    foreignServers: here(await ask(foreignServers)),
    publications: here(await ask(publicationIdentities)),
    invalidIndexes: here(await ask(invalidIndexes)),
  };
}

async function ofCron(database: string, ask: Ask): Promise<Pick<Inheritable, 'cron' | 'cronJobs'>> {
  const table = await ask(cronTable);
  if (table === null) return { cron: [], cronJobs: [] };
  if (!table.mayRead) return { cron: [{ database, ...table }], cronJobs: [] };
  const jobs = await ask(cronJobs);
  return { cron: [{ database, ...table }], cronJobs: jobs.map((job) => ({ database, ...job })) };
}
