import type { KeyPart, StreamCause } from '../model/stream-cause';
import type { QualifiedName } from '../postgres/text/quoting';
import type { LogEntry } from './log-entries';
import { kindOf } from './log-kinds';

type Parts = Omit<StreamCause, 'among'>;

/** What one message says, in parts. */
export function partsOf(entry: LogEntry): Parts {
  const { message, at, pid } = entry;
  const context = ownContext(entry);
  return {
    kind: kindOf(message),
    at,
    pid,
    table: tableIn(message) ?? tableIn(context),
    column:
      first(/\bcolumn "(.*?)"(?= of relation| in transaction|,|$)/, message) ??
      missingColumns(message) ??
      first(/" column "(.*?)"(?= in transaction|,|$)/, context),
    constraint: first(/\b(?:constraint|unique index) "(.*?)"(?=,|$)/m, `${message}\n${entry.detail ?? ''}`),
    key: keyIn(entry.detail ?? ''),
    finishLsn: first(/\bfinished at ([0-9A-F]+\/[0-9A-F]+)/, context),
    words: wordsOf(entry),
    holder: Number(first(/\bis active for PID (\d+)/, message) ?? '0') || null,
  };
}

/** The oid of the subscription whose origin the worker was at, as 15 and later say. */
export const originOf = (entry: LogEntry): number | null =>
  Number(first(/\breplication origin "pg_(\d+)"/, ownContext(entry)) ?? '0') || null;

/** What the worker itself adds: the last of the lines, as those of functions that it called come before. */
function ownContext({ context }: LogEntry): string {
  const lines = (context ?? '').split('\n').filter((line) => line.startsWith('processing remote data'));
  return lines.at(-1) ?? '';
}

function tableIn(text: string): QualifiedName | null {
  const named = first(/\brelation "(.*?)"(?=: conflict=| column "| in transaction|, | is | has | does |$)/, text);
  const parts = named?.split('.') ?? [];
  // Neither of both names is quoted there: with another dot nobody knows where one ends.
  return parts.length === 2 ? { schema: parts[0]!, name: parts[1]! } : null;
}

function missingColumns(message: string): string | null {
  return first(/\breplicated columns?: "(.*)"$/, message)?.replaceAll('", "', ', ') ?? null;
}

/** Where it stands twice, the first can be a part of the value. */
const OF_CLONE = '); existing local row (';

/** `Key (id, "Part")=(1, x) already exists.`, and the line that 18 has of a conflict. */
function keyIn(detail: string): readonly KeyPart[] | null {
  const [, columns, values] =
    /^Key \((.+?)\)=\((.*)\) already exists\.$/s.exec(detail) ??
    (detail.split(OF_CLONE).length === 2 ? /^Key \((.+?)\)=\((.*?)\); existing local row \(/ms.exec(detail) : null) ??
    [];
  if (columns === undefined || values === undefined) return null;
  const names = columns.match(/(?:^|, )(?:[a-z_][a-z0-9_]*|"(?:[^"]|"")+")(?=, |$)/g);
  // An expression is no column.
  if (names === null || names.join('') !== columns) return null;
  // Where a value has the mark between values in it, there are more parts than columns.
  const parts = names.length === 1 ? [values] : values.split(', ');
  if (parts.length !== names.length || parts.some((value) => value === 'null')) return null;
  return names.map((name, index) => ({ column: unquoted(name.replace(/^, /, '')), value: parts[index]! }));
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

const LONGEST = 160;

/** One line of it, and no values of rows: what was refused as a value is left out. */
function wordsOf({ message }: LogEntry): string {
  const told = message
    .replace(/^.*?\bcould not connect to the publisher: /s, '')
    .split('\n', 1)[0]!
    .replace(/\s+/g, ' ')
    .trim();
  // Written so that the bundle has no letter beyond ASCII: V8 would keep all of it in two bytes each (bundle.js).
  const plain =
    kindOf(message) === 'value refused' ? told.replace(/(?<!encoding )"(?:[^]*)"/, '…').replace(/: \u2026$/, '') : told;
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}

function first(pattern: RegExp, text: string): string | null {
  return pattern.exec(text)?.[1] ?? null;
}
