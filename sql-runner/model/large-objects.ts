import type { Place } from './address';

/** What is asked for of the large objects of a clone. */
export interface LargeObjectsWanted {
  /** Whose they are; null: of whichever database. */
  readonly database: string | null;
  /** Consents to the removal of those that the clone alone has. */
  readonly prune: boolean;
  /** Consents to the loss of what was written into them on the clone. */
  readonly overwrite: boolean;
}

export const AS_THEY_ARE: LargeObjectsWanted = { database: null, prune: false, overwrite: false };

/** What is to be the same of it: all, as the clone has none; what is in it; owner, grants and comment. */
export type Lacking = 'missing' | 'content' | 'properties';

export interface ObjectToCopy {
  readonly oid: number;
  readonly as: Lacking;
  readonly bytes: number;
  /** Whose it is on production. */
  readonly role: string;
}

/** A large object, and whose it is. */
export interface OwnedObject {
  readonly oid: number;
  readonly role: string;
}

interface Amount {
  readonly count: number;
  /** Of those that may be read. */
  readonly bytes: number;
}

/** How both sides of one database stand. */
export interface LargeObjectsCompared {
  /** What production had committed before this is in what is called equal: each was read at or after it. */
  readonly position: string;
  readonly there: Amount;
  readonly here: Amount;
  readonly equal: number;
  /** Missing or different, and to be copied. */
  readonly copied: readonly ObjectToCopy[];
  /** Different, and written on the clone by others than us. */
  readonly written: readonly ObjectToCopy[];
  /** On the clone alone. */
  readonly alone: readonly OwnedObject[];
  /** The login may not read what is in them. */
  readonly unread: { readonly source: readonly OwnedObject[]; readonly target: readonly OwnedObject[] };
  /** Different, or alone and to be removed, and the login has not the rights of their owners on the clone. */
  readonly notOurs: readonly OwnedObject[];
  /** Further ones that differ, for a later run. */
  readonly more: number;
  /** Are to belong to somebody whose they cannot be made, and are else the same. */
  readonly notGiven: readonly OwnedObject[];
  /** Owners of those that are to be theirs, and that the login is no member of on the clone. */
  readonly ownersNotOurs: readonly string[];
  /** Owners and grantees that the clone does not have. */
  readonly rolesMissing: readonly string[];
  /** And those of which it is not known whether the clone's of that name are the same. */
  readonly rolesNotKnown: readonly string[];
  /** Whether it can be seen who wrote pages on the clone. */
  readonly writersSeen: boolean;
}

export interface DatabaseLargeObjects extends LargeObjectsCompared {
  readonly logins: { readonly source: string; readonly target: string };
  /** As `server_version_num`. */
  readonly versions: { readonly source: number; readonly target: number };
}

export interface LargeObjectsObserved {
  readonly wanted: LargeObjectsWanted;
  /** Of databases that are on both sides. */
  readonly databases: Readonly<Record<string, DatabaseLargeObjects>>;
}

/** The large objects of one database, each copied or removed for itself. */
export interface CopyLargeObjects {
  readonly kind: 'copy-large-objects';
  readonly place: Place;
  readonly wanted: LargeObjectsWanted;
  readonly objects: readonly ObjectToCopy[];
  readonly prune: readonly number[];
  /** As of the plan; no part of what is compared with a saved one. */
  readonly seen: { readonly position: string; readonly there: number; readonly equal: number };
}
