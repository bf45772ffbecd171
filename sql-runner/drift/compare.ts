import { displayTable } from '../model/table-selection';
import { compareFunctions } from './compare-functions';
import { compareCollations, compareExtensions, compareSchemas } from './compare-objects';
import { compareForm } from './compare-server';
import { compareTables } from './compare-tables';
import { compareTypes } from './compare-types';
import { compareViews } from './compare-views';
import type { Difference } from './difference';
import type { BothSides, TypeFacts } from './facts';
import { KIND_NAMES } from './kinds';

/**
 * In what a database of the clone is not defined as that of the source, in the order in which the statements are carried
 * out. Pure, and linear in what there is. What was not read is none of it: whoever asks has to say so.
 */
export function compareDatabases(both: BothSides): Difference[] {
  const { source, clone } = both;
  const found = [
    ...compareForm(source, clone),
    ...compareSchemas(source.schemas, clone.schemas),
    ...compareExtensions(source.extensions, clone.extensions),
    ...compareCollations(source.collations, clone.collations),
    ...compareTypes(source.types, clone.types, usedIn(both)),
    ...(source.functions === null || clone.functions === null
      ? []
      : compareFunctions(source.functions, clone.functions)),
    ...compareTables(both),
    ...compareViews(source.views, clone.views),
  ];
  return inOrder(found);
}

/** What goes, of views, rules, types and schemas, goes before or after what comes; the rest by its kind. */
function inOrder(found: readonly Difference[]): Difference[] {
  const places = new Map(KIND_NAMES.map((kind, index) => [kind, index]));
  const last = KIND_NAMES.length;
  const placeOf = ({ kind, mark }: Difference): number => {
    if (mark !== '-' && (kind === 'view' || kind === 'materialized-view')) return places.get('large-objects')!;
    // What is dropped may be used until all else is as on the source.
    if (mark === '-' && (kind === 'function' || kind === 'type' || kind === 'collation')) return last + 1;
    if (mark === '-' && kind === 'extension') return last + 2;
    if (mark === '-' && kind === 'schema') return last + 3;
    // What a key rests on, or refers to, is there before.
    if (mark !== '-' && kind === 'foreign-key') return places.get('replica-identity')! + 0.5;
    if (mark !== '-' && (kind === 'check' || kind === 'check-validation')) return places.get('replica-identity')! + 0.4;
    return places.get(kind)!;
  };
  return found
    .map((one, index) => ({ one, index, place: placeOf(one) }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ one }) => one);
}

/** Types that columns of replicated tables have, or are made of. */
function usedIn({ source, isReplicated }: BothSides): (type: TypeFacts) => boolean {
  const known = new Map(source.types.flatMap((type) => [type.oid, ...type.arrays].map((oid) => [oid, type])));
  const used = new Set<TypeFacts>();
  const waiting = source.tables.filter(({ relation }) => isReplicated(relation)).flatMap(({ types }) => [...types]);
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    const type = known.get(oid);
    if (type === undefined || used.has(type)) continue;
    used.add(type);
    waiting.push(...type.uses);
  }
  return (type) => used.has(type);
}

/** Names of tables, to ask quickly for one. */
export function namesOf(
  tables: readonly { schema: string; name: string }[],
): (table: { schema: string; name: string }) => boolean {
  const names = new Set(tables.map(displayTable));
  return (table) => names.has(displayTable(table));
}
