import { isName } from './postgres-names';

/**
 * Tables that a selection leaves out, as the environment file and the contract write them: `schema.table`, where `*`
 * outside of double quotes stands for any characters, also none. Both sides of the product read the same text.
 */
export interface TablePattern {
  /** What is written between the stars; one part: it is a name. Unquoted. */
  readonly schema: readonly string[];
  readonly name: readonly string[];
}

const PART = '(?:[a-z_*][a-z0-9_$*]*|"(?:[^"\\0]|"")+")';
const PATTERN = new RegExp(`^(${PART})\\.(${PART})$`);

/** undefined: it is none, or no name is as long as what it writes out. */
export function parseTablePattern(text: string): TablePattern | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [schema, name] = [partsOf(match[1] ?? ''), partsOf(match[2] ?? '')];
  const fits = (parts: readonly string[]): boolean => (parts.length > 1 ? isShort(parts) : isName(parts[0]!));
  return fits(schema) && fits(name) ? { schema, name } : undefined;
}

const isShort = (parts: readonly string[]): boolean => {
  const written = parts.join('');
  return written === '' || isName(written);
};

const partsOf = (part: string): string[] =>
  part.startsWith('"') ? [part.slice(1, -1).replaceAll('""', '"')] : part.split('*');

/** What is asked once for each table of a database: whether one of these patterns means it. */
export function tableMatcher(patterns: readonly string[]): (table: { schema: string; name: string }) => boolean {
  const parsed = patterns.flatMap((text) => parseTablePattern(text) ?? []);
  return ({ schema, name }) => parsed.some((one) => matches(one.schema, schema) && matches(one.name, name));
}

/** Each part after the one before; the last one at the end. */
function matches(parts: readonly string[], text: string): boolean {
  const [first, ...others] = parts;
  if (others.length === 0) return text === first;
  const last = others.pop()!;
  if (!text.startsWith(first!)) return false;
  let at = first!.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
