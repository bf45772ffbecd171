import type { Ask } from '../connections/reading';
import type { TakenTable } from '../model/observation';
import { subscriptionRelations, subscriptions } from '../postgres/catalog/subscriptions';

/** What each subscription of a database takes changes of. */
export async function takenTables(ask: Ask): Promise<TakenTable[]> {
  const names = new Map((await ask(subscriptions)).map(({ oid, name }) => [oid, name]));
  return (await ask(subscriptionRelations)).flatMap(({ subscription: oid, table, schema, name, state }) => {
    const subscription = names.get(oid);
    return subscription === undefined ? [] : [{ subscription, table, schema, name, state }];
  });
}
