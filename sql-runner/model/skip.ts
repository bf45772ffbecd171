import type { SentTransaction } from '../postgres/sent-messages';
import type { Place } from './address';
import type { StreamCause } from './stream-cause';

/** What was found of a stream that may be failing on one transaction. */
export type StreamFailure =
  /** It goes on, or stands still for another reason than what a transaction holds. */
  | { readonly kind: 'none'; readonly why: string }
  /** It fails, and it is not known for certain on which one, or what that holds. */
  | { readonly kind: 'unknown'; readonly why: string; readonly next: string }
  | {
      readonly kind: 'failing';
      readonly cause: StreamCause;
      readonly transaction: SentTransaction;
      /** Where the origin stood before and after the slot was looked into. */
      readonly origin: string;
      /** The clone's server skips it by its position, and the login may say so; else the origin is led past it. */
      readonly byPosition: boolean;
    };

/** Leaves out the transaction that a stream fails on, and notes that in its mark. */
export interface SkipTransaction {
  readonly kind: 'skip-transaction';
  readonly place: Place;
  readonly environment: string;
  readonly subscription: string;
  readonly slot: string;
  /** By ALTER SUBSCRIPTION … SKIP; else its origin is led past it while it is disabled. */
  readonly byPosition: boolean;
  readonly transaction: SentTransaction;
  /** Where its origin stood when the plan was made. */
  readonly origin: string;
}
