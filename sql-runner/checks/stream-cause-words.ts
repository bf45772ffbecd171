import { displayQualified } from '../postgres/text/quoting';
import type { LogSeen, StreamCause } from '../model/stream-cause';
import type { StreamLook, StreamLooks, StreamsSeen } from '../model/survey';
import { toSecond } from './stream-words';

const LONGEST_KEY = 60;

/** `; the clone's log says at 2026-…: …`, or why it says nothing. */
export function toldByLog({ cause }: StreamLooks, { log }: StreamsSeen): string {
  if (cause != null) return `; ${whose(cause)}the clone's log has at ${toSecond(cause.at)}: ${causeWords(cause)}`;
  return log === undefined ? '' : `; ${nothingTold(log)}`;
}

function nothingTold({ unread, since }: LogSeen): string {
  if (unread !== null) return `the clone's log was not read: ${unread}`;
  if (since === null) return "the clone's log has nothing that could be read";
  return `the clone's log, read from ${toSecond(since)} on, has no error of it that is of now`;
}

const whose = ({ among }: StreamCause): string =>
  among.length === 0 ? '' : `of one of ${among.join(', ')}, it does not say which, `;

/** What happened, with the names that are known, and keys, but no other values. */
export function causeWords(cause: StreamCause): string {
  const { kind, table, column, constraint, finishLsn } = cause;
  const named = [
    table === null ? null : `table ${displayQualified(table)}`,
    column === null ? null : `column ${column}`,
    constraint === null ? null : `constraint ${constraint}`,
    keyWords(cause),
  ].filter((part) => part !== null);
  const words = kind === 'conflict' ? 'a row of the same key stands there already' : cause.words;
  const where = named.length === 0 ? '' : ` (${named.join(', ')})`;
  return `${words}${where}${finishLsn === null ? '' : `, in the transaction that ends at ${finishLsn}`}`;
}

function keyWords({ key }: Pick<StreamCause, 'key'>): string | null {
  if (key === null) return null;
  const text = key.map(({ column, value }) => `${column} = ${value.replace(/\s+/g, ' ')}`).join(', ');
  return `key ${text.length > LONGEST_KEY ? `${text.slice(0, LONGEST_KEY - 1)}…` : text}`;
}

/** `, the last at 2026-…`, beside the count of errors. */
export const lastError = ({ cause, last }: StreamLooks): string =>
  cause == null || cause.among.length > 0 || last.worker?.applyErrors == null
    ? ''
    : `, the last at ${toSecond(cause.at)}`;

/** `, 3 of conflict update_missing`, of those that 18 and later count. */
export function conflictCounts({ worker }: StreamLook): string {
  const counted = Object.entries(worker?.conflicts ?? {}).map(([kind, count]) => `${count} ${kind}`);
  return counted.length === 0 ? '' : `, conflicts counted by now: ${counted.sort().join(', ')}`;
}
