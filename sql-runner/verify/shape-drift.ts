import { quoteQualified } from '../postgres/text/quoting';
import type { TableShape } from './table-shape';
import type { TableRef } from './types';

/** Why the target cannot hold the rows of the source; null when it can. Pure. */
export function shapeDrift(table: TableRef, source: TableShape | null, target: TableShape | null): string | null {
  const name = quoteQualified(table);
  if (source === null) return `${name} does not exist on the source`;
  if (target === null) return `${name} does not exist on the target; create it there and refresh the subscription`;
  const seen = columnDrift(source, target);
  return seen.length === 0 ? null : `${name} is not the same table on both sides: ${seen.join('; ')}`;
}

/** What replication has nothing to do with: it carries the columns of the source. Pure. */
export function onlyOnTarget(source: TableShape, target: TableShape): string[] {
  const there = new Set(source.columns.map(({ name }) => name));
  return target.columns.map(({ name }) => name).filter((name) => !there.has(name));
}

/** The order of the columns does not matter: replication matches them by name. */
function columnDrift(source: TableShape, target: TableShape): string[] {
  const there = new Map(target.columns.map((column) => [column.name, column.type]));
  return source.columns.flatMap(({ name, type }) => {
    const other = there.get(name);
    if (other === undefined) return [`column ${JSON.stringify(name)} is missing on the target`];
    return other === type ? [] : [`column ${JSON.stringify(name)} is ${type} on the source and ${other} on the target`];
  });
}
