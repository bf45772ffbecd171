import type { Ask, Reading } from '../connections/reading';
import type { Observation, TakenTable } from '../model/observation';
import { streamsOf, type StreamOf } from '../model/streams';
import { subscriptionRelations, subscriptions } from '../postgres/catalog/subscriptions';

/** What each subscription of a database takes changes of. */
export async function takenTables(ask: Ask): Promise<TakenTable[]> {
  const names = new Map((await ask(subscriptions)).map(({ oid, name }) => [oid, name]));
  return (await ask(subscriptionRelations)).flatMap(({ subscription: oid, table, schema, name, state }) => {
    const subscription = names.get(oid);
    return subscription === undefined ? [] : [{ subscription, table, schema, name, state }];
  });
}

/** The same of the clone's. */
export const takenIn = (reading: Reading, database: string): Promise<TakenTable[]> =>
  takenTables((reader, ...args) => reading.ask({ side: 'target', database }, reader, ...args));

/** The streams whose subscription there is, in a database of both sides. */
export const subscribed = ({ contracts }: Reading, { source, target }: Observation): StreamOf[] =>
  streamsOf(contracts.source).filter(
    ({ database, stream }) =>
      source.databases[database]?.exists && target?.databases[database]?.streams[stream.subscription]?.subscription,
  );
