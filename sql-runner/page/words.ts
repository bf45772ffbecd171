import { duration } from '../render/duration';
import { formatBytes } from '../render/bytes';
import type { HealthState } from '../model/health';
import type { RunRecord } from '../model/run-record';
import type { Standing } from '../past/standing';

/** In which of four ways something is shown; each has a word or a shape beside its colour. */
export type Tone = 'good' | 'bad' | 'idle' | 'unknown';

const DAY = 24 * 3_600;

/** It does not follow, and is not meant to by now. */
const MEANT: readonly HealthState[] = ['not prepared', 'waiting for the clone', 'not connected yet', 'held'];

export function toneOf(standing: Standing | null): Tone {
  if (standing === null) return 'unknown';
  if (standing.healthy) return 'good';
  return MEANT.includes(standing.state) && standing.cause === null ? 'idle' : 'bad';
}

/** What is not known has no number. */
export const bytes = (value: number | null | undefined): string =>
  value == null ? 'not known' : formatBytes(Math.round(value));

export const rate = (value: number | null | undefined): string =>
  value == null ? 'not known' : `${formatBytes(Math.round(value))}/s`;

export const span = (seconds: number | null | undefined): string => (seconds == null ? 'not known' : duration(seconds));

/** `05:51:45`, of a day whose date stands beside. */
export const clock = (at: Date | number): string => new Date(at).toISOString().slice(11, 19);

/** `2026-11-29 05:51:45 UTC` */
export const moment = (at: Date | number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** How old something is; clocks of two machines need not agree. */
export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  return seconds < 2 * DAY ? `${duration(seconds)} ago` : `${Math.floor(seconds / DAY)} days ago`;
}

/** Whoever ran it, as its own machine says. */
export const by = ({ who }: Pick<RunRecord, 'who'>): string => `${who.user}@${who.host}`;

/** What has no room is cut; the whole of it stands in the table. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
