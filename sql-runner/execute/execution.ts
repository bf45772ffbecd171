import type { Session } from '../postgres/session';
import type { Place } from '../model/address';
import type { Connections } from '../connections/connections';
import type { Listener } from '../model/events';

/** What an operation may use. */
export interface Execution {
  readonly connections: Connections;
  readonly listener: Listener;
  /** The operator has asked to stop: whoever only waits gives up, and leaves nothing half-done. */
  readonly interrupted: () => boolean;
  /** Of operations that wait for the clone; absent: ten minutes, and nobody stops them. */
  readonly patience?: { readonly timeoutMs: number; readonly interrupted: () => boolean };
  /** A session that may write and holds the environment's lock. */
  writer(place: Place): Promise<Session>;
}

/** A wait inside a change was given up because the operator asked for it; the change was not made. */
export class GaveUp extends Error {}
