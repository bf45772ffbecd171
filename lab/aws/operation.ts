import type { ClusterServers } from './cluster-servers';
import type { Account, World } from './world';

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What an operation of a service, or a handler of a resource, may look at and change. */
export interface Scope {
  readonly world: World;
  /** The caller's account; all lookups start here, so accounts cannot see each other. */
  readonly account: Account;
  readonly region: string;
  readonly servers: ClusterServers;
  /** Writes the state file; for changes that happen after the answer was sent. */
  readonly save: () => void;
}
