import type { Location } from '../actions/places';
import type { EnvironmentStatus, StreamStatus } from '../actions/status';
import { FOLLOWING, isHealthy } from '../model/health';
import { formatBytes } from './bytes';
import { duration } from './duration';
import { clockTime, healthText } from './health-text';
import type { Style } from './style';
import { wrapped } from './wrapped';

/** Names are as long as 63 characters; the whole one stands below, where something is the matter. */
const WIDTH = 80;
const HEAD = ['database', 'state', 'since', 'proven', 'lag', 'behind', 'WAL kept'];
const TEXTS = 4;

export function statusText(status: EnvironmentStatus, style: Style): string {
  const rows = status.streams.map((stream) => cells(stream, status.at));
  const [longest, ...widths] = HEAD.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]!.length)),
  );
  const room = WIDTH - widths.reduce((sum, width) => sum + width + 2, 0);
  const all = [Math.min(longest!, room), ...widths];
  const line = ([name, ...others]: readonly string[]) =>
    [shortened(name!, room), ...others]
      .map((cell, column) => (column < TEXTS ? cell.padEnd(all[column]!) : cell.padStart(all[column]!)))
      .join('  ')
      .trimEnd();
  return [
    `Environment ${style.bold(status.environment)} at ${clockTime(status.at)} UTC: ticket ${status.ticket}`,
    ...placeText('source', status.places.source, ''),
    ...placeText('clone', status.places.clone, cloneText(status)),
    ...(status.clone === 'deployed' ? [`  rows   compared by sql-runner verify ${status.environment} alone`] : []),
    ...sequencesText(status),
    '',
    style.dim(line(HEAD)),
    ...rows.map((row, index) => paint(status.streams[index]!, line(row), style)),
    ...statusNotes(status, style),
    ...(status.clone === 'deployed'
      ? ['', ...wrapped('Not looked at by status:', LEFT_TO_OTHERS, 2).map(style.dim)]
      : []),
  ].join('\n');
}

/** What may stop a stream at its next change, and would have to be read of both sides anew each time. */
const LEFT_TO_OTHERS =
  'what the clone may refuse by its rights, row security, functions, foreign keys, publications and settings, and whether the servers have room; sql-runner plan and doctor look';

/** What speaks against the streams, what comes next of them, and what stands beside them. */
export function statusNotes(status: EnvironmentStatus, style: Style): string[] {
  return [
    ...unreadText(status, style),
    ...alike(status.streams).flatMap((stream) => healthText(stream, style)),
    ...status.unlooked.flatMap((words) => ['', ...wrapped('Not looked at:', words, 2)]),
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
    const all = { ...stream, database: `${same.length} databases`, consequence: mostOf(same) };
    return same[0] === stream ? [all] : [];
  });
}

/** What that of them costs production which costs it most. */
function mostOf(streams: readonly StreamStatus[]): string | null {
  const [most] = [...streams].sort((one, other) => (other.retainedBytes ?? 0) - (one.retainedBytes ?? 0));
  return most!.consequence === null ? null : `for ${most!.database}, the most of them: ${most!.consequence}`;
}

/** Of all databases in one line; which one is furthest behind where. */
function sequencesText({ environment, sequences }: EnvironmentStatus): string[] {
  if (sequences.length === 0) return [];
  const sum = (of: 'compared' | 'behind' | 'uncompared') => sequences.reduce((all, one) => all + one[of], 0);
  const [most] = [...sequences].sort((one, other) => (other.mostBehind ?? 0) - (one.mostBehind ?? 0));
  const behind =
    most!.mostBehind === null
      ? `none of ${sum('compared')} behind`
      : `${sum('behind')} of ${sum('compared')} behind, ${most!.furthest} in ${most!.database} most, by ${most!.mostBehind}: sql-runner sequences ${environment}`;
  const left =
    sum('uncompared') === 0 ? '' : `; ${sum('uncompared')} not compared: sql-runner plan ${environment} --sequences`;
  return wrapped('  sequences', behind + left, 9);
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

function cells(stream: StreamStatus, at: string): string[] {
  const { database, state, since, provenUntil, lagBytes, lagSeconds, retainedBytes } = stream;
  return [
    database,
    state,
    shortTime(since, at),
    shortTime(provenUntil, at),
    lagBytes === null ? '-' : formatBytes(lagBytes),
    lagSeconds === null ? '-' : duration(lagSeconds),
    retainedBytes === null ? '-' : formatBytes(retainedBytes),
  ];
}

const shortened = (name: string, room: number): string => (name.length > room ? `${name.slice(0, room - 1)}…` : name);

/** Of the day of the head the time, of another one the date. */
function shortTime(iso: string | null, at: string): string {
  if (iso === null) return '-';
  return iso.slice(0, 10) === at.slice(0, 10) ? iso.slice(11, 16) : iso.slice(5, 10);
}

const paint = (stream: StreamStatus, text: string, style: Style): string =>
  isHealthy(stream) ? style.green(text) : FOLLOWING.includes(stream.state) ? style.yellow(text) : style.red(text);
