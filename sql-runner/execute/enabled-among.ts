import type { Connections } from '../connections/connections';
import { subscriptions } from '../postgres/catalog/subscriptions';
import type { StreamOf } from '../model/streams';

/** The streams whose subscription is enabled: those that can be waited for. None where no clone is deployed. */
export async function enabledAmong(connections: Connections, streams: readonly StreamOf[]): Promise<StreamOf[]> {
  if (connections.contracts.target === null) return [];
  const enabled: StreamOf[] = [];
  for (const of of streams) {
    const present = await connections.use(of.subscriber, subscriptions);
    if (present.some(({ name, enabled: on }) => on && name === of.stream.subscription)) enabled.push(of);
  }
  return enabled;
}
