import type { CronJob, CronTable } from '../postgres/catalog/cron-jobs';
import type { EventTrigger } from '../postgres/catalog/event-triggers';
import type { FiringTrigger } from '../postgres/catalog/firing-triggers';
import type { ForeignServer } from '../postgres/catalog/foreign-servers';
import type { InvalidIndex } from '../postgres/catalog/invalid-indexes';
import type { ReplicationOrigin } from '../postgres/catalog/origins';
import type { InheritedPrepared } from '../postgres/catalog/prepared-transactions';
import type { PublicationIdentity } from '../postgres/catalog/publication-identities';

export interface CronJobFacts extends CronJob {
  readonly database: string;
}

/** How the login stands to pg_cron's table in one database. */
export interface CronAccess extends CronTable {
  readonly database: string;
}

export interface EventTriggerFacts extends EventTrigger {
  readonly database: string;
}

/** A trigger on a published table (or a partition of one) that fires in an apply worker too. */
export interface FiringTriggerFacts extends FiringTrigger {
  readonly database: string;
}

export interface ForeignServerFacts extends ForeignServer {
  readonly database: string;
}

export interface PublicationCopyFacts extends PublicationIdentity {
  readonly database: string;
}

export interface InvalidIndexFacts extends InvalidIndex {
  readonly database: string;
}

/**
 * What a clone brings over besides data, read on both sides in the same shape:
 * what stands on both is a copy, what stands on the clone alone was made there.
 */
export interface Inheritable {
  readonly preparedTransactions: readonly InheritedPrepared[];
  readonly origins: readonly ReplicationOrigin[];
  readonly cron: readonly CronAccess[];
  readonly cronJobs: readonly CronJobFacts[];
  readonly eventTriggers: readonly EventTriggerFacts[];
  readonly triggers: readonly FiringTriggerFacts[];
  readonly foreignServers: readonly ForeignServerFacts[];
  /** All there are, ours too. */
  readonly publications: readonly PublicationCopyFacts[];
  readonly invalidIndexes: readonly InvalidIndexFacts[];
}

/** Also what is taken of a source without a clone: nobody asks then. */
export const NOTHING_INHERITABLE: Inheritable = {
  preparedTransactions: [],
  origins: [],
  cron: [],
  cronJobs: [],
  eventTriggers: [],
  triggers: [],
  foreignServers: [],
  publications: [],
  invalidIndexes: [],
};
