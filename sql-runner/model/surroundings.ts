import type { Production } from '../../contract/production';
import type { IngressRule, RouteSeen } from '../aws/production-network';

export type { IngressRule, RouteSeen };

/** What was seen, or why nobody could look. */
export type Looked<T> = { readonly seen: T } | { readonly refused: string };

/** What stands around the production cluster, and belongs to its owner or was made by the source stack. */
export interface Surroundings {
  readonly production: Production;
  readonly rules: Looked<readonly IngressRule[]>;
  readonly routes: Looked<readonly RouteSeen[]>;
  /** In the account of the clone; null: the target stack makes them. */
  readonly routesBack: Looked<readonly RouteSeen[]> | null;
  /** Null: production is not encrypted. */
  readonly keyPolicy: Looked<string> | null;
}

/** Null: nobody could look. */
export const seenOf = <T>(looked: Looked<T>): T | null => ('seen' in looked ? looked.seen : null);
