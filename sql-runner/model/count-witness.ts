/** What a worker's line in the clone's log says that was done to its subscription. */
export interface Alteration {
  /** ISO 8601, by the clone's clock; as fine as the log has it. */
  readonly at: string;
  readonly pid: number;
  /** null: the line does not tell. */
  readonly subscription: string | null;
  /** As a clause without a subject: `it was disabled`. */
  readonly what: string;
}

/** Who applied a stream's changes: a process, nobody as it is held by consent, or null: nobody, or it is not known. */
export type WorkerThen = number | 'held' | null;

/** What is known of alterations that the clone's server had counted, once it has begun to count anew. */
export interface CountWitness {
  /** Which count has begun, see postgres/catalog/subscription-updates.ts. */
  readonly since: string;
  /** When this was found, by the clone's clock. */
  readonly at: string;
  /** Why the clone's log does not tell what was done before; null: it does. */
  readonly unread: string | null;
  /** The last one; null: none. */
  readonly altered: Alteration | null;
  /** Who applied its changes when this was found: as long as one and the same goes on, it would log an alteration. */
  readonly worker?: WorkerThen;
}
