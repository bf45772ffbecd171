import type { DocumentPath } from '../errors/problem';
import { settingAt } from './known-keys';

/**
 * How what was written would stand in the shape that belongs there: a mapping or a list where there is something else.
 * Undefined where it is not plain what was meant.
 */
export function inShape(path: DocumentPath, expected: string, value: unknown, document: unknown): string | undefined {
  if (value === null) return 'Give it a value, or remove the line.';
  if (expected === 'array') return asList(path, value);
  return expected === 'object' ? asMapping(path, value, document) : undefined;
}

function asList(path: DocumentPath, value: unknown): string {
  if (typeof value === 'object') return 'Begin each entry with a hyphen.';
  return `Write it as a list: ${key(path)}[${String(value)}].`;
}

function asMapping(path: DocumentPath, value: unknown, document: unknown): string {
  const known = settingAt(path, document);
  const names = Object.keys(known);
  const meant = names.find((name) => known[name]?.enum?.includes(value)) ?? names.find((name) => name === 'name');
  const type = names.includes('type') ? 'type' : undefined;
  const name = meant ?? type;
  if (typeof value === 'object' || name === undefined) return `Write a mapping of: ${names.join(', ')}.`;
  return `Write it as a mapping: ${key(path)}{ ${name}: ${String(value)} }.`;
}

/** Entries of a list have none. */
function key(path: DocumentPath): string {
  const last = path[path.length - 1];
  return typeof last === 'string' ? `${last}: ` : '';
}
