import type { Place } from './address';
import type { TableName } from './observation';

/** What a comparison has found, as somebody hands it in: which rows to look at, and nothing that is believed of them. */
export interface RowsWanted {
  readonly tables: readonly RowsOfTable[];
}

export interface RowsOfTable extends TableName {
  readonly database: string;
  /** Key column to its text. */
  readonly keys: readonly Readonly<Record<string, string>>[];
  /** The comparison had found enough: rows beyond these differ as well. */
  readonly more: boolean;
}

/** What mending a row means for the clone: written, taken away, or written anew. */
export type RowFault = 'missing' | 'surplus' | 'different';

export interface FaultyRow {
  /** The key's texts as a JSON array; see verify/row-key.ts. */
  readonly id: string;
  readonly fault: RowFault;
}

/** How the named rows of one table stand by now. */
export interface RowsSeen {
  readonly table: RowsOfTable;
  /** Of the stream that sends it; null: none does. */
  readonly subscription: string | null;
  /** On the clone. */
  readonly partitioned: boolean;
  /** The columns whose texts name a row. */
  readonly key: readonly string[];
  readonly faulty: readonly FaultyRow[];
  /** The same on both sides by now, or on neither. */
  readonly alike: number;
  /** Rows that did not stand still, of which nothing is known. */
  readonly open: number;
  /** Why no row of it can be mended alone, as words; null: nothing speaks against it. */
  readonly why: string | null;
}

export interface MendedTable extends TableName {
  readonly ids: readonly string[];
}

/** Of the rows that differ between both sides of a stream. */
export type RepairOperation =
  | {
      /** Makes rows of the clone those of the source, while what the stream brings for their tables waits. */
      readonly kind: 'mend-rows';
      readonly place: Place;
      readonly environment: string;
      readonly slot: string;
      readonly tables: readonly MendedTable[];
    }
  | {
      /** Compares all rows of these tables; refuses where not every one is equal. */
      readonly kind: 'compare-mended';
      readonly place: Place;
      readonly environment: string;
      readonly slot: string;
      readonly tables: readonly TableName[];
    };
