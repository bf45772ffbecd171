import type { MaterializedView } from '../postgres/catalog/materialized-views';
import type { Place } from './address';
import type { ViewDependency } from '../postgres/catalog/view-dependencies';

/** What is asked for of the materialized views of a clone. */
export interface ViewsWanted {
  /** As schema.name; empty: all of them. */
  readonly names: readonly string[];
  /** Whose they are; null: of whichever database. */
  readonly database: string | null;
  /** Limit of one refresh; 0: none. */
  readonly statementSeconds: number;
}

export const ALL_VIEWS: ViewsWanted = { names: [], database: null, statementSeconds: 0 };

/** What a plan to refresh those of one database rests on. */
export interface DatabaseViews {
  /** As whom the clone's database was entered. */
  readonly login: string;
  readonly clone: readonly MaterializedView[];
  readonly reads: readonly ViewDependency[];
  /** Names on the source of those that are populated there. */
  readonly populatedThere: readonly { readonly schema: string; readonly name: string }[];
  /** By the id of its change, when the last run began that says that it has refreshed it; no part of the fingerprint. */
  readonly refreshed: Readonly<Record<string, string>>;
}

export interface ViewsObserved {
  readonly wanted: ViewsWanted;
  /** Of databases that are on both sides. */
  readonly databases: Readonly<Record<string, DatabaseViews>>;
}

/** One materialized view of the clone, computed anew by the server. */
export interface RefreshView {
  readonly kind: 'refresh-view';
  readonly place: Place;
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly concurrently: boolean;
  /** Those of this plan that it reads, by oid: where one failed, its rows would be old ones. */
  readonly after: readonly number[];
  /** Of the streams of its database, which tell how far the clone is. */
  readonly slots: readonly string[];
  readonly statementSeconds: number;
}
