import type { Session } from '../postgres/session';
import type { Place } from '../model/address';
import type { Connections } from '../connections/connections';
import type { Listener } from '../model/events';

/** What an operation may use. */
export interface Execution {
  readonly connections: Connections;
  readonly listener: Listener;
  /** A session that may write and holds the environment's lock. */
  writer(place: Place): Promise<Session>;
}
