import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { OperatorError } from '../../errors/operator-error';
import { natureOf, type Body } from './natures';
import type { Statement, Unit } from './statement';
import { wordsOfPsql } from './words-of-psql';

/** A statement as the parser of PostgreSQL found it, or what begins and ends a transaction. */
interface Parsed extends Statement {
  readonly control: Control | null;
}

type Control = 'begin' | 'commit' | 'savepoint' | 'back';

const CONTROLS: Readonly<Record<string, Control>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'savepoint',
};

/**
 * What a file of SQL does, in the pieces that are committed at once.
 * @param whole the file is run as one transaction, as many tools for migrations do
 * @throws OperatorError DDL_FILE_EMPTY, DDL_SYNTAX, DDL_NOT_SQL, DDL_ROLLED_BACK
 */
export async function unitsOf(file: string, sql: string, whole: boolean): Promise<readonly Unit[]> {
  const parsed = await parse(file, sql);
  if (parsed.every(({ control }) => control !== null)) throw empty(file);
  const units: Unit[] = [];
  let open: Statement[] | null = whole ? [] : null;
  for (const { control, ...statement } of parsed) {
    if (control === 'back') throw rolledBack(statement);
    if (control === 'savepoint') continue;
    if (control === 'begin') open ??= [];
    else if (control === 'commit') {
      if (open !== null && open.length > 0) units.push({ statements: open, transaction: true });
      open = whole ? [] : null;
    } else if (open !== null) open.push(statement);
    else units.push({ statements: [statement], transaction: false });
  }
  if (open !== null && open.length > 0) {
    if (!whole) throw neverCommitted(open[0]!);
    units.push({ statements: open, transaction: true });
  }
  return units;
}

/** Every statement of a text, in its order. */
export async function parse(file: string, sql: string): Promise<readonly Parsed[]> {
  await loadModule();
  const text = sql.replace(/^\uFEFF/, '');
  const bytes = Buffer.from(text, 'utf8');
  return parsedBy(file, text).map(({ stmt, stmt_location = 0, stmt_len = 0 }) => {
    const end = stmt_len === 0 ? bytes.length : stmt_location + stmt_len;
    const start = stmt_location + afterComments(bytes.toString('utf8', stmt_location, end));
    const [node, body] = Object.entries(stmt ?? {})[0] as [string, Body & { kind?: string }];
    return {
      file,
      line: lineAt(bytes.toString('utf8', 0, start)),
      text: bytes.toString('utf8', start, end).trim(),
      node,
      nature: natureOf(node, body),
      roles: rolesIn(body),
      control: node === 'TransactionStmt' ? (CONTROLS[body.kind ?? ''] ?? 'back') : null,
    };
  });
}

type RawStatement = { stmt?: object; stmt_location?: number; stmt_len?: number };

function parsedBy(file: string, text: string): readonly RawStatement[] {
  // The parser takes an empty text for an error.
  if (text.trim() === '') return [];
  try {
    return (parseSync(text) as { stmts?: RawStatement[] }).stmts ?? [];
  } catch (cause) {
    const place = hasSqlDetails(cause) ? cause.sqlDetails!.cursorPosition : 0;
    const at = `${file}:${lineAt(text.slice(0, place))}`;
    const psql = wordsOfPsql(text, place);
    if (psql !== null) throw notSql(at, psql);
    throw new OperatorError({
      code: 'DDL_SYNTAX',
      seen: cause instanceof Error ? cause.message : String(cause),
      why: 'what cannot be parsed cannot be judged; no statement of any file was tried',
      next: 'correct the line; the grammar is that of PostgreSQL 18',
      location: at,
    });
  }
}

const lineAt = (before: string): number => before.split('\n').length;

/** Bytes of blanks and comments that a text begins with. Block comments nest. */
function afterComments(text: string): number {
  let at = 0;
  for (;;) {
    const rest = text.slice(at);
    const skipped = /^\s+/.exec(rest)?.[0] ?? /^--[^\n]*/.exec(rest)?.[0] ?? blockComment(rest);
    if (skipped === '') return Buffer.byteLength(text.slice(0, at));
    at += skipped.length;
  }
}

function blockComment(text: string): string {
  if (!text.startsWith('/*')) return '';
  let depth = 0;
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    depth += mark === '/*' ? 1 : -1;
    if (depth === 0) return text.slice(0, index + 2);
  }
  return text;
}

/** Of everything that the parser calls a role. */
function rolesIn(body: unknown): readonly string[] {
  const found = new Set<string>();
  const look = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    const { roletype, rolename } = node as { roletype?: unknown; rolename?: unknown };
    if (roletype === 'ROLESPEC_CSTRING' && typeof rolename === 'string') found.add(rolename);
    Object.values(node).forEach(look);
  };
  look(body);
  return [...found];
}

const empty = (file: string): OperatorError =>
  new OperatorError({
    code: 'DDL_FILE_EMPTY',
    seen: `${file} has no statement`,
    why: 'nothing in it can be judged, and it is not called safe',
    next: 'name the file of the migration, or take this one out of the folder',
    location: file,
  });

const rolledBack = (statement: Statement): OperatorError =>
  new OperatorError({
    code: 'DDL_ROLLED_BACK',
    seen: `${statement.text} takes back what stands before it, or leaves it prepared`,
    why: 'a migration is judged by what it leaves behind; no statement of any file was tried',
    next: 'take out what is rolled back or prepared, and judge the rest',
    location: `${statement.file}:${statement.line}`,
  });

const neverCommitted = (statement: Statement): OperatorError =>
  new OperatorError({
    code: 'DDL_ROLLED_BACK',
    seen: 'the transaction that begins before this line is never committed',
    why: 'what is not committed comes to nothing; no statement of any file was tried',
    next: 'end it with COMMIT',
    location: `${statement.file}:${statement.line}`,
  });

const notSql = (location: string, seen: string): OperatorError =>
  new OperatorError({
    code: 'DDL_NOT_SQL',
    seen,
    why: 'only psql understands it, and what it would send is not in the file; no statement of any file was tried',
    next: 'write what it stands for as SQL, or judge what psql sends: psql --echo-queries prints it',
    location,
  });
