import type { DdlLog } from '../postgres/catalog/ddl-logs';
import type { SourceContract } from '../../contract/contract';
import type { Surroundings } from './surroundings';
import type { Inheritable } from './inheritable';
import type { LogSeen, StreamCause } from './stream-cause';
import type {
  SourceDatabaseFacts,
  SourceObservation,
  TableName,
  TargetDatabaseFacts,
  TargetObservation,
} from './observation';
import type { OpenWriteTransaction, PreparedTransaction } from '../postgres/catalog/activity';
import type { ForcedRowSecurity, ReplicaTrigger } from '../postgres/catalog/apply-obstacles';
import type { UnreadableTable } from '../postgres/catalog/access';
import type { ApplyWorker, WorkerTimeouts } from '../postgres/catalog/apply-workers';
import type { AuroraSettings } from '../postgres/catalog/aurora-settings';
import type { FullIdentityColumn } from '../postgres/catalog/equality';
import type { ForeignKey } from '../postgres/catalog/foreign-keys';
import type { FunctionUse } from '../postgres/catalog/apply-functions';
import type { FreezeAge } from '../postgres/catalog/freeze-age';
import type { KeptStatements } from '../postgres/catalog/kept-statements';
import type { IndexState, InvalidIndex } from '../postgres/catalog/invalid-indexes';
import type { JudgedFunction } from '../postgres/catalog/function-trials';
import type { LackingRights } from '../postgres/catalog/owner-rights';
import type { SessionSetting } from '../postgres/catalog/session-settings';
import type { BootstrapPrivileges, LoginPrivileges } from '../postgres/catalog/login-privileges';
import type { MoneyColumn } from '../postgres/catalog/money-columns';
import type { PublicationIdentity } from '../postgres/catalog/publication-identities';
import type { SlotReader } from '../postgres/catalog/senders';
import type { TableShape } from '../postgres/catalog/table-shapes';
import type { SentTable } from '../postgres/catalog/replicated-tables';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import type { TableDigest } from '../postgres/catalog/table-digests';
import type { OwnedTable } from '../postgres/catalog/table-owners';
import type { CatalogTable } from '../postgres/catalog/tables';
import type { Unreplicated } from '../postgres/catalog/unreplicated';
import type { UserType } from '../postgres/catalog/user-types';
import type { ClusterFacts } from '../aws/cluster';

/**
 * What the preflight checks judge: facts that a plan is made from as well (observation.ts), and those that only checks
 * look at. One side each, so that either can fail alone.
 */
export interface Survey {
  readonly source: SourceSurvey | null;
  /** Null also before the clone is deployed. */
  readonly target: TargetSurvey | null;
  /** The clone is deployed and cannot be reached. */
  readonly unreachable?: boolean;
  /** By database, where both sides were read. */
  readonly shapes?: Readonly<Record<string, DatabaseShapes>>;
  /** Null where they could not be read, and before the clone is deployed. */
  readonly streams?: StreamsSeen | null;
  /** Null or absent: the contract, one of before, does not name them. */
  readonly surroundings?: Surroundings | null;
  /** Subscriptions that are disabled by consent. Absent: none. */
  readonly held?: readonly string[];
  /** Partitions that the plan makes and copies, by subscription. Absent: none. */
  readonly adding?: Readonly<Record<string, readonly TableName[]>>;
  /** Tables that the plan renames on the clone, or columns of them, by database their oids. Absent: none. */
  readonly renaming?: Readonly<Record<string, readonly number[]>>;
  /** The same, of what the next apply would rename: where nothing is planned, but told. */
  readonly renamable?: Readonly<Record<string, readonly number[]>>;
  /** Partitions of the source that took over the name of one that the clone has, by database their oids; see replaced-partitions.ts. Absent: none. */
  readonly replaced?: Readonly<Record<string, readonly number[]>>;
}

/** What a check may look at beside the side that it is about. */
export interface Scope extends Survey {
  readonly contract: SourceContract;
  /** A subscription of ours is on the clone: its data started long ago. */
  readonly connected: boolean;
}

/** What both sides of a database have of one kind, compared with each other. */
export interface DatabaseShapes {
  /** Tables whose definitions may differ. */
  readonly pairs: readonly ShapePair[];
  /** Of them, those whose definition could not be read now: somebody keeps readers out. */
  readonly unread: readonly UnreadTable[];
  /** Types of the source that replicated columns have, or are made of. */
  readonly usedTypes: readonly UserType[];
  readonly typesOnClone: readonly UserType[];
  /** Of the clone's invalid indexes, by oid, what the source has. */
  readonly indexesThere: readonly IndexState[];
}

/** A table as production and as the clone define it. */
export interface ShapePair {
  readonly database: string;
  readonly there: TableShape;
  readonly here: TableShape;
  /** The clone's came with the clone and has been nothing else since. */
  readonly same: boolean;
  readonly parent: ShapePair | null;
  /** Partitions of it, at any depth, that were compared as well. */
  readonly leaves: readonly ShapePair[];
}

/** What was seen of one stream at one moment. */
export interface StreamLook {
  /** The source had written so far just before the rest was read. */
  readonly flushLsn: string;
  /** null: the slot is gone. */
  readonly reader: SlotReader | null;
  /** null: there is no such subscription. */
  readonly worker: ApplyWorker | null;
}

/**
 * Two looks, some seconds apart unless the first was proof enough: then they
 * are the same one.
 */
export interface StreamLooks {
  readonly first: StreamLook;
  readonly last: StreamLook;
  readonly seconds: number;
  /** Name of the table that its worker waits for. */
  readonly waitsFor: string | null;
  /** What the clone's log says of its trouble; absent or null: it is in none, or the log says nothing of it. */
  readonly cause?: StreamCause | null;
}

export interface UnreadTable {
  readonly schema: string;
  readonly name: string;
  readonly side: 'source' | 'clone';
  /** Of the session that holds or awaits the lock; null: not known any more. */
  readonly pid: number | null;
}

/** How the streams of the environment stand, on both sides at one time. */
export interface StreamsSeen {
  /** One that is on both sides, by which the servers were asked. */
  readonly database: string;
  readonly timeouts: WorkerTimeouts;
  /** By subscription. */
  readonly looks: Readonly<Record<string, StreamLooks>>;
  /** The password in the secret opens a session on the source; null: there is none to try. */
  readonly passwordWorks: boolean | null;
  /** By subscription, whether the one that it was given does; absent: not asked, as it is the one in the secret, which does. */
  readonly givenPasswordsWork?: Readonly<Record<string, boolean>>;
  /** Of the clone's log; absent: no stream was in a trouble that it could tell of. */
  readonly log?: LogSeen;
}

interface SideSurvey {
  readonly cluster: ClusterFacts;
  readonly freezeAges: readonly FreezeAge[];
  readonly origins: Inheritable['origins'];
  /** The master user, as which sql-runner logs in. */
  readonly login: string;
  readonly privileges: LoginPrivileges;
}

interface DatabaseSurvey {
  /** Schemas that the master user may not use. */
  readonly unusable: readonly string[];
  readonly unreadable: readonly UnreadableTable[];
  readonly definitions: readonly TableDigest[];
  readonly types: readonly UserType[];
  readonly publicationIdentities: readonly PublicationIdentity[];
  readonly ddl: readonly DdlLog[];
  readonly keptStatements: KeptStatements;
}

export interface SourceSurvey
  extends
    SideSurvey,
    Pick<SourceObservation, 'hasRdsReplication' | 'role' | 'server' | 'settings' | 'slots'>,
    Required<Pick<SourceObservation, 'groupParameters'>>,
    Partial<Pick<SourceObservation, 'forgotten'>> {
  readonly aurora: AuroraSettings;
  readonly slotlessSenders: number;
  readonly openWrites: readonly OpenWriteTransaction[];
  readonly prepared: readonly PreparedTransaction[];
  /** Those of the environment that exist. */
  readonly databases: Readonly<Record<string, SourceDatabaseSurvey>>;
}

export interface SourceDatabaseSurvey extends DatabaseSurvey, Pick<SourceDatabaseFacts, 'connectGrant' | 'tables'> {
  readonly unmatchable: readonly FullIdentityColumn[];
  readonly inexact: readonly FullIdentityColumn[];
  readonly sent: readonly SentTable[];
  readonly unreplicated: Unreplicated;
  /** What a walsender of the replication role starts with. */
  readonly senderSettings: readonly SessionSetting[];
  readonly moneyColumns: readonly MoneyColumn[];
  readonly rowsWritten: number;
}

export interface TargetSurvey extends SideSurvey, Pick<TargetObservation, 'server' | 'slots'> {
  readonly databases: Readonly<Record<string, TargetDatabaseSurvey>>;
}

export interface TargetDatabaseSurvey
  extends DatabaseSurvey, Pick<TargetDatabaseFacts, 'publications'>, Required<Pick<TargetDatabaseFacts, 'taken'>> {
  readonly privileges: BootstrapPrivileges;
  readonly tables: readonly CatalogTable[];
  /** Of every subscription in it. */
  readonly subscriptionOptions: readonly SubscriptionOptions[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly triggers: readonly ReplicaTrigger[];
  readonly rowSecurity: readonly ForcedRowSecurity[];
  readonly notAppliable: readonly OwnedTable[];
  readonly lackingRights: readonly LackingRights[];
  readonly functions: readonly JudgedFunction[];
  /** Functions that a table needs and its owner may not execute. */
  readonly deniedFunctions: readonly FunctionUse[];
  readonly invalidIndexes: readonly InvalidIndex[];
  /** What an apply worker of ours starts with. */
  readonly applySettings: readonly SessionSetting[];
}
