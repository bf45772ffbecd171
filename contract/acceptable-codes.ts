import type { Code } from '../errors/codes';

/**
 * Findings of sql-runner that an operator may know better than we do: those about
 * room and speed, and about what people will do or others have. Everything else is about
 * correctness and cannot be acknowledged.
 */
export const ACCEPTABLE_CODES = [
  'FOREIGN_SLOT_UNUSED',
  'FULL_IDENTITY_SLOW',
  'HEARTBEAT_SENT_TO_OTHERS',
  'LONG_TRANSACTION',
  'NEW_PARTITIONS_REFUSE_WRITES',
  'ROLE_CONNECTIONS_TOO_FEW',
  'SLOT_AT_RISK',
  'SLOT_WAL_GROWS',
  'SLOT_WAL_LIMITED',
  'SOURCE_LOCKS_TOO_FEW',
  'SOURCE_NEAR_WRAPAROUND',
  'SOURCE_SENDERS_TOO_FEW',
  'SOURCE_SLOTS_TOO_FEW',
  'SOURCE_SLOTS_WITHOUT_RESERVE',
  'TARGET_NEAR_WRAPAROUND',
  'TARGET_ORIGINS_TOO_FEW',
  'TARGET_PROCESSES_SHARED',
  'TARGET_PROCESSES_TOO_FEW',
  'TARGET_WORKERS_TOO_FEW',
  'TARGET_WORKERS_WITHOUT_RESERVE',
] as const satisfies readonly Code[];
