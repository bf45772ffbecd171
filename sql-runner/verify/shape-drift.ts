import { quoteQualified } from '../postgres/quoting';
import type { TableShape } from './table-shape';
import type { TableRef } from './types';

/** Why two tables cannot hold the same rows; null when they can. Pure. */
export function shapeDrift(table: TableRef, source: TableShape | null, target: TableShape | null): string | null {
  const name = quoteQualified(table);
  if (source === null) return `${name} does not exist on the source`;
  if (target === null) return `${name} does not exist on the target; create it there and refresh the subscription`;
  const seen = columnDrift(source, target);
  return seen.length === 0 ? null : `${name} is not the same table on both sides: ${seen.join('; ')}`;
}

/** The order of the columns does not matter: replication matches them by name. */
function columnDrift(source: TableShape, target: TableShape): string[] {
  const there = new Map(target.columns.map((column) => [column.name, column.type]));
  const here = new Set(source.columns.map((column) => column.name));
  const drift = source.columns.flatMap(({ name, type }) => {
    const other = there.get(name);
    if (other === undefined) return [`column ${JSON.stringify(name)} is missing on the target`];
    return other === type ? [] : [`column ${JSON.stringify(name)} is ${type} on the source and ${other} on the target`];
  });
  const extra = target.columns.filter((column) => !here.has(column.name));
  return [...drift, ...extra.map((column) => `column ${JSON.stringify(column.name)} is missing on the source`)];
}
