import type { TableName } from './observation';

export interface RenamedColumn {
  /** On the clone. */
  readonly from: string;
  /** On the source. */
  readonly to: string;
}

/** A table that came with the clone and has other names on the source by now, which the clone's can be given. */
export interface RenameFacts {
  /** The same on both sides. */
  readonly oid: number;
  readonly there: TableName;
  readonly here: TableName;
  readonly columns: readonly RenamedColumn[];
}
