import type { Location } from '../actions/places';
import type { EnvironmentStatus, StreamStatus } from '../actions/status';
import { FOLLOWING, isHealthy } from '../model/health';
import { formatBytes } from './bytes';
import { clockTime, healthText } from './health-text';
import type { Style } from './style';
import { wrapped } from './wrapped';

/** Names are as long as 63 characters; the whole one stands below, where something is the matter. */
const LONGEST_NAME = 14;
const HEAD = ['database', 'state', 'since (UTC)', 'lag', 'WAL kept', 'tables'];

export function statusText(status: EnvironmentStatus, style: Style): string {
  const rows = status.streams.map(cells);
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < 3 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [
    `Environment ${style.bold(status.environment)} at ${clockTime(status.at)} UTC: ticket ${status.ticket}`,
    ...placeText('source', status.places.source, ''),
    ...placeText('clone', status.places.clone, cloneText(status)),
    '',
    style.dim(line(HEAD)),
    ...rows.map((row, index) => paint(status.streams[index]!, line(row), style)),
    ...statusNotes(status, style),
  ].join('\n');
}

/** What speaks against the streams, what comes next of them, and what stands beside them. */
export function statusNotes(status: EnvironmentStatus, style: Style): string[] {
  return [
    ...unreadText(status, style),
    ...alike(status.streams).flatMap((stream) => healthText(stream, style)),
    ...status.beside.flatMap((words) => ['', ...wrapped('', words, 2).map(style.yellow)]),
  ];
}

/** Of streams that wait for the same, which nothing speaks against, one says it for all. */
function alike(streams: readonly StreamStatus[]): StreamStatus[] {
  const waiting = new Map<string, StreamStatus[]>();
  for (const stream of streams)
    if (stream.problems.length === 0) waiting.set(stream.state, [...(waiting.get(stream.state) ?? []), stream]);
  return streams.flatMap((stream) => {
    const same = waiting.get(stream.state);
    if (stream.problems.length > 0 || same === undefined || same.length === 1) return [stream];
    const all = { ...stream, database: `${same.length} databases`, consequence: null };
    return same[0] === stream ? [all] : [];
  });
}

function placeText(side: string, place: Location | null, more: string): string[] {
  const head = `  ${side.padEnd(6)}`;
  if (place === null) return [`${head} not deployed`];
  return wrapped(head, `account ${place.accountId}, ${place.endpoint}${more}`, 9);
}

const cloneText = ({ clone, seedLsn }: EnvironmentStatus): string =>
  clone === 'not reached' ? ': not reached' : seedLsn === null ? '' : `, seed LSN ${seedLsn}`;

function unreadText({ unread }: EnvironmentStatus, style: Style): string[] {
  if (unread === null) return [];
  const { code, seen, next, meanwhile } = unread;
  return [
    '',
    ...wrapped('', `${code}: ${seen}`, 2).map(style.red),
    ...(next === '' ? [] : wrapped('  What to do:', next, 4)),
    ...wrapped('  ', meanwhile, 4).map(style.yellow),
  ];
}

function cells(stream: StreamStatus): string[] {
  const { database, state, since, lagBytes, retainedBytes, tables } = stream;
  return [
    database.length > LONGEST_NAME ? `${database.slice(0, LONGEST_NAME - 1)}…` : database,
    state,
    since === null ? '-' : shortTime(since),
    lagBytes === null ? '-' : formatBytes(lagBytes),
    retainedBytes === null ? '-' : formatBytes(retainedBytes),
    String(tables),
  ];
}

/** Without the year, which is clear from the head. */
const shortTime = (iso: string): string => clockTime(iso).slice(5, 16);

const paint = (stream: StreamStatus, text: string, style: Style): string =>
  isHealthy(stream) ? style.green(text) : FOLLOWING.includes(stream.state) ? style.yellow(text) : style.red(text);
