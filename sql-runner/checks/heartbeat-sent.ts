import type { SourceContract } from '../../contract/contract';
import type { Finding, Step } from '../model/change';
import type { SourceObservation } from '../model/observation';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { subscribers } from '../resources/fresh-clone/copy-slots';
import { HEARTBEAT_COLUMNS, heartbeatOf, heartbeatTable } from '../resources/heartbeat';
import { ownMark } from '../model/mark';
import type { StreamOf } from '../model/streams';

/** What would make the heartbeat. Repairs go on. */
const ONWARD: readonly Step[] = ['publish', 'slot', 'ticket', 'connect'];

/**
 * A publication FOR ALL TABLES takes our heartbeat along, and a worker stops at a table that its side does not have
 * (logicalrep_rel_open in relation.c): somebody else's replication would end with our first beat. One that has it and
 * does not subscribe to it passes over its rows (should_apply_changes_for_rel in worker.c).
 */
export function checkHeartbeatSent(
  contract: SourceContract,
  source: SourceObservation,
  streams: readonly StreamOf[],
): Finding[] {
  return streams.flatMap((of) => {
    const publications = (source.databases[of.database]?.publications ?? []).filter(
      ({ allTables, comment }) => allTables && ownMark(comment, 'publication', contract.environment) === null,
    );
    const slots = subscribers(contract, source, of.database).others;
    if (publications.length === 0 || slots.length === 0) return [];
    const names = publications.map(({ name }) => name).join(', ');
    const there = heartbeatOf(contract, source, of) !== null;
    const table = heartbeatTable(of);
    return [
      {
        code: 'HEARTBEAT_SENT_TO_OTHERS',
        severity: 'block',
        // Where it was made before, no change is stopped, and the run ends before it writes to it (actions/run.ts).
        stops: there ? [] : ONWARD,
        seen: `publication ${names} in database ${of.database}, which is not of this environment, publishes all tables, and slot ${slots.join(', ')} there may send by it: also ${table.schema}.${table.name}, ${there ? 'which apply has made, and would write to' : 'which apply would make'}`,
        why: 'a PostgreSQL subscriber that has no such table stops at its first row, and production then keeps WAL for its slot',
        next: `where each PostgreSQL that subscribes to it has the table, accept it with acknowledge: [HEARTBEAT_SENT_TO_OTHERS] in the environment file, then cdktf deploy ${contract.stacks.source}; to make the table, in each subscribing database: CREATE SCHEMA ${quoteIdent(table.schema)}; CREATE TABLE ${quoteQualified(table)} ${HEARTBEAT_COLUMNS};`,
      },
    ];
  });
}
