import type { Change } from './change';
import type { Plan } from './plan';

/** A transaction that has to end before a slot can be made. */
export interface Blocker {
  readonly who: string;
  readonly database: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** How long it is open; null: not to be seen. */
  readonly seconds: number | null;
  /** Without its values; null: not to be seen. */
  readonly statement: string | null;
  /** The statement that ends it, in its database on the source. */
  readonly end: string;
}

/**
 * Everything the engine has to say. The terminal, the JSON stream and the tests
 * are listeners; the engine itself prints nothing.
 */
export type EngineEvent =
  | { readonly type: 'planned'; readonly plan: Plan }
  | { readonly type: 'change-started'; readonly change: Change; readonly index: number; readonly total: number }
  | {
      readonly type: 'change-finished';
      readonly change: Change;
      readonly index: number;
      readonly total: number;
      readonly seconds: number;
    }
  | {
      /** A materialized view of the clone was computed anew; what it holds is as of then. */
      readonly type: 'view-refreshed';
      readonly database: string;
      /** schema.name */
      readonly view: string;
      readonly concurrently: boolean;
      /** All that the streams of the database carry and production had committed before this is in it; null: not known. */
      readonly holdsUpTo: string | null;
      /** By the clock of the clone, when its rows began to be read, ISO 8601. */
      readonly asOf: string;
    }
  | {
      /** Large objects of a database were copied; so many of those that production has are equal now. */
      readonly type: 'large-objects-copied';
      readonly database: string;
      /** What production had committed to them before this is in those that are equal. */
      readonly position: string;
      /** That production has. */
      readonly objects: number;
      readonly equal: number;
      readonly copied: number;
      readonly bytes: number;
      readonly pruned: number;
      /** Could not be copied or removed. */
      readonly left: number;
    }
  | {
      readonly type: 'waiting';
      readonly for: string;
      /** Of a slot that is being made: how long by now, and who is in the way. */
      readonly slot?: string;
      readonly seconds?: number;
      readonly blockers?: readonly Blocker[];
    }
  | {
      readonly type: 'catching-up';
      readonly lagBytes: number;
      /** Of it, what the source has not sent yet; null: not to be seen. */
      readonly unsentBytes: number | null;
      /** null: not known yet. */
      readonly bytesPerSecond: number | null;
      /** null: it comes no nearer, or that is not known yet. */
      readonly etaSeconds: number | null;
      /** Since the wait began. */
      readonly seconds: number;
    }
  | {
      readonly type: 'in-sync';
      readonly seconds: number;
      /** Databases whose clone was made before there were heartbeats: no beat of this run could arrive there. */
      readonly unproven: readonly string[];
      /** What nobody could look at, see resources/unlooked.ts; none: all was. */
      readonly unlooked: readonly string[];
    }
  | {
      readonly type: 'interrupted';
      readonly remaining: number;
      readonly made: number;
      /** The change that comes next, when the run is carried on. */
      readonly next?: string;
    }
  | {
      readonly type: 'applied';
      readonly created: number;
      readonly updated: number;
      readonly deleted: number;
      /** Of a teardown: no clone was looked at. */
      readonly onlySource?: true;
    };

export type Listener = (event: EngineEvent) => void;
