import type { NewTableFacts } from '../../model/new-tables';
import { tableIndex } from '../../model/table-index';
import { sameTable } from '../../model/table-selection';

/**
 * Those first that foreign keys of others reference, each with what is there when it is made. Of tables that reference one
 * another in a circle one goes without that key.
 */
export function inOrder(tables: readonly NewTableFacts[]): NewTableFacts[] {
  const all = tableIndex(tables);
  const made: NewTableFacts[] = [];
  const begun = new Set<NewTableFacts>();
  const make = (table: NewTableFacts): void => {
    if (begun.has(table)) return;
    begun.add(table);
    const referenced = (table.definition?.constraints ?? []).flatMap((one) => one.referenced ?? []);
    for (const one of referenced) {
      const other = all.get(one);
      if (other !== undefined) make(other);
    }
    const there = referenced.filter((one) => made.some((other) => sameTable(one, other)));
    made.push({ ...table, references: [...table.references, ...there] });
  };
  tables.forEach(make);
  return made;
}

/** The same, with what others are made before them and they reference. */
export function withReferences(tables: readonly NewTableFacts[], before: readonly NewTableFacts[]): NewTableFacts[] {
  if (before.length === 0) return [...tables];
  const made = tableIndex(before);
  return tables.map((table) => {
    const referenced = (table.definition?.constraints ?? []).flatMap((one) => one.referenced ?? []);
    return { ...table, references: [...table.references, ...referenced.filter((one) => made.has(one))] };
  });
}
