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

/** Where a new partition belongs, and where it is on the clone. */
export interface NewPartitionFacts {
  readonly parent: TableName;
  /** `FOR VALUES IN (1)`. */
  readonly bound: string;
  /** Of the clone: what it is a partition of, and for what; null: it is none, or not there. */
  readonly here: { readonly parent: TableName; readonly bound: string } | null;
  /** The clone has the table above, partitioned by the same key. */
  readonly parentThere: boolean;
  /** That has a default partition on the clone, which may hold rows that the source has moved into this one. */
  readonly hasDefault: boolean;
}

/** What was read of a table that is to be added to a stream, or is on its way. */
export interface NewTableFacts extends TableName {
  readonly oid: number;
  /** Null: somebody keeps readers out, or it is gone. */
  readonly definition: TableDefinition | null;
  /** Of the replication role; null: there is no such role. */
  readonly rights: CopyRights | null;
  /** What it needs, and the clone does not have: `type public.mood`. */
  readonly lacking: readonly string[];
  /** Roles that it names, and of which it is not known whether the clone's of that name are the same. */
  readonly strangers?: readonly string[];
  /** Relations of the clone that have the names of its indexes and sequences. */
  readonly inTheWay: readonly TableName[];
  /** The clone has its schema. */
  readonly hasSchema: boolean;
  /** Tables that its foreign keys reference and the clone has; itself among them. */
  readonly references: readonly TableName[];
  /** Null: the clone has nothing of its name. */
  readonly namesake: NamesakeFacts | null;
  /** Absent: on the source it is no partition. */
  readonly partition?: NewPartitionFacts;
  /** It is none on the source, and one of this table on the clone; absent: it is none there either. */
  readonly strayed?: TableName;
}

/** It is partitioned, and has no row of its own. */
export const isParted = ({ definition }: NewTableFacts): boolean =>
  definition !== null && definition.partitionKey !== null;
