import { displayTable } from '../model/table-selection';
import { quoteQualified, type QualifiedName } from '../postgres/text/quoting';

/** Where a table stands among others. */
export interface Placed {
  readonly relation: QualifiedName;
  readonly parent: QualifiedName | null;
  readonly bound: string | null;
  readonly inherits: readonly QualifiedName[];
}

export function place({ parent, bound, inherits }: Placed): string {
  if (parent !== null) return `a partition of ${displayTable(parent)} ${bound}`;
  if (inherits.length === 0) return 'no partition';
  return `a table that inherits from ${inherits.map(displayTable).sort().join(', ')}`;
}

/** What brings the clone's table to the place that it has on the source. */
export function moved(there: Placed, here: Placed): string[] {
  const name = quoteQualified(here.relation);
  return [
    ...(here.parent === null ? [] : [`ALTER TABLE ${quoteQualified(here.parent)} DETACH PARTITION ${name}`]),
    ...without(here.inherits, there.inherits).map((above) => `ALTER TABLE ${name} NO INHERIT ${quoteQualified(above)}`),
    ...(there.parent === null
      ? []
      : [`ALTER TABLE ${quoteQualified(there.parent)} ATTACH PARTITION ${name} ${there.bound}`]),
    ...without(there.inherits, here.inherits).map((above) => `ALTER TABLE ${name} INHERIT ${quoteQualified(above)}`),
  ];
}

function without(tables: readonly QualifiedName[], others: readonly QualifiedName[]): readonly QualifiedName[] {
  const known = new Set(others.map(displayTable));
  return tables.filter((table) => !known.has(displayTable(table)));
}
