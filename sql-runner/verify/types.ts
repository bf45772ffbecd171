import type { Code } from '../../errors/codes';
import type { QualifiedName } from '../postgres/text/quoting';
import type { Session } from '../postgres/session';

/** A table, and of one of which a stream carries a part, which. */
export interface TableRef extends QualifiedName {
  /** Only rows of the source for which this is true, as the server shows it; the clone has no others. */
  readonly filter?: string | null;
  readonly columns?: readonly string[] | null;
}

export type Side = 'source' | 'target';

/**
 * - `equal`: every row of the source snapshot was found the same on the target.
 * - `different`: at least one row certainly differs, or the target has not the columns of the source.
 * - `unsettled`: rows kept changing, or the target did not catch up, until the time ran out.
 * - `unsupported`: the table cannot be read as needed, or was not because somebody waited for it; the reason says why.
 */
export type VerdictStatus = 'equal' | 'different' | 'unsettled' | 'unsupported';

export interface Difference {
  /** Key column to its text; `{ row: … }` with the row's text for a table without a key. */
  readonly key: Readonly<Record<string, string>>;
  readonly kind: 'missing on target' | 'extra on target' | 'different';
  /** Position the target had passed when it still differed from the source's unchanged row. */
  readonly sourceLsn: string;
}

export interface TableVerdict extends QualifiedName {
  readonly status: VerdictStatus;
  /** Rows in the source's snapshot. */
  readonly rows: number;
  /** Buckets whose counts and hashes were compared. */
  readonly buckets: number;
  /** Rows that did not match at first sight and were read again. */
  readonly rechecked: number;
  /** The first ones found. */
  readonly differences: readonly Difference[];
  /** Whether the search stopped before the end because enough differences were found. */
  readonly moreDifferences: boolean;
  readonly seconds: number;
  /** What alone of the table was compared; absent: all of it. */
  readonly part?: { readonly where?: string; readonly columns?: readonly string[] };
  /** Columns that were not compared, as the source has none of their name; absent where there are none. */
  readonly onlyOnTarget?: readonly string[];
  readonly reason?: string;
  /** Stable, where the reason has one. */
  readonly code?: Code;
}

export type VerifyEvent =
  | { readonly kind: 'table-started'; readonly table: TableRef; readonly total: number }
  /** From here on one statement a side reads the whole table. */
  | { readonly kind: 'reading'; readonly table: TableRef; readonly estimatedRows: number }
  | {
      readonly kind: 'buckets-compared';
      readonly table: TableRef;
      readonly rows: number;
      readonly buckets: number;
      readonly mismatching: number;
    }
  | { readonly kind: 'gave-way'; readonly table: TableRef; readonly pid: number }
  | { readonly kind: 'settling'; readonly table: TableRef; readonly round: number; readonly open: number }
  | { readonly kind: 'table-finished'; readonly verdict: TableVerdict };

/** How reading gives way to whoever waits for a lock that it holds. */
export interface GiveWayLimits {
  /** How often it is looked whether anybody waits, in milliseconds. */
  readonly everyMs: number;
  /** How often a table is begun. */
  readonly tries: number;
  /** How long it is waited between tries until nobody stands in the way, in milliseconds. */
  readonly patienceMs: number;
}

export interface VerifyInput {
  readonly database: string;
  readonly tables: readonly TableRef[];
  /** Each opens a read-only session; statement and lock timeouts are the caller's choice. */
  readonly openSource: () => Promise<Session>;
  readonly openTarget: () => Promise<Session>;
  /** The slot on the source that feeds these tables: its confirmed position tells how far the target is. */
  readonly slotName: string;
  /** Tables compared at a time; each takes one connection a side. */
  readonly concurrency?: number;
  readonly onEvent?: (event: VerifyEvent) => void;
  /** How long rows of one table that keep changing are read again, in milliseconds. */
  readonly settleTimeoutMs?: number;
  /** Differences after which the search in a table ends. */
  readonly maxDifferences?: number;
  readonly giveWay?: Partial<GiveWayLimits>;
}
