import type { RightsOn } from '../postgres/catalog/followed-rights';
import type { RolesOfServer } from '../postgres/catalog/followed-roles';
import type { Place } from './address';

/** Of a database that is on both sides. */
export interface RightsOfBoth {
  readonly source: readonly RightsOn[];
  readonly clone: readonly RightsOn[];
}

/** Roles and rights of both sides, where they are followed. */
export interface RolesObserved {
  readonly source: RolesOfServer;
  readonly clone: RolesOfServer;
  readonly databases: Readonly<Record<string, RightsOfBoth>>;
}

/** Statements of one transaction about one thing, which keep none of the others from theirs. */
export interface RoleStep {
  /** What it is about, in words: two plans know it by that. */
  readonly about: string;
  readonly statements: readonly string[];
}

/** Gives and takes on the clone what the source has by then as it had when it was planned. */
export interface FollowRoles {
  readonly kind: 'follow-roles';
  readonly place: Place;
  readonly steps: readonly RoleStep[];
}
