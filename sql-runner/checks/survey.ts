import type { ClusterFacts } from '../engine/observation';
import type { OpenWriteTransaction, PreparedTransaction } from '../postgres/catalog/activity';
import type { ForcedRowSecurity, ReplicaTrigger } from '../postgres/catalog/apply-obstacles';
import type { UnreadableTable } from '../postgres/catalog/access';
import type { AuroraSettings } from '../postgres/catalog/aurora-settings';
import type { FullIdentityColumn } from '../postgres/catalog/equality';
import type { ForeignKey } from '../postgres/catalog/foreign-keys';
import type { FreezeAge } from '../postgres/catalog/freeze-age';
import type { BootstrapPrivileges, LoginPrivileges } from '../postgres/catalog/login-privileges';
import type { SentTable, TableColumns, TakenTable } from '../postgres/catalog/replicated-tables';
import type { RoleLimits } from '../postgres/catalog/role-limits';
import type { Role } from '../postgres/catalog/roles';
import type { ServerFacts } from '../postgres/catalog/server';
import type { ReplicationSlot } from '../postgres/catalog/slots';
import type { SubscriptionOptions } from '../postgres/catalog/subscription-options';
import type { OwnedTable } from '../postgres/catalog/table-owners';
import type { SelectableTable } from '../postgres/catalog/tables';
import type { Unreplicated } from '../postgres/catalog/unreplicated';

/** What the preflight checks read, beyond what a plan is made from. One side each, so that either can fail alone. */
export interface Survey {
  readonly source: SourceSurvey | null;
  /** Null also before the clone is deployed. */
  readonly target: TargetSurvey | null;
}

interface SideSurvey {
  readonly cluster: ClusterFacts;
  readonly server: ServerFacts;
  readonly slots: readonly ReplicationSlot[];
  readonly freezeAges: readonly FreezeAge[];
  /** The master user, as which sql-runner logs in. */
  readonly login: string;
  readonly privileges: LoginPrivileges;
}

interface DatabaseSurvey {
  /** Schemas that the master user may not use. */
  readonly unusable: readonly string[];
  readonly unreadable: readonly UnreadableTable[];
  readonly columns: readonly TableColumns[];
}

export interface SourceSurvey extends SideSurvey {
  readonly aurora: AuroraSettings;
  /** What is set in the parameter group that is attached now. */
  readonly groupParameters: Readonly<Record<string, string>>;
  readonly slotlessSenders: number;
  readonly role: (Role & RoleLimits) | null;
  readonly openWrites: readonly OpenWriteTransaction[];
  readonly prepared: readonly PreparedTransaction[];
  /** Those of the environment that exist. */
  readonly databases: Readonly<Record<string, SourceDatabaseSurvey>>;
}

export interface SourceDatabaseSurvey extends DatabaseSurvey {
  readonly tables: readonly SelectableTable[];
  readonly unmatchable: readonly FullIdentityColumn[];
  readonly inexact: readonly FullIdentityColumn[];
  readonly sent: readonly SentTable[];
  readonly notOwned: readonly OwnedTable[];
  readonly mayCreate: boolean;
  readonly unreplicated: Unreplicated;
  readonly rowsWritten: number;
}

export interface TargetSurvey extends SideSurvey {
  readonly origins: number;
  readonly databases: Readonly<Record<string, TargetDatabaseSurvey>>;
}

export interface TargetDatabaseSurvey extends DatabaseSurvey {
  readonly privileges: BootstrapPrivileges;
  readonly subscriptions: readonly SubscriptionOptions[];
  readonly taken: readonly TakenTable[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly triggers: readonly ReplicaTrigger[];
  readonly rowSecurity: readonly ForcedRowSecurity[];
  readonly notAppliable: readonly OwnedTable[];
}
