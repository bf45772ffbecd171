import { isoTime, withoutState } from './log-entries';
import { LogSettings, type ChangedSetting } from './log-settings';

/** Somebody began to read from a logical slot, or made one, as the source's log tells. */
export interface DecodingStart {
  readonly at: string;
  readonly pid: number;
  /** null: the prefix of its lines does not tell. */
  readonly user: string | null;
  readonly database: string | null;
  /** Of one that was made it is in the statement, which `statement` has. */
  readonly slot: string | null;
  /** Its confirmed_flush_lsn by then (CreateDecodingContext in logical.c), or where a new one begins; null: not told. */
  readonly from: string | null;
  /** null: not told. */
  readonly statement: string | null;
}

export interface SettingThen extends ChangedSetting {
  /** How many of the starts come before it. */
  readonly after: number;
}

export interface DecodingLog {
  /** ISO 8601, of the oldest line; null: no line could be read. */
  readonly since: string | null;
  /** In their order. */
  readonly starts: readonly DecodingStart[];
  /** Each time that the server took over another setting on which its lines depend, in their order. */
  readonly settings: readonly SettingThen[];
}

const HEAD = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) ([A-Z]{1,5}|[+-]\d\d)[: ]/;
const LEVELS = /\b(DEBUG[1-5]?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|CONTEXT|STATEMENT|QUERY):  /g;
/** `%r:%u@%d:[%p]:`, as RDS has it; each of a length that a server allows. */
const OF_RDS = /^[^@]{0,260}:([^:@]{0,64})@([^:@]{0,64}):\[(\d{1,10})\]/;
const LONGEST_HEAD = 500;
const LONGEST_STATEMENT = 1_000;

const STARTING = /^starting logical decoding for slot "([a-z0-9_]{1,64})"$/;
const POINT = /^logical decoding found consistent point at ([0-9A-F]{1,8}\/[0-9A-F]{1,8})$/;
const AFTER =
  /^Streaming transactions committing after ([0-9A-F]{1,8}\/[0-9A-F]{1,8}), reading WAL from [0-9A-F]{1,8}\/[0-9A-F]{1,8}\.$/;
/** What no worker's statement begins with: of such a line it cannot be told where the statement begins. */
const UNCLEAR = '? ';

/**
 * Each start of logical decoding is logged at level LOG, whoever starts it: a WAL sender, pg_logical_slot_get_changes or
 * pg_replication_slot_advance (13 to 18; from 19 on functions are logged at DEBUG1 only, LogicalDecodingLogLevel in
 * logical.h). Lines of sessions are read here, of which the prefix holds what a client says of itself, a level of its own
 * too: so what is told of is known by how the line ends. Who forges one can only raise a doubt that comparing the rows
 * ends, or be taken for the worker, which he would have to be first.
 *
 * One pass over the text.
 */
export function decodingLog(text: string): DecodingLog {
  let since: string | null = null;
  const drafts: Draft[] = [];
  const settings: SettingThen[] = [];
  const reloads = new LogSettings();
  const open = new Map<number, Draft>();
  let goesOn: Draft | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('\t')) {
      if (goesOn !== null) goesOn.statement = cut(`${goesOn.statement}\n${line.slice(1)}`);
      continue;
    }
    goesOn = null;
    const read = lineOf(line);
    const changed = reloads.read(line);
    if (changed !== null) settings.push({ ...changed, after: drafts.length });
    if (read === null) continue;
    since ??= read.at;
    const { pid, level, words } = read;
    const draft = open.get(pid);
    if (level === 'STATEMENT') {
      if (draft !== undefined) draft.statement = cut(words);
      goesOn = draft ?? null;
    } else if (level === 'DETAIL') {
      if (draft !== undefined) draft.from ??= AFTER.exec(words)?.[1] ?? null;
    } else if (!/^(?:HINT|CONTEXT|QUERY)$/.test(level)) {
      open.delete(pid);
      const slot = STARTING.exec(words)?.[1] ?? null;
      const point = POINT.exec(words)?.[1] ?? null;
      if (level !== 'LOG' || (slot === null && point === null)) continue;
      const { at, user, database } = read;
      const begun = { at, pid, user, database, slot, from: point, statement: null };
      drafts.push(begun);
      open.set(pid, begun);
    }
  }
  return { since, starts: drafts, settings };
}

type Draft = { -readonly [Name in keyof DecodingStart]: DecodingStart[Name] };

const cut = (text: string): string => text.slice(0, LONGEST_STATEMENT);

interface Line extends Pick<DecodingStart, 'at' | 'pid' | 'user' | 'database'> {
  readonly level: string;
  readonly words: string;
}

function lineOf(line: string): Line | null {
  const [matched, date, time, zone] = HEAD.exec(line) ?? [];
  const found = markIn(line);
  const at = matched === undefined ? null : isoTime(date!, time!, zone!);
  if (at === null || found === null) return null;
  const head = line.slice(matched!.length, found.index);
  const [, user, database, ofSession] = OF_RDS.exec(`:${head}`) ?? [];
  const pid = ofSession ?? /\[(\d{1,10})\]/.exec(head)?.[1];
  if (pid === undefined) return null;
  return {
    at,
    pid: Number(pid),
    user: user === undefined || user === '' ? null : user,
    database: database === undefined || database === '' ? null : database,
    level: found.level,
    words: found.words,
  };
}

interface Mark {
  readonly level: string;
  readonly index: number;
  readonly words: string;
}

/** Where the prefix ends. A name in it may look like a level, and a statement may have one in it. */
function markIn(line: string): Mark | null {
  const marks = [...line.slice(0, LONGEST_HEAD).matchAll(LEVELS)].map((found): Mark => ({
    level: found[1]!,
    index: found.index,
    words: withoutState(line.slice(found.index + found[0].length)),
  }));
  if (marks.length <= 1) return marks[0] ?? null;
  const statement = marks.find(({ level }) => level === 'STATEMENT');
  return (
    marks.find(isTold) ??
    (statement === undefined ? marks[0]! : { ...statement, words: `${UNCLEAR}${statement.words}` })
  );
}

const isTold = ({ level, words }: Mark): boolean =>
  (level === 'LOG' && (STARTING.test(words) || POINT.test(words))) || (level === 'DETAIL' && AFTER.test(words));
