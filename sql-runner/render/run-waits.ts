import type { Blocker, EngineEvent } from '../model/events';
import { formatBytes } from './bytes';
import { duration } from './duration';

/** Beyond these, only their number is said. */
const SHOWN = 5;

/** What a run waits for; of a slot that is being made who is in the way, and how each is ended. */
export function waitingText({ for: what, blockers, slot, seconds }: Extract<EngineEvent, { type: 'waiting' }>): string {
  if (blockers === undefined || slot === undefined) return `  waiting for ${what}`;
  const since = seconds === undefined ? '' : `, ${duration(seconds)} by now`;
  const more = blockers.length > SHOWN ? [`    and ${blockers.length - SHOWN} more`] : [];
  return [
    `  waiting for open transactions to end, to make slot ${slot}${since}:`,
    ...blockers.slice(0, SHOWN).flatMap(blockerText),
    ...more,
    '    Each of them may go on; Ctrl-C ends the wait, and leaves no slot.',
  ].join('\n');
}

function blockerText({ who, database, application, state, seconds, statement, end }: Blocker): string[] {
  const facts = [
    database === null ? null : `database ${database}`,
    application,
    state,
    seconds === null ? null : `open for ${duration(seconds)}`,
  ].filter((fact) => fact !== null);
  return [
    `    ${who} (${facts.join(', ')})`,
    ...(statement === null ? [] : [`      ${statement}`]),
    `      to end it, on the source: ${end}`,
  ];
}

/** `catching up: 1.2 MB of WAL to go (0.4 MB not sent yet), 120.0 kB/s, about 10 s left`. */
export function catchingUpText(event: Extract<EngineEvent, { type: 'catching-up' }>): string {
  const { lagBytes, unsentBytes, bytesPerSecond, etaSeconds, seconds } = event;
  const unsent = unsentBytes === null || unsentBytes === 0 ? '' : ` (${formatBytes(unsentBytes)} not sent yet)`;
  const pace = bytesPerSecond === null ? '' : `, ${formatBytes(bytesPerSecond)}/s`;
  const left = etaSeconds === null ? '' : `, about ${duration(etaSeconds)} left`;
  return `  catching up: ${formatBytes(lagBytes)} of WAL to go${unsent}${pace}${left}; ${duration(seconds)} by now`;
}
