import { databaseOids } from '../postgres/catalog/databases';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import { subscriptions } from '../postgres/catalog/subscriptions';
import type { Session } from '../postgres/session';
import { ownMark } from '../model/mark';
import type { Connections } from '../connections/connections';
import type { RenamedDatabase } from '../model/observation';

/**
 * Databases of the environment that have another name on the clone than on the source. What makes one known is its oid,
 * and that our publication is in it: another cluster's databases may have any oid.
 */
export async function observeRenamedDatabases(
  connections: Connections,
  onSource: Session,
  onClone: Session,
): Promise<{ renamedDatabases?: readonly RenamedDatabase[] }> {
  const { source } = connections.contracts;
  const linked = new Set(source.links.map(({ database }) => database));
  const originals = (await databaseOids(onSource)).filter(({ name }) => linked.has(name));
  const copies = await databaseOids(onClone);
  const names = new Set(copies.map(({ name }) => name));
  const found: RenamedDatabase[] = [];
  for (const { oid, name: database } of originals) {
    const now = copies.find((copy) => copy.oid === oid && copy.name !== database)?.name;
    if (now === undefined) continue;
    const read = await connections.use({ side: 'target', database: now }, async (session) => ({
      publications: await publicationIdentities(session),
      subscriptions: await subscriptions(session),
    }));
    if (!read.publications.some(({ comment }) => ownMark(comment, 'publication', source.environment) !== null))
      continue;
    const own = read.subscriptions
      .filter(({ comment }) => ownMark(comment, 'subscription', source.environment) !== null)
      .map(({ oid, name, enabled, slotName, comment }) => ({ oid, name, database: now, enabled, slotName, comment }));
    found.push({ database, now, taken: names.has(database), subscriptions: own });
  }
  return found.length === 0 ? {} : { renamedDatabases: found };
}
