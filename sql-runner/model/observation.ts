import type { Observed, OF_SOURCE_DATABASE } from '../postgres/catalog/observed';
import type { ClusterFacts } from '../aws/cluster';
import type { CloneTicket } from '../../contract/contract';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import type { DdlLog } from '../postgres/catalog/ddl-logs';
import type { ConnectGrant } from '../postgres/catalog/database-grants';
import type { RoleLimits } from '../postgres/catalog/role-limits';
import type { MarkedRole, Role } from '../postgres/catalog/roles';
import type { ServerFacts } from '../postgres/catalog/server';
import type { RoleSetting } from '../postgres/catalog/session-settings';
import type { PublicationRows } from '../postgres/catalog/publications';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import type { TablePartFacts } from '../postgres/catalog/table-parts';
import type { CatalogTable } from '../postgres/catalog/tables';
import type { SubscriptionCounts } from '../postgres/catalog/subscription-updates';
import type { ObservedForMode } from './observed-for-mode';
import type { CountWitness } from './count-witness';
import type { SlotWitness } from './slot-witness';
import type { LeftTableFacts, NewTableFacts } from './new-tables';
import type { RenameFacts } from './renames';
import type { StreamOf } from './streams';
import type { ForeignHeartbeat, HeartbeatElsewhere, HeartbeatFacts } from './heartbeat-facts';
import type { RunHistory } from '../postgres/catalog/run-history';
import type { Inheritable } from './inheritable';

/**
 * Everything read for one plan, at one time. Planning is a pure function of the
 * contract and this. What checks judge besides is in survey.ts; what both look
 * at has its name and its shape here, and stands in the digest of the plan
 * (plan/fingerprint.ts) unless it moves by itself.
 */
export interface Observation extends ObservedForMode {
  readonly ticket: CloneTicket | null;
  readonly source: SourceObservation;
  /** Null: the target stack is not deployed. */
  readonly target: TargetObservation | null;
}

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

export interface PublishedTableFacts extends TableName {
  /** The same on both sides for what came with the clone, whatever its name is by now. */
  readonly oid?: number;
  /** Its column list leaves out a column of the replica identity, or its row filter needs one that is not of it. */
  readonly uncovered?: true;
  /** It has a column list. */
  readonly listed?: true;
  /** That list; absent: none. */
  readonly columns?: readonly string[];
  /** Its row filter, as the server shows it; absent: none. */
  readonly filter?: string;
  /** Another one where it has another filter or list; absent: neither. */
  readonly form?: string;
  /** It is known from the mark of the subscription alone; see added-tables.ts. */
  readonly added?: true;
}

export interface PublicationFacts {
  readonly name: string;
  /** It sends the heartbeat of its stream, which is not among its tables. */
  readonly heartbeat?: boolean;
  readonly comment: string | null;
  readonly allTables: boolean;
  readonly publishesEverything: boolean;
  /** What of it is not as sql-runner makes a publication, in words; absent: nothing. */
  readonly altered?: readonly string[];
  /** Absent: its owner is the login. */
  readonly foreignOwner?: { readonly owner: string; readonly login: string; readonly mayAlter: boolean };
  /** It sends UPDATE or DELETE, which the server refuses of tables whose rows have no identity. */
  readonly sendsChanges: boolean;
  /** It sends stored generated columns (publish_generated_columns, from 18). */
  readonly sendsGenerated?: true;
  /** FOR TABLES IN SCHEMA. */
  readonly schemas: readonly string[];
  /** Those that it names itself. */
  readonly tables: readonly PublishedTableFacts[];
  /** None: not known, and not judged. */
  readonly rows?: PublicationRows;
}

export interface SubscriptionFacts {
  readonly oid: number;
  readonly name: string;
  readonly database: string;
  readonly enabled: boolean;
  readonly slotName: string | null;
  readonly comment: string | null;
}

/** The replication role. */
export interface RoleFacts extends Role, RoleLimits {
  /** What its sessions start with; see resources/role-settings.ts. */
  readonly settings: readonly RoleSetting[];
}

/** With what postgres/catalog/observed.ts names; absent: the database does not exist. */
export interface SourceDatabaseFacts extends Partial<Observed<typeof OF_SOURCE_DATABASE>> {
  readonly exists: boolean;
  /** Read after the clone's; absent: none. */
  readonly heartbeats?: readonly HeartbeatFacts[];
  /** Absent: nothing. */
  readonly heartbeatsElsewhere?: readonly HeartbeatElsewhere[];
  /** Absent: none. */
  readonly heartbeatsOfOthers?: readonly ForeignHeartbeat[];
  readonly publications: readonly PublicationFacts[];
  readonly tables: readonly CatalogTable[];
  /** Those of which the environment selects a part; absent: none, or not read. */
  readonly tableParts?: readonly TablePartFacts[];
  /** Of the replication role. */
  readonly connectGrant: ConnectGrant;
}

export interface SourceObservation {
  /** The master user, as which sql-runner logs in. */
  readonly login: string;
  readonly cluster: ClusterFacts;
  /** What is set in the group attached now; absent: it is ours, of which the contract has that. */
  readonly groupParameters?: Readonly<Record<string, string>>;
  /** What runs of what our group sets; asked only while a restart waits. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The group that teardown puts back sets rds.logical_replication itself. Looked up only while ours is attached. */
  readonly previousGroupIsLogical: boolean;
  /** What it sets of max_replication_slots; absent: nothing, or ours is not attached. */
  readonly previousGroupSlots?: number;
  /** What is set in it; looked up only while ours is attached and waits for a restart. */
  readonly previousGroupParameters?: Readonly<Record<string, string>>;
  /** Somebody deleted it since: nothing can be put back. */
  readonly previousGroupIsGone?: true;
  /** Where it stands is read last of all; see observe/observe.ts. */
  readonly server: ServerFacts;
  /** The server has the role rds_replication (Aurora and RDS). */
  readonly hasRdsReplication: boolean;
  readonly role: RoleFacts | null;
  /** Roles with a comment. */
  readonly markedRoles: readonly MarkedRole[];
  /** Streams with our mark that the environment does not name. */
  readonly forgotten: readonly StreamOf[];
  /** The password in the secret opens a session; null when there is none of this role to try. */
  readonly passwordWorks: boolean | null;
  /** Version of the value in the secret; null when it has none. */
  readonly secretVersion: string | null;
  readonly slots: readonly ReplicationSlot[];
  readonly subscriptions: readonly Pick<SubscriptionFacts, 'oid' | 'name'>[];
  /** Nothing while there is no clone. */
  readonly inheritable: Inheritable;
  readonly databases: Readonly<Record<string, SourceDatabaseFacts>>;
  /** By subscription, of streams that follow: tables to be added to them; absent: nobody looked. */
  readonly newTables?: Readonly<Record<string, readonly NewTableFacts[]>>;
  /** By slot, of those that somebody reads; absent: it was not looked at who else was at them. */
  readonly witnesses?: Readonly<Record<string, SlotWitness>>;
}

/** What a subscription takes changes of; those of other tables it skips without a word. */
export interface TakenTable extends TableName {
  readonly subscription: string;
  /** Its oid. */
  readonly table: number;
  /** As SubscriptionRelation has it. */
  readonly state: string;
}

export interface TargetStreamFacts {
  readonly subscription: SubscriptionFacts | null;
  /** Progress of the origin `pg_<subscription oid>`; null when it has none. */
  readonly originProgress: string | null;
  /** Which origin it is; null: there is none, absent: not known, and not judged. See resources/subscription-identity.ts. */
  readonly made?: string | null;
  /** What somebody may have altered; absent: there is no subscription. */
  readonly options?: SubscriptionOptions;
}

export interface TargetDatabaseFacts {
  readonly exists: boolean;
  /** Read after the origins; absent: none. */
  readonly heartbeats?: readonly HeartbeatFacts[];
  /** Absent: nothing. */
  readonly heartbeatsElsewhere?: readonly HeartbeatElsewhere[];
  /** Absent: none. */
  readonly heartbeatsOfOthers?: readonly ForeignHeartbeat[];
  /** The schema that the history of runs is in; absent: none of its name. No part of the fingerprint. */
  readonly runHistory?: RunHistory;
  /** Inherited by the clone. */
  readonly publications: readonly PublicationFacts[];
  /** Tables of which the server has counted written rows; partitions by their root. */
  readonly writtenTables: readonly TableName[];
  /** The counters are the clone's own, and of committed rows only: what they count was certainly written there. */
  readonly writesAreCertain?: boolean;
  /** As on the source; absent: not known. */
  readonly connectGrant?: ConnectGrant;
  /** As on the source; absent: none. */
  readonly ddl?: readonly DdlLog[];
  /** By all subscriptions of this database; absent: not known. */
  readonly taken?: readonly TakenTable[];
  readonly streams: Readonly<Record<string, TargetStreamFacts>>;
}

/** A database of the environment under the name that it has on the clone by now. */
export interface RenamedDatabase {
  /** On the source. */
  readonly database: string;
  readonly now: string;
  /** Another database of the clone has its name. */
  readonly taken: boolean;
  /** Those of ours. */
  readonly subscriptions: readonly SubscriptionFacts[];
}

export interface TargetObservation {
  /** The target's endpoint leads to the source's server. */
  readonly isSourceServer: boolean;
  readonly server: ServerFacts;
  /** `aurora_volume_logical_start_lsn()`; null when the function gives none. */
  readonly seedLsn: string | null;
  readonly seedFunctionExists: boolean;
  readonly slots: readonly ReplicationSlot[];
  /** All subscriptions of the cluster, with the database of each. */
  readonly subscriptions: readonly SubscriptionFacts[];
  /** See postgres/catalog/subscription-updates.ts; absent as null: not known. */
  readonly subscriptionUpdates?: number | null;
  /** Which count it is, and when it was read; absent as null: not known. */
  readonly counting?: Omit<SubscriptionCounts, 'updates'> | null;
  /** By subscription, of streams that follow: what is there of tables that left them; absent: nobody looked. */
  readonly leftTables?: Readonly<Record<string, readonly LeftTableFacts[]>>;
  /** By subscription, of streams that follow: tables and columns to be renamed; absent: none, or nobody looked. */
  readonly renames?: Readonly<Record<string, readonly RenameFacts[]>>;
  /** By subscription, where the server has begun to count anew; absent: nobody looked. */
  readonly countWitnesses?: Readonly<Record<string, CountWitness>>;
  /** The copy of the replication role; null: there is none, absent: not known. */
  readonly role?: { readonly comment: string | null } | null;
  /** As on the source; absent: none. */
  readonly markedRoles?: readonly MarkedRole[];
  readonly inheritable: Inheritable;
  readonly databases: Readonly<Record<string, TargetDatabaseFacts>>;
  /** Absent: none. */
  readonly renamedDatabases?: readonly RenamedDatabase[];
  /** One to ask about the whole cluster, where none of the environment's is there. */
  readonly elsewhere?: string;
  /** Those of the environment whose new sessions a setting of the database makes read-only. */
  readonly readOnlyDatabases: readonly string[];
  /** The target stack's contract asks for databases that are read-only for everybody but replication. */
  readonly fence: boolean;
  /** Nonce in the target stack's contract: the ticket that the deploy saw. */
  readonly deployedNonce: string;
}
