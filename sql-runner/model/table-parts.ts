import type { Selection } from '../../contract/contract';
import { isPart, samePart, type Part } from '../../contract/row-filter';
import type { PublicationMark } from './mark';
import type { PublishedTableFacts, TableName } from './observation';
import { tableIndex } from './table-index';
import type { TablePart } from './table-notes';

/**
 * Tables of which a stream carries a part: rows for which a condition is true, or some columns, or both. What the
 * environment says of them goes into the publication and its mark, and is then as fixed as the list of its tables: the
 * clone has no row outside of the condition (see resources/rows-outside.ts).
 */

/** What the environment selects of a table; nothing: the whole. */
export function wantedPart(selection: Selection, table: TableName): Part {
  if (selection.kind !== 'tables') return {};
  const { where, columns } = tableIndex(selection.tables).get(table) ?? {};
  return { ...(where === undefined ? {} : { where }), ...(columns === undefined ? {} : { columns }) };
}

/** For the mark, of the tables that are published. */
export function wantedParts(selection: Selection, tables: readonly (TableName & { oid?: number })[]): TablePart[] {
  return tables.flatMap(({ oid, schema, name }) => {
    const { where, columns } = wantedPart(selection, { schema, name });
    if (!isPart({ where, columns })) return [];
    return [{ ...(oid === undefined ? {} : { oid }), schema, name, where, columns: columns && [...columns] }];
  });
}

/** By its oid where both have one: a table keeps its part under another name. */
export function partOf<T extends TableName & { readonly oid?: number }>(
  parts: readonly T[],
  table: TableName & { readonly oid?: number },
): T | undefined {
  return parts.find((part) =>
    part.oid === undefined || table.oid === undefined
      ? part.schema === table.schema && part.name === table.name
      : part.oid === table.oid,
  );
}

/** Whether they say the same of the same tables. */
export const sameParts = (a: readonly TablePart[], b: readonly TablePart[]): boolean =>
  a.length === b.length &&
  a.every((part) => {
    const other = partOf(b, part);
    return other !== undefined && samePart(part, other);
  });

/** A mark with these, and no others. */
export function withParts(mark: PublicationMark, parts: readonly TablePart[]): PublicationMark {
  const { parts: _, ...rest } = mark;
  return parts.length === 0 ? rest : { ...rest, parts: [...parts] };
}

/** Whether a publication sends a part of it. */
export const isSentInPart = ({ filter, columns }: Pick<PublishedTableFacts, 'filter' | 'columns'>): boolean =>
  filter !== undefined || columns !== undefined;
