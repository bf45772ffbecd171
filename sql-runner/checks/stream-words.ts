import type { SourceContract } from '../../contract/contract';
import type { StreamOf } from '../model/streams';
import type { SlotReader } from '../postgres/catalog/senders';
import { lsnDistance } from '../postgres/text/lsn';
import { doing, openFor } from './session-words';
import type { StreamCondition } from './stream-condition';
import type { StreamLook, StreamLooks, StreamsSeen } from '../model/survey';

/** `process 12 (app, psql) since 2026-…`, for each that keeps the worker waiting. */
export function holders({ worker }: StreamLook): string {
  const told = (worker?.holders ?? []).map(({ pid, user, application, since, ageSeconds, state, statement }) => {
    if (pid === 0) return 'a prepared transaction';
    const who = [user, application].filter((part) => part !== null && part !== '').join(', ');
    return `process ${pid}${who === '' ? '' : ` (${who})`}${since === null ? '' : ` since ${toSecond(since)}`}${openFor(ageSeconds)}${doing({ state, statement })}`;
  });
  return told.join(' and ');
}

/** `2026-01-02T03:04:05Z` */
export const toSecond = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

/** Those that have a session; a prepared transaction has none. */
export const holderPids = ({ worker }: StreamLook): number[] =>
  (worker?.holders ?? []).map(({ pid }) => pid).filter((pid) => pid !== 0);

export const terminate = (pid: number | null | undefined): string => `SELECT pg_terminate_backend(${pid ?? 'NULL'});`;

/**
 * To be ended is a signal, which one that the kernel or the storage holds does not take: RDS kills what does not end.
 * Empty where nothing has led to who the writer is, as then it may well be at work.
 */
export function endsByRestart(pid: number | null | undefined, { log }: StreamsSeen): string {
  if (log?.writer === undefined) return '';
  return `; if process ${pid} is still there ten seconds after it was ended, no signal ends it any more: aws rds reboot-db-instance --db-instance-identifier ${log.writer}, in the target account, restarts the clone's writer, and replication carries on by itself`;
}

export const named = ({ database, stream }: StreamOf): string =>
  `subscription ${stream.subscription} in database ${database}`;

export const lockOf = ({ waitsFor }: StreamLooks): string =>
  waitsFor === null ? 'a lock' : `a lock of table ${waitsFor}`;

/** `37 errors by now`; null where the server does not count them (before 15). */
export function errorCount({ worker }: StreamLook): string | null {
  const count = worker?.applyErrors ?? null;
  return count === null ? null : `${count} ${count === 1 ? 'error' : 'errors'} by now`;
}

export const seconds = (value: number): string => `${Math.max(1, Math.round(value))} s`;

export function lastHeard({ worker }: StreamLook): string {
  const silent = worker?.silentSeconds ?? null;
  return silent === null ? 'has not heard of the source' : `last heard of the source ${seconds(silent)} ago`;
}

/** `process 12 (app, pg_recvlogical), which has had no answer for 90 s`. */
export function described({ pid, user, application, replySeconds }: SlotReader): string {
  const who = [user, application].filter((part) => part !== null && part !== '').join(', ');
  const silence = replySeconds === null ? '' : `, which had its last answer ${seconds(replySeconds)} ago`;
  return `process ${pid}${who === '' ? '' : ` (${who})`}${silence}`;
}

/** Bytes of WAL; null where the slot has no position. */
export function lagOf({ reader, flushLsn }: StreamLook): number | null {
  const confirmed = reader?.confirmedLsn ?? null;
  return confirmed === null ? null : Math.max(0, Number(lsnDistance(confirmed, flushLsn)));
}

/** Who reads the slot in the worker's name, where that is not what sql-runner gave it; null: nothing speaks against it. */
export function foreignLogin(
  contract: SourceContract,
  looks: StreamLooks | undefined,
  condition: StreamCondition,
): string | null {
  const reader = looks?.last.reader ?? null;
  // While the worker does not run well, whoever reads may be somebody else.
  if (reader === null || !['streaming', 'catching up', 'busy', 'waiting'].includes(condition)) return null;
  const { role } = contract.replication;
  if (reader.user !== null && reader.user !== role) return `it logs in as ${reader.user} instead of ${role}`;
  return reader.tls === false ? 'it connects without TLS' : null;
}
