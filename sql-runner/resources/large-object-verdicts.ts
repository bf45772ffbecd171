import type { Lacking } from '../model/large-objects';
import type { LargeObject } from '../postgres/catalog/large-objects';

/** What a whole large object reads as, in one snapshot. */
export interface Contents {
  readonly bytes: number;
  readonly digest: string;
  /** Transactions that wrote it since the clone followed; null: not to be seen. */
  readonly writers: readonly number[] | null;
}

/** What we wrote into one of the clone last, each as the transaction that did. */
export interface OwnWrites {
  readonly content: number | null;
  readonly properties: number | null;
}

/** The same number on both sides; one of them at least is there. */
export interface ObjectPair {
  readonly there: LargeObject | null;
  readonly here: LargeObject | null;
}

export type ObjectVerdict =
  | { readonly kind: 'equal' | 'unread-there' | 'unread-here' | 'alone' | 'gone' }
  | { readonly kind: 'lacking'; readonly as: Lacking; readonly written: boolean };

/**
 * Both lists have everything of a stretch of numbers, in their order. A list that is full may have more behind its last
 * one, so that the stretch ends there.
 */
export function pairObjects(
  there: readonly LargeObject[],
  here: readonly LargeObject[],
  full: number,
): { readonly pairs: ObjectPair[]; readonly end: number | null } {
  const ends = [there, here].filter(({ length }) => length >= full).map((list) => list.at(-1)!.oid);
  const end = ends.length === 0 ? null : Math.min(...ends);
  const within = (list: readonly LargeObject[]) => list.filter(({ oid }) => end === null || oid <= end);
  const others = new Map(within(here).map((one) => [one.oid, one]));
  const pairs: ObjectPair[] = within(there).map((one) => ({ there: one, here: others.get(one.oid) ?? null }));
  const known = new Set(pairs.map(({ there: one }) => one!.oid));
  const alone = [...others.values()].filter(({ oid }) => !known.has(oid)).map((one) => ({ there: null, here: one }));
  return { pairs: [...pairs, ...alone].sort((a, b) => oidOf(a) - oidOf(b)), end };
}

export const oidOf = ({ there, here }: ObjectPair): number => (there ?? here)!.oid;

/** After `since`, of transaction numbers that begin anew after 2^32; those below 3 are of the server's making. */
export function isSince(writer: number, since: number): boolean {
  return writer > 2 && (writer - since + 2 ** 32) % 2 ** 32 < 2 ** 31;
}

export interface Judging {
  /** The clone's first subscription; null: it is not known since when the clone is one. */
  readonly since: number | null;
  readonly own: OwnWrites | null;
  /** Absent: it was not asked for; null: it has gone since. */
  readonly contents: { readonly there?: Contents | null; readonly here?: Contents | null };
}

/**
 * Equal is only what was read on both sides and is the same. What differs is said to be written here where a transaction
 * of the clone did that which was none of ours.
 */
export function judgePair({ there, here }: ObjectPair, judging: Judging): ObjectVerdict {
  if (there === null) return { kind: 'alone' };
  if (!there.readable) return { kind: 'unread-there' };
  if (here === null) return { kind: 'lacking', as: 'missing', written: false };
  if (!here.readable) return { kind: 'unread-here' };
  const { contents } = judging;
  if (contents.there === null) return { kind: 'gone' };
  // It has gone from the clone while it was looked at.
  if (contents.here === null) return { kind: 'lacking', as: 'missing', written: false };
  const differs = !sameContents(contents);
  const madeHere = isAnothers(here.madeBy, judging, judging.own?.properties ?? null);
  if (differs) return { kind: 'lacking', as: 'content', written: madeHere || isWritten(contents.here, judging) };
  if (there.role === here.role && there.properties === here.properties) return { kind: 'equal' };
  return { kind: 'lacking', as: 'properties', written: madeHere };
}

/** Of which nothing was read nothing is said to be equal. */
function sameContents({ there, here }: Judging['contents']): boolean {
  return there != null && here != null && there.bytes === here.bytes && there.digest === here.digest;
}

function isWritten(here: Contents | undefined, judging: Judging): boolean {
  return (here?.writers ?? []).some((writer) => isAnothers(writer, judging, judging.own?.content ?? null));
}

function isAnothers(writer: number, { since }: Judging, own: number | null): boolean {
  return since !== null && writer !== own && isSince(writer, since);
}
