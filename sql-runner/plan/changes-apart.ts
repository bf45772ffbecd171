import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../model/change';

/**
 * How the changes of two plans differ, by the ids that plan prints: `to be done as well: source/slot/acas_dev_shop`.
 * @returns null: they are the same, in the same order
 */
export function changesApart(before: readonly Change[], now: readonly Change[]): string | null {
  const parts = [
    ...listed('not to be done any more', missing(before, now)),
    ...listed('to be done as well', missing(now, before)),
    ...listed('to be done otherwise', altered(before, now)),
  ];
  if (parts.length > 0) return parts.join('; ');
  return isDeepStrictEqual(idsOf(before), idsOf(now)) ? null : 'the same, in another order';
}

const listed = (what: string, ids: readonly string[]): string[] =>
  ids.length === 0 ? [] : [`${what}: ${ids.join(', ')}`];

const idsOf = (changes: readonly Change[]): string[] => changes.map(({ id }) => id);

function missing(these: readonly Change[], others: readonly Change[]): string[] {
  const present = new Set(idsOf(others));
  return idsOf(these).filter((id) => !present.has(id));
}

function altered(before: readonly Change[], now: readonly Change[]): string[] {
  const then = new Map(before.map((change) => [change.id, change]));
  return idsOf(
    now.filter((change) => then.has(change.id) && !isDeepStrictEqual(plain(then.get(change.id)!), plain(change))),
  );
}

/**
 * As a plan file holds it: what is undefined is not there. Where sequences stand moves by itself, and so does when a view
 * was refreshed last: which of them go, and which way, is what was reviewed.
 */
function plain({ preview, ...change }: Change): unknown {
  const compared = MOVING.has(change.operation.kind) ? change : { ...change, preview };
  return JSON.parse(JSON.stringify({ ...compared, operation: withoutPositions(change.operation) }));
}

/** How many large objects are equal as of which position says nothing of those that are copied. */
const withoutPositions = (operation: Change['operation']): object =>
  operation.kind === 'copy-large-objects' ? { ...operation, seen: undefined } : operation;

const MOVING: ReadonlySet<Change['operation']['kind']> = new Set([
  'move-sequences',
  'refresh-view',
  'copy-large-objects',
]);
