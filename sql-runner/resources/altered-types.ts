import type { PublicationRows } from '../postgres/catalog/publications';
import type { PublishedType } from '../postgres/catalog/published-types';
import type { Alteration } from './lent-names';

const LABELS = 'labels renamed, or put in order, on either side';
const ATTRIBUTES = 'an attribute dropped and added again on one side';

/**
 * Rows hold a label by the number of its row in pg_enum, and a row type's values by position: a label that was renamed
 * gives every row of before another value, and is sent of rows of afterwards alone (pgoutput sends text). Those numbers
 * a clone keeps, and a label that is added has one of its own, so that it touches no other row; but where there is no
 * room left between two labels all are put in order anew (RenumberEnumType in pg_enum.c), which cannot be told apart.
 * As long as the definitions differ, that is said instead.
 */
export function alteredTypes(source: PublicationRows, inherited: PublicationRows): Alteration[] {
  return Object.entries(source.types).flatMap(([oid, now]) => {
    const then = inherited.types[oid];
    if (then === undefined) return [];
    return now.kind === 'e' ? relabelled(oid, now, then) : refilled(oid, now, then);
  });
}

function relabelled(oid: string, now: PublishedType, then: PublishedType): Alteration[] {
  const written = Object.entries(now.parts).flatMap(([part, [name, own]]) => {
    const [former, other] = then.parts[part] ?? [];
    return former !== name || other === own ? [] : [`${part} ${own} ${other}`];
  });
  return written.length === 0 ? [] : [{ what: `type ${now.name} (${LABELS})`, state: `${oid} ${written.join(', ')}` }];
}

/** What an attribute had in old rows is gone for whoever dropped it. A new name alone changes no row's text. */
function refilled(oid: string, now: PublishedType, then: PublishedType): Alteration[] {
  const again = [...droppedOf(now, then), ...droppedOf(then, now)];
  return again.length === 0 ? [] : [{ what: `type ${now.name} (${ATTRIBUTES})`, state: `${oid} ${again.join(', ')}` }];
}

/** Of attributes that the other side still has, and this side once more under another number. */
function droppedOf(type: PublishedType, other: PublishedType): string[] {
  const names = new Set(Object.values(type.parts).map(([name]) => name));
  return Object.entries(type.parts).flatMap(([part, [name, written]]) => {
    const kept = other.parts[part]?.[0] ?? null;
    return name === null && kept !== null && names.has(kept) ? [`${part} ${written} again`] : [];
  });
}
