import { isFollowing } from '../actions/status';
import type { StreamStatus } from '../actions/status';
import type { WatchSample } from '../actions/watch';
import { isHealthy } from '../model/health';
import type { LagHistory, Pace } from '../model/lag-history';
import { formatBytes } from './bytes';
import { duration } from './duration';
import { statusNotes } from './status-text';
import type { Style } from './style';

/** As much of an error as is shown. */
type Told = Readonly<Record<'code' | 'seen' | 'why' | 'next', string>>;

const WIDTH = 80;
const TREND = 8;
const HEAD = ['database', 'state', 'to go', 'behind', 'written/s', 'applied/s', 'done in'];
const LEVELS = '▁▂▃▄▅▆▇█';

/** One picture of all streams, with what speaks against them below. */
export function watchText({ at, wholeAt, status, histories }: WatchSample, style: Style): string {
  const rows = status.streams.map((stream) => cells(stream, histories.get(stream.slot)));
  const widths = HEAD.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => row.map((cell, column) => aligned(cell, widths[column]!, column)).join('  ');
  const room = widths.reduce((sum, width) => sum + width + 2, 0) + TREND <= WIDTH;
  const drawn = status.streams.map(({ slot }, index) => {
    const trend = sparkline(histories.get(slot)?.lags(TREND) ?? []);
    return `${line(rows[index]!)}${room ? `  ${trend}` : ''}`.trimEnd();
  });
  return [
    `Environment ${style.bold(status.environment)}: clone ${status.clone}, ${clock(at)} UTC`,
    style.dim(`read in whole at ${clock(wholeAt)}; since then only how far the streams are`),
    '',
    style.dim(`${line(HEAD)}${room ? '  trend' : ''}`),
    ...drawn.map((text, index) => paint(status.streams[index]!, text, style)),
    ...statusNotes(status, style),
  ].join('\n');
}

/** One line for each stream that stands otherwise than at the sample before. */
export function changesText(before: WatchSample | null, now: WatchSample, style: Style): string[] {
  const known = new Map((before?.status.streams ?? []).map((stream) => [stream.slot, headline(stream)]));
  return now.status.streams
    .filter((stream) => known.get(stream.slot) !== headline(stream))
    .map((stream) => {
      const left = stream.lagBytes === null ? '' : `, ${formatBytes(stream.lagBytes)} to go`;
      return paint(stream, `${clock(now.at)} ${stream.database}: ${headline(stream)}${left}`, style);
    });
}

/** In place of changes, when there were none for long. */
export function quietText({ at, status }: WatchSample): string {
  const counts = new Map<string, number>();
  for (const { state } of status.streams) counts.set(state, (counts.get(state) ?? 0) + 1);
  const streams = [...counts].map(([state, count]) => `${count} ${state}`);
  return [`${clock(at)} nothing has changed`, ...(streams.length > 0 ? [streams.join(', ')] : [])].join(': ');
}

/** As a machine reads it: the status, and of each stream its pace. */
export function watchJson({ at, wholeAt, status, histories }: WatchSample): object {
  const streams = status.streams.map((stream) => ({ ...stream, pace: histories.get(stream.slot)?.pace() ?? null }));
  return {
    type: 'sample',
    ...status,
    at: at.toISOString(),
    wholeAt: wholeAt.toISOString(),
    following: isFollowing(status),
    streams,
  };
}

/** In place of what was seen before, which need not be so any more. */
export function unseenText(at: Date, last: WatchSample, error: Told, style: Style): string {
  const when = `${clock(at)} nothing can be seen of environment ${last.status.environment}`;
  return [
    style.red(`${when}; it was seen last at ${clock(last.at)} UTC`),
    `${error.code}: ${error.seen}`,
    `What to do: ${error.next}`,
    'Looking again.',
  ].join('\n');
}

export function unseenJson(at: Date, error: Told): object {
  const { code, seen, why, next } = error;
  return { type: 'unseen', at: at.toISOString(), code, seen, why, next };
}

const headline = ({ state, problems }: StreamStatus): string =>
  [state, ...problems.map(({ code, seen, next }) => `${code}: ${seen}; ${next}`)].join('; ');

/** From the latest to the least: how much is to go, in eight steps of the most that is shown. */
export function sparkline(lags: readonly number[]): string {
  const most = Math.max(...lags, 1);
  return lags.map((lag) => LEVELS[Math.ceil((lag / most) * (LEVELS.length - 1))]).join('');
}

function cells(stream: StreamStatus, history: LagHistory | undefined): string[] {
  const pace = history?.pace();
  const bytes = (value: number | null | undefined) => (value == null ? '-' : formatBytes(Math.round(value)));
  return [
    stream.database,
    stream.state,
    bytes(stream.lagBytes),
    behind(pace),
    bytes(pace?.writeRate),
    bytes(pace?.applyRate),
    pace?.etaSeconds == null ? '-' : duration(pace.etaSeconds),
  ];
}

function behind(pace: Pace | undefined): string {
  // One look tells nothing of an age.
  if (pace === undefined || pace.behindSeconds === null || (pace.atLeast && pace.behindSeconds === 0)) return '-';
  return `${pace.atLeast ? '> ' : ''}${duration(pace.behindSeconds)}`;
}

const aligned = (cell: string, width: number, column: number): string =>
  column < 2 ? cell.padEnd(width) : cell.padStart(width);

const clock = (at: Date): string => at.toISOString().slice(11, 19);

function paint(stream: StreamStatus, text: string, style: Style): string {
  return isHealthy(stream) ? text : style.yellow(text);
}
