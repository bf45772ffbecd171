/**
 * Row filters, as an environment file writes them and as a server shows them (pg_get_expr): the condition of CREATE
 * PUBLICATION … WHERE. It is put between parentheses into statements, so it must not be able to leave them: what could
 * is refused here, whatever PostgreSQL would make of it.
 */
export interface RowFilter {
  /** The tokens, as they go into a statement. */
  readonly text: string;
  /** Every name in it, as the catalog would hold it: of columns, functions, types, and keywords. */
  readonly names: ReadonlySet<string>;
}

export interface NoFilter {
  readonly fault: string;
}

const IDENTIFIER = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y;
const QUOTED = /"(?:[^"\0]|"")+"/y;
const LITERAL = /'(?:[^'\\\0]|'')*'/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SPACE = /\s+/y;
/** Of operators, with the signs of casts, lists, subscripts and qualified names. */
const SIGN = /[-+*/<>=~!@#%^&|`?:,.]/y;
const OPENS: Readonly<Record<string, string>> = { '(': ')', '[': ']' };

const TOUCHES = /[\w'"$\u0080-\uffff]$/;
const TOUCHES_TEXT = /[\w'"$&\u0080-\uffff]$/;

export function parseRowFilter(text: string): RowFilter | NoFilter {
  const parts: string[] = [];
  const names = new Set<string>();
  const open: string[] = [];
  const taken = (pattern: RegExp, at: number): string => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  let before = '';
  for (let at = 0; at < text.length;) {
    const sign = text[at]!;
    if (text.startsWith('--', at) || text.startsWith('/*', at)) return fault('it has a comment');
    const word = taken(IDENTIFIER, at) || taken(QUOTED, at);
    const value = word || taken(LITERAL, at) || taken(NUMBER, at);
    // Two that touch are one of another kind: E'…', U&"…", 0x1f.
    const touches = /^['"]/.test(value) ? TOUCHES_TEXT : TOUCHES;
    if (value !== '' && touches.test(before)) return fault(`${JSON.stringify(before + value)} is not told apart`);
    if (word !== '') names.add(nameOf(word));
    const one = value || taken(SPACE, at) || taken(SIGN, at);
    if (one === '') {
      if (OPENS[sign] !== undefined) open.push(OPENS[sign]);
      else if (open.pop() !== sign) return fault(`${JSON.stringify(sign)} does not belong there`);
    }
    before = one || sign;
    parts.push(before);
    at += before.length;
  }
  if (open.length > 0) return fault(`${JSON.stringify(open.at(-1))} is missing`);
  return names.size === 0 ? fault('it names no column') : { text: parts.join('').trim(), names };
}

const fault = (seen: string): NoFilter => ({ fault: seen });

/** As the server folds them: ASCII alone, whatever the encoding of the database. */
const nameOf = (word: string): string =>
  word.startsWith('"')
    ? word.slice(1, -1).replaceAll('""', '"')
    : word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export const isRowFilter = (text: string): boolean => !('fault' in parseRowFilter(text));

/** What becomes of a table in a stream that carries a part of it alone. */
export interface Part {
  /** Only rows for which this is true. */
  readonly where?: string;
  /** Only these columns. */
  readonly columns?: readonly string[];
}

export const isPart = ({ where, columns }: Part): boolean => where !== undefined || columns !== undefined;

/** As they are written, but for the order of the columns. */
export const samePart = (a: Part, b: Part): boolean =>
  a.where === b.where && JSON.stringify(sorted(a.columns)) === JSON.stringify(sorted(b.columns));

const sorted = (columns: readonly string[] | undefined): readonly string[] | null =>
  columns === undefined ? null : [...columns].sort();

/** For sentences. */
export function describePart({ where, columns }: Part): string {
  const rows = where === undefined ? [] : [`rows where ${where}`];
  return [...rows, ...(columns === undefined ? [] : [`columns ${columns.join(', ')}`])].join(', ');
}
