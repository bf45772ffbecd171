import Table from 'cli-table3';
import type { EnvironmentStatus, StreamState, StreamStatus } from '../actions/status';
import { formatBytes } from './bytes';
import type { Style } from './style';

const FINE: readonly StreamState[] = ['streaming', 'catching up'];

export function statusText(status: EnvironmentStatus, style: Style): string {
  const table = new Table({
    head: ['database', 'state', 'tables', 'lag', 'confirmed', 'WAL', 'errors'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const stream of status.streams) table.push(row(stream, style));
  return [
    `Environment ${style.bold(status.environment)}: clone ${status.clone}, ticket ${status.ticket}, seed LSN ${status.seedLsn ?? (status.unread === null ? 'not known yet' : 'not read')}`,
    table.toString(),
    ...statusNotes(status, style),
  ].join('\n');
}

/** What speaks against the streams, and what stands beside them. */
export function statusNotes(status: EnvironmentStatus, style: Style): string[] {
  return [
    ...unreadText(status, style),
    ...status.streams.flatMap(({ state, doubt }) => (doubt === null ? [] : [`${style.yellow(state)}: ${doubt}`])),
    ...status.streams.flatMap(({ trouble }) => (trouble === null ? [] : [style.red(trouble)])),
    ...status.beside.map((words) => style.yellow(words)),
  ];
}

function unreadText({ unread }: EnvironmentStatus, style: Style): string[] {
  if (unread === null) return [];
  const { code, seen, next, meanwhile } = unread;
  return [style.red([`${code}: ${seen}`, ...(next === '' ? [] : [next])].join('; ')), style.yellow(meanwhile)];
}

function row(stream: StreamStatus, style: Style): string[] {
  return [
    stream.database,
    FINE.includes(stream.state) ? style.green(stream.state) : style.yellow(stream.state),
    String(stream.tables),
    stream.lagBytes === null ? '-' : formatBytes(stream.lagBytes),
    stream.confirmedLsn ?? '-',
    stream.walStatus ?? '-',
    stream.applyErrors === null ? '-' : String(stream.applyErrors),
  ];
}
