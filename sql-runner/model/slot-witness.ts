import type { DecodedCount } from '../postgres/catalog/senders';

/** Somebody other than our worker read from a slot, moved it or made it anew. */
export interface SlotMove {
  /** ISO 8601, by the source's clock. */
  readonly at: string;
  /** null: the log does not tell. */
  readonly pid: number | null;
  /** `user@database`; null: the log does not tell. */
  readonly by: string | null;
  /** Where the slot stood before; of one that was made, where it began. */
  readonly from: string;
  /** And where afterwards; null: it was made anew. */
  readonly to: string | null;
  /** The slot that he made, read or moved, of which this one may be a copy by now; null: of a name that the log does not tell; absent: it was this one. */
  readonly copy?: string | null;
  /** The transactions that the slot has counted by now, fewer than before: it was made anew; absent: that is not why. */
  readonly counted?: { readonly before: number; readonly now: number };
  /** Another cluster stands under the name of production, as after a restore; absent: that is not why. */
  readonly cluster?: { readonly before: string; readonly now: string };
}

/** What is known of who was at a slot until its present reader came. */
export interface SlotWitness {
  /** Who reads it now, see `readerOf`; null: nobody, or it cannot be told apart from others. */
  readonly reader: string | null;
  /** ISO 8601 by the source's clock, as all of these: when its reader came; null: it is not told. */
  readonly came: string | null;
  /** Why the source's log does not tell who was there before that; null: it does. */
  readonly unread: string | null;
  /** From when on the log was looked at without a gap; null: it was not. */
  readonly since: string | null;
  /** And until when. */
  readonly until: string | null;
  /** The last one; null: none. */
  readonly move: SlotMove | null;
  /** What the server had counted of it when it was last looked at; absent: not known. */
  readonly counted?: DecodedCount;
  /** By which RDS tells production from whatever else had its name (DbClusterResourceId); absent: not asked. */
  readonly cluster?: string;
}

/** The same process number may come again, but not of the same moment. */
export const readerOf = ({ pid, since }: { readonly pid: number | null; readonly since: string | null }) =>
  pid === null || since === null ? null : `${pid} ${since}`;
