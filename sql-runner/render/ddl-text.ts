import type { DdlList } from '../actions/ddl';
import type { DdlOfDatabase, DdlShown } from '../model/ddl';
import type { Style } from './style';
import { wrapped } from './wrapped';

const WIDTH = 80;

/** One line a statement, the latest last, and what to do where the stream stands. */
export function ddlText({ environment, databases }: DdlList, style: Style): string {
  return databases.map((one) => ofDatabase(environment, one, style)).join('\n\n');
}

function ofDatabase(environment: string, { database, mode, missed, statements }: DdlOfDatabase, style: Style): string {
  const does = mode === 'apply' ? 'carried out on the clone' : 'written down only';
  const digits = Math.max(1, ...statements.map(({ number }) => String(number).length));
  const stopped = statements.find(({ state }) => state === 'stopped');
  return [
    `DDL of database ${style.bold(database)}, ${does}:`,
    ...(statements.length === 0 ? ['  nothing was noted yet'] : []),
    ...statements.map((one) => `  ${line(one, digits, style)}`),
    ...(missed === 0
      ? []
      : [style.red(`  ${missed} more could not be noted: the log of the source's server says why`)]),
    ...(stopped === undefined ? [] : ['', ...standing(environment, stopped, style)]),
  ].join('\n');
}

function line(one: DdlShown, digits: number, style: Style): string {
  const text = (one.part ?? one.statement ?? '(too long to be noted)').replace(/\s+/g, ' ').trim();
  const head = `${String(one.number).padStart(digits)}  ${minute(one.at)}  ${one.state.padEnd(8)}  `;
  const room = WIDTH - 2 - head.length;
  return `${paint(one, head, style)}${text.length <= room ? text : `${text.slice(0, room - 1)}…`}`;
}

function standing(environment: string, { number, detail, part }: DdlShown, style: Style): string[] {
  return [
    style.red(`The stream stands before statement ${number}; nothing behind it has come to the clone.`),
    ...wrapped('Why:', detail ?? 'it failed, or did something else on the clone, as the log of its server says', 5),
    `The whole of it: sql-runner ddl show ${environment} ${number}`,
    ...(part === null ? [] : [`Carry it out:    sql-runner ddl apply ${environment} ${number}`]),
    `Leave it out:    sql-runner ddl skip ${environment} ${number}`,
    '(skip it once the clone has what it did, done by hand)',
  ];
}

const CARRIED_OUT = 'Carried out on the clone:';
/** A client may send several in one string. */
const MEANT = 'This statement of what the client sent:';

/** All of one statement. */
export function ddlStatementText(of: DdlOfDatabase, one: DdlShown, style: Style): string {
  const lines: [string, string][] = [
    ['kind', one.tag],
    ['ran', `${one.at} at ${one.lsn}, in transaction ${one.transaction}`],
    ['as', one.role === one.login ? one.role : `${one.role} (login ${one.login})`],
    ['search path', one.searchPath],
    ['objects', one.objects.join(', ') || 'none'],
    ['state', one.done === null ? one.state : `${one.state} at ${one.done}`],
    ...(one.detail === null ? [] : ([['why', one.detail]] as [string, string][])),
    ...(one.decision === null ? [] : ([['decided', one.decision]] as [string, string][])),
  ];
  return [
    `Statement ${style.bold(String(one.number))} of database ${of.database}`,
    ...lines.map(([name, text]) => `  ${name.padEnd(11)}  ${text}`),
    ...(one.part === null ? [] : ['', style.dim(one.state === 'applied' ? CARRIED_OUT : MEANT), one.part.trim()]),
    '',
    style.dim('As the client sent it:'),
    one.statement?.trim() ?? '(too long to be noted)',
  ].join('\n');
}

function paint({ state }: DdlShown, text: string, style: Style): string {
  if (state === 'stopped' || state === 'failed') return style.red(text);
  return state === 'applied' ? style.green(text) : style.dim(text);
}

const minute = (at: string): string => at.slice(0, 16).replace('T', ' ');
