import type { Place } from './address';
import type { SqlOperation } from './change';
import type { RenameFacts } from './renames';
import type { StreamOf } from './streams';
import type { AddedTable } from './table-notes';

/** A stream, for operations that add tables to it or take some out. */
export interface AddingTo {
  /** Where its subscription is. */
  readonly place: Place;
  readonly environment: string;
  readonly role: string;
  readonly subscription: string;
  readonly publication: string;
  readonly slot: string;
}

/** By which tables come into a stream that follows, and leave it. */
export type TableOperation =
  | {
      /** Makes a table on the clone, where `statements` say how, and notes it in the mark of its stream. */
      readonly kind: 'make-table';
      readonly stream: AddingTo;
      readonly table: AddedTable;
      readonly statements: readonly string[];
      /** Of a partition: puts it below its table once it is seen to be empty; null: it stays as it is. */
      readonly attach: string | null;
      /** Rights on it, as sortable JSON; null: those that PostgreSQL gives by itself. */
      readonly rights: string | null;
    }
  | {
      /** Puts a partition below its table once the default one there has moved its rows, as it has on the source. */
      readonly kind: 'attach-partition';
      readonly stream: AddingTo;
      readonly of: StreamOf;
      readonly table: Pick<AddedTable, 'oid' | 'schema' | 'name'>;
      readonly attach: string;
    }
  | {
      /** Gives the replication role what the copy needs, and notes in the mark that this was us. */
      readonly kind: 'give-copy-rights';
      readonly stream: AddingTo;
      readonly table: Pick<AddedTable, 'oid' | 'schema' | 'name'>;
      readonly giving: SqlOperation;
    }
  | {
      /** Has the subscription take tables, waits until they are copied, and compares their rows. */
      readonly kind: 'copy-tables';
      readonly stream: AddingTo;
      readonly tables: readonly Pick<AddedTable, 'oid' | 'schema' | 'name' | 'partition' | 'parted'>[];
    }
  | {
      /** Takes a table out of its stream and empties it on the clone; then it is added as one that is new. */
      readonly kind: 'renew-table';
      readonly stream: AddingTo;
      readonly table: Pick<AddedTable, 'oid' | 'schema' | 'name'>;
    }
  | {
      /** Takes back what the replication role was given for copies. */
      readonly kind: 'settle-tables';
      readonly stream: AddingTo;
      readonly tables: readonly Omit<AddedTable, 'compared'>[];
      /** Of them those that are not to be followed any more, by oid. */
      readonly forgotten: readonly number[];
    }
  | {
      /** Takes a table out of a publication while nobody writes to it, once the mark of its stream says so. */
      readonly kind: 'unpublish-table';
      readonly stream: AddingTo;
      readonly table: Pick<AddedTable, 'oid' | 'schema' | 'name'>;
      readonly partitioned: boolean;
    }
  | {
      /** Has the subscription forget what its publication does not send any more, and notes what was dropped. */
      readonly kind: 'leave-tables';
      readonly stream: AddingTo;
      /** There is something to be forgotten. */
      readonly refreshes: boolean;
      /** Dropped on the source. */
      readonly dropped: readonly Pick<AddedTable, 'oid' | 'schema' | 'name'>[];
      /** What the mark has noted and that is so no more, by oid. */
      readonly forgotten: readonly number[];
    }
  | {
      /** Gives tables and columns of the clone the names of the source's, each once its stream stands there or is past it. */
      readonly kind: 'follow-renames';
      readonly of: StreamOf;
      readonly environment: string;
      readonly tables: readonly RenameFacts[];
    };
