import type { InvalidIndex } from '../postgres/catalog/invalid-indexes';
import type { PublicationIdentity } from '../postgres/catalog/publication-identities';

/**
 * What a clone brings over besides data, read on both sides in the same shape:
 * what stands on both is a copy, what stands on the clone alone was made there.
 */
export interface PreparedFacts {
  readonly gid: string;
  /** Transaction id, as text. */
  readonly transaction: string;
  readonly owner: string;
  readonly database: string;
  /** Prepared before this server last started; a clone starts for the first time with what it inherited. */
  readonly beforeStart: boolean;
  /** The login may end it: only its owner and superusers may. */
  readonly mayEnd: boolean;
}

export interface CronJobFacts {
  readonly database: string;
  readonly jobId: string;
  readonly name: string | null;
  readonly active: boolean;
  /** Of schedule, command, node, database and user: the command itself may hold secrets. */
  readonly digest: string;
}

/** How the login stands to pg_cron's table in one database. */
export interface CronAccess {
  readonly database: string;
  readonly mayRead: boolean;
  /** Row security shows only the login's own jobs. */
  readonly ownOnly: boolean;
  readonly deactivate: 'update' | 'alter_job' | null;
}

export interface EventTriggerFacts {
  readonly database: string;
  readonly oid: number;
  readonly name: string;
  readonly enabled: boolean;
  readonly owner: string;
  readonly mayAlter: boolean;
  /** The extension it belongs to. */
  readonly extension: string | null;
}

/** A trigger on a published table (or a partition of one) that fires in an apply worker too. */
export interface FiringTriggerFacts {
  readonly database: string;
  readonly oid: number;
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly mode: 'always' | 'replica';
  /** BEFORE … FOR EACH ROW: it may leave out or change what arrives. */
  readonly beforeRow: boolean;
}

export interface ForeignServerFacts {
  readonly database: string;
  readonly name: string;
  readonly userMappings: number;
}

export interface OriginFacts {
  readonly id: number;
  readonly name: string;
}

export interface PublicationCopyFacts extends PublicationIdentity {
  readonly database: string;
}

export interface InvalidIndexFacts extends InvalidIndex {
  readonly database: string;
}

export interface Inheritable {
  readonly preparedTransactions: readonly PreparedFacts[];
  readonly origins: readonly OriginFacts[];
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
