import { decodingLog } from '../../../sql-runner/checks/decoding-log';
import type { KnownWhole } from '../../../sql-runner/checks/known-whole';
import { witnessOf } from '../../../sql-runner/checks/slot-log-witness';
import type { WatchedSlot } from '../../../sql-runner/checks/slot-moves';

/** Lines of a source's log that tell of logical decoding, and what is made of them. */
export const SLOT = 'acas_demo_shop';
export const watched: WatchedSlot = {
  slot: SLOT,
  role: 'acas_demo',
  active: true,
  pid: 9,
  since: '2026-11-29T14:00:09.500000Z',
  sinceSeconds: 51.25,
  serverSince: '2026-11-29T00:00:00.000Z',
  confirmedLsn: '0/900',
  version: 170_010,
  txns: null,
  sentLsn: '0/900',
  others: new Map([['theirs', { inUse: false, confirmedLsn: '0/880' }]]),
};

/** Whoever begins to read, as RDS has it in the log. */
export interface Session {
  readonly pid: number;
  readonly who?: string;
  readonly slot?: string;
  readonly from: string;
  readonly statement?: string;
}

export const replicates = (asked: string) => `START_REPLICATION SLOT "${SLOT}" LOGICAL ${asked} (proto_version '4')`;
export const at = (second: number) => `2026-11-29 14:00:${String(second).padStart(2, '0')} UTC`;

export function linesOf(
  { pid, who = 'acas_demo@shop', slot = SLOT, from, statement }: Session,
  second = pid,
): string[] {
  const head = `${at(second)}:10.0.0.5(40312):${who}:[${pid}]:`;
  return [
    `${head}LOG:  starting logical decoding for slot "${slot}"`,
    `${head}DETAIL:  Streaming transactions committing after ${from}, reading WAL from 0/1.`,
    ...(statement === undefined ? [] : `${head}STATEMENT:  ${statement}`.split('\n')),
    `${head}LOG:  logical decoding found consistent point at 0/1`,
    `${head}DETAIL:  There are no running transactions.`,
    ...(statement === undefined ? [] : `${head}STATEMENT:  ${statement}`.split('\n')),
  ];
}

export const log = (...sessions: Session[]) => decodingLog(sessions.flatMap((one) => linesOf(one)).join('\n'));
export const MASTER = { who: 'master@shop', statement: `SELECT pg_replication_slot_advance('${SLOT}', '0/500')` };
export const POLL = { pid: 5, slot: 'theirs', from: '0/300', ...MASTER };
export const worker = (pid: number, from: string, asked = '0/100'): Session => ({
  pid,
  from,
  statement: replicates(asked),
});
/** The reader before was seen until then. */
export const WHOLE: KnownWhole = { seenUntil: '2026-11-29T14:00:06.500Z', wholeTo: null };
export const moved = (...sessions: Session[]) => witnessOf(log(...sessions), watched, WHOLE);
