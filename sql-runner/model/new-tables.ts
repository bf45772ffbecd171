import type { TableDefinition } from '../postgres/catalog/table-definitions';
import type { CopyRights } from '../postgres/catalog/table-needs';
import type { TableName } from './observation';

/** A relation of the clone that has the name of a new table. */
export interface NamesakeFacts {
  /** As in pg_class.relkind. */
  readonly kind: string;
  readonly hasRows: boolean;
  /** Null: it is no table, or somebody keeps readers out. */
  readonly definition: TableDefinition | null;
  /** A subscription that takes it; null: none. */
  readonly takenBy: string | null;
}

/** What the clone has of a table that its stream follows no more. */
export interface LeftTableFacts extends TableName {
  /** On the source. */
  readonly oid: number;
  /** Its number on the clone. */
  readonly here: number;
  readonly partitioned: boolean;
  readonly hasRows: boolean;
  /** A foreign key of another table of the clone references it. */
  readonly referenced: boolean;
}

/** What was read of a table that is to be added to a stream, or is on its way. */
export interface NewTableFacts extends TableName {
  readonly oid: number;
  /** Null: it is no ordinary table, or somebody keeps readers out. */
  readonly definition: TableDefinition | null;
  /** Of the replication role; null: there is no such role. */
  readonly rights: CopyRights | null;
  /** What it needs, and the clone does not have: `type public.mood`. */
  readonly lacking: readonly string[];
  /** Relations of the clone that have the names of its indexes and sequences. */
  readonly inTheWay: readonly TableName[];
  /** The clone has its schema. */
  readonly hasSchema: boolean;
  /** Tables that its foreign keys reference and the clone has; itself among them. */
  readonly references: readonly TableName[];
  /** Null: the clone has nothing of its name. */
  readonly namesake: NamesakeFacts | null;
}
