/** One message of a server's log, with the lines that belong to it. */
export interface LogEntry {
  /** ISO 8601; as fine as the log has it. */
  readonly at: string;
  readonly pid: number;
  readonly level: string;
  readonly message: string;
  readonly detail: string | null;
  readonly context: string | null;
}

const MESSAGE = 'DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC';
const BESIDE = 'DETAIL|HINT|CONTEXT|STATEMENT|QUERY|LOCATION|BACKTRACE';
const LEVEL = `(${MESSAGE}|${BESIDE}):  (.*)`;
const TIME = String.raw`^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) (\S+?)`;

/**
 * Of processes that no client has made, workers among them: of a session the prefix holds what the client says of itself
 * (%u, %d, %a), and may look like anything. RDS writes `%t:%r:%u@%d:[%p]:`, perhaps with more behind it; PostgreSQL
 * itself `%m [%p] `, and `%q` ends the prefix of a worker.
 */
const PREFIXES = [
  new RegExp(String.raw`${TIME}::@:\[(\d+)\]:(?:[\w\s:./+-]*:)?${LEVEL}$`),
  new RegExp(String.raw`${TIME} \[(\d+)\] ${LEVEL}$`),
];

/** Lines that begin with a tab go on with the one before (append_with_tabs in elog.c). */
export function logEntries(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  const open = new Map<number, Draft>();
  let latest: { draft: Draft; part: Part } | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('\t')) {
      if (latest !== null) latest.draft[latest.part] += `\n${line.slice(1)}`;
      continue;
    }
    latest = null;
    const read = serverLine(line);
    if (read === null) continue;
    const part = PARTS[read.level];
    if (part === undefined && new RegExp(`^(?:${MESSAGE})$`).test(read.level)) {
      const draft = { ...read, message: read.words, detail: null, context: null };
      entries.push(draft);
      open.set(read.pid, draft);
      latest = { draft, part: 'message' };
    } else if (part !== undefined && open.has(read.pid)) {
      const draft = open.get(read.pid)!;
      draft[part] = read.words;
      latest = { draft, part };
    }
  }
  return entries;
}

type Part = 'message' | 'detail' | 'context';
type Draft = { -readonly [Name in keyof LogEntry]: LogEntry[Name] };
const PARTS: Readonly<Record<string, Part>> = { DETAIL: 'detail', CONTEXT: 'context' };

/** A line of a process that no client has made; null: it is another one. */
export function serverLine(line: string): { at: string; pid: number; level: string; words: string } | null {
  for (const prefix of PREFIXES) {
    const [, date, time, zone, pid, level, words] = prefix.exec(line) ?? [];
    const at = date === undefined ? null : isoTime(date, time!, zone!);
    if (at !== null) return { at, pid: Number(pid), level: level!, words: withoutState(words!) };
  }
  return null;
}

/** null: of other zones the log has abbreviations, which stand for several; RDS writes UTC. */
export function isoTime(date: string, time: string, zone: string): string | null {
  const offset = /^(?:UTC|GMT|Z)$/.test(zone) ? 'Z' : /^[+-]\d\d$/.test(zone) ? `${zone}:00` : null;
  const parsed = Date.parse(`${date}T${time.slice(0, 12)}${offset ?? '!'}`);
  return Number.isNaN(parsed) ? null : new Date(parsed).toISOString();
}

/** Before each message where log_error_verbosity is verbose: its SQLSTATE. */
export const withoutState = (message: string): string => message.replace(/^[0-9A-Z]{5}: /, '');
