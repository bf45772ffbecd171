import type { SourceContract } from '../../contract/contract';
import { groupInEffect } from '../resources/attached-group';
import { selectTables } from '../model/table-selection';
import type { SourceCheck } from './check';
import { withoutSlot } from '../model/streams';
import type { SourceSurvey } from '../model/survey';

/** What is left for everybody else while a publication is made: three quarters. */
const SHARE = 4;

/**
 * CREATE PUBLICATION locks each table of its list until it commits
 * (OpenTableList in publicationcmds.c), and the server has one table of locks
 * for all sessions (NLOCKENTS in lock.c; manual, max_locks_per_transaction).
 * Where that is full, statements of anybody fail with "out of shared memory".
 */
const lockRoom: SourceCheck = {
  code: 'SOURCE_LOCKS_TOO_FEW',
  stops: ['publish'],
  holds: 'the source has room for the locks of a new publication beside those of everybody else',
  side: 'source',
  run: (source, { contract }) => {
    const { lockers } = source.server;
    const sizes = withoutSlot(contract, source).map(({ database, stream }) => ({
      database,
      tables: selectTables(stream.selection, source.databases[database]?.tables ?? []).length,
    }));
    const [largest] = sizes.sort((a, b) => b.tables - a.tables);
    const room = lockers * locksToCome(contract, source);
    if (largest === undefined || largest.tables * SHARE <= room) return [];
    const needed = Math.ceil((largest.tables * SHARE) / lockers);
    return [
      {
        severity: 'block',
        seen: `publishing database ${largest.database} locks its ${largest.tables} tables in one transaction; all sessions of the source together have room for about ${room} locks`,
        why: 'while it lasts, statements of production could fail with "out of shared memory"',
        next: `set max_locks_per_transaction to ${needed} or more in source.cluster.extraParameters of the environment file, cdktf deploy ${contract.stacks.source}, then sql-runner apply ${contract.environment} --allow-reboot`,
      },
    ];
  },
};

/** Of the group that the run attaches or reboots into before it publishes: else it would be refused half-way. */
function locksToCome(contract: SourceContract, source: SourceSurvey): number {
  const { maxLocksPerTransaction: now } = source.server;
  if (groupInEffect(contract, source)) return now;
  return Number(contract.parameterGroup.parameters['max_locks_per_transaction'] ?? now) || now;
}

export const lockRoomChecks = [lockRoom];
