import { isHealthy } from '../model/health';
import { runbookOf } from '../model/runbook';
import type { StreamStatus } from '../actions/status';
import type { Style } from './style';
import { wrapped } from './wrapped';

/** Of a stream that is not healthy: how it stands, why, what it costs production, what to do, and its page; else nothing. */
export function healthText(stream: StreamStatus, style: Style): string[] {
  if (isHealthy(stream)) return [];
  const { database, state, since, problems, consequence, next, evidence } = stream;
  const colour = problems.length === 0 ? style.yellow : style.red;
  const when = since === null ? '' : `, since ${clockTime(since)} UTC at the latest`;
  return [
    '',
    ...wrapped('', `${database}: ${state}${when}`, 2).map(colour),
    ...problems.flatMap(({ code, seen, why }) => [
      ...wrapped(`  ${style.bold(code)}:`, seen, 4),
      ...wrapped('    Why it matters:', why, 6),
    ]),
    ...(problems.length === 0 ? [] : evidence.flatMap((line) => wrapped('  Seen:', line, 8).map(style.dim))),
    ...(consequence === null ? [] : wrapped('  Meanwhile:', consequence, 4)),
    ...(next === null ? [] : wrapped('  What to do:', next, 4)),
    ...others(stream).flatMap((other) => wrapped('  And then:', other, 4)),
    `  Runbook: ${runbookOf(state)}`,
  ];
}

/** What to do about those that are not the cause, where that is something else. */
function others({ problems, next }: StreamStatus): string[] {
  return [...new Set(problems.map((problem) => problem.next))].filter((one) => one !== next);
}

/** `2026-01-02 03:04:05` of today and of other days. */
export const clockTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');
