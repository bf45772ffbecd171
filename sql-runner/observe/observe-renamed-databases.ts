import { databaseOids } from '../postgres/catalog/databases';
import { publicationIdentities } from '../postgres/catalog/publication-identities';
import { subscriptions } from '../postgres/catalog/subscriptions';
import { ownMark } from '../model/mark';
import type { Reading } from '../connections/reading';
import type { RenamedDatabase } from '../model/observation';

/**
 * Databases of the environment that have another name on the clone than on the source. What makes one known is its oid,
 * and that our publication is in it: another cluster's databases may have any oid.
 */
export async function observeRenamedDatabases(
  reading: Reading,
): Promise<{ renamedDatabases?: readonly RenamedDatabase[] }> {
  const { source } = reading.contracts;
  const linked = new Set(source.links.map(({ database }) => database));
  const originals = (await reading.ask(await reading.first('source'), databaseOids)).filter(({ name }) =>
    linked.has(name),
  );
  const copies = await reading.ask(await reading.first('target'), databaseOids);
  const names = new Set(copies.map(({ name }) => name));
  const found: RenamedDatabase[] = [];
  for (const { oid, name: database } of originals) {
    const now = copies.find((copy) => copy.oid === oid && copy.name !== database)?.name;
    if (now === undefined) continue;
    const read = await reading.at({ side: 'target', database: now }, async (ask) => ({
      publications: await ask(publicationIdentities),
      subscriptions: await ask(subscriptions),
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
