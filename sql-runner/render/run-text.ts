import type { EngineEvent, Listener } from '../model/events';
import { formatBytes } from './bytes';
import { planText, unlookedText } from './plan-text';
import { catchingUpText, waitingText } from './run-waits';
import { symbol, type Style } from './style';

/** The story of a run, line by line. */
export function runText(write: (line: string) => void, style: Style): Listener {
  return (event) => {
    const line = lineOf(event, style);
    if (line !== null) write(line);
  };
}

function lineOf(event: EngineEvent, style: Style): string | null {
  switch (event.type) {
    case 'planned':
      return `${planText(event.plan, style)}\n`;
    case 'change-started':
      return null;
    case 'change-finished':
      return `  [${event.index + 1}/${event.total}] ${symbol(event.change.action, style)} ${event.change.id}  ${style.dim(`${event.seconds.toFixed(1)} s`)}`;
    case 'view-refreshed':
      return refreshedText(event);
    case 'large-objects-copied':
      return copiedText(event);
    case 'waiting':
      return style.dim(waitingText(event));
    case 'catching-up':
      return style.dim(catchingUpText(event));
    case 'in-sync':
      return `${style.green('In sync')}: the clone has applied all that the source had written (${event.seconds.toFixed(1)} s).${withoutHeartbeat(event.unproven)}${unlookedText(event.unlooked)}${event.unlooked.length === 0 ? '' : ' sql-runner verify compares the rows.'}`;
    case 'interrupted':
      return stopped(event);
    case 'applied':
      return `${style.bold('Done.')} ${event.created} added, ${event.updated} changed, ${event.deleted} destroyed.${event.onlySource ? ' No clone was looked at: what one has of ours is still there.' : ''}`;
  }
}

/** What is true now: the servers have what was made, and nothing of the rest. */
function stopped({ remaining, made, next }: Extract<EngineEvent, { type: 'interrupted' }>): string {
  const all = made === 0 ? 'There was nothing to change.' : `Made: ${count(made, 'change')}, all of the plan.`;
  if (remaining === 0) return `Stopped as you asked, before the clone was seen to be in sync. ${all}`;
  const before = made === 0 ? 'None was made' : `Made and kept: ${made}`;
  return [
    `Stopped as you asked, ${count(remaining, 'change')} before the end. ${before}; next: ${next}.`,
    'Run the same command again to carry on.',
  ].join('\n');
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function withoutHeartbeat(databases: readonly string[]): string {
  if (databases.length === 0) return '';
  return ` Whether something was skipped before is not proven for ${databases.join(', ')}: there is no heartbeat on both sides. sql-runner verify compares the rows.`;
}

/** What it holds is what the clone held; that is not to say that production still has it. */
function refreshedText({ database, view, holdsUpTo, asOf }: Extract<EngineEvent, { type: 'view-refreshed' }>): string {
  const upTo =
    holdsUpTo === null
      ? 'how far the clone was then is not known'
      : `with all that its streams had brought of production up to ${holdsUpTo}`;
  return `  ${view} in ${database}: the rows of the clone as of ${asOf}, ${upTo}`;
}

function copiedText(event: Extract<EngineEvent, { type: 'large-objects-copied' }>): string {
  const { database, position, objects, equal, copied, bytes, pruned, left } = event;
  const also = [
    `${copied} copied (${formatBytes(bytes)})`,
    ...(pruned === 0 ? [] : [`${pruned} removed`]),
    ...(left === 0 ? [] : [`${left} left as they were`]),
  ];
  return `  large objects in ${database}: as of position ${position} ${equal} of ${objects} are equal; ${also.join(', ')}`;
}
