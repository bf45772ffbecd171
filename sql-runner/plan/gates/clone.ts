import type { SourceContract } from '../../../contract/contract';
import { majorsDiffer } from '../../checks/engine-version';
import type { Finding } from '../../model/change';
import type { SourceObservation, TargetObservation } from '../../model/observation';
import { tableIndex } from '../../model/table-index';
import { displayTable } from '../../model/table-selection';
import { type StreamOf, newClone } from '../../model/streams';

/** Two addresses, one server: seen by looking for our session on the source among those of the target. */
export function checkSameServer(contract: SourceContract, target: TargetObservation | null): Finding[] {
  if (target === null || !target.isSourceServer) return [];
  return [
    {
      code: 'SAME_CLUSTER',
      severity: 'block',
      seen: `the endpoint of the clone leads to ${contract.cluster.identifier} itself`,
      why: 'a cluster that replicates into itself would apply every change again',
      next: `look where the endpoint in its outputs leads to, then cdktf deploy ${contract.stacks.target}`,
    },
  ];
}

/** Doctor judges by whether anything is connected; what is about to be connected is judged here. */
export function checkSameMajor(
  contract: SourceContract,
  source: SourceObservation,
  target: TargetObservation,
): Finding[] {
  const found = majorsDiffer(contract, source.server.versionNum, target.server.versionNum, false);
  return found === null ? [] : [{ ...found, code: 'MAJOR_VERSIONS_DIFFER', stops: ['connect'] }];
}

/**
 * Rows that somebody wrote to the clone before it follows. The clone's own
 * counters are all that tells without reading whole tables: a row's xmin does
 * not, because source and clone count transactions on from the same number.
 * They prove it where they have begun with the clone and count no transaction
 * that was rolled back. Where they may be a copy of the source's (no manual says
 * what a clone on Aurora begins with) they are a hint, and verify tells.
 * They miss TRUNCATE, and what was counted before the clone crashed.
 */
export function checkCloneUnwritten(contract: SourceContract, target: TargetObservation, of: StreamOf): Finding[] {
  const database = target.databases[of.database];
  const published = database?.publications.find(({ name }) => name === of.stream.publication)?.tables ?? [];
  const written = (database?.writtenTables ?? []).filter((table) => tableIndex(published).has(table));
  if (written.length === 0) return [];
  const names = written.map(displayTable).join(', ');
  return [database?.writesAreCertain === true ? wasWritten(contract, of, names) : mayBeWritten(contract, of, names)];
}

const DIFFERS = 'such rows differ from the source for ever, or stop the replication by a conflict';

function wasWritten(contract: SourceContract, of: StreamOf, tables: string): Finding {
  return {
    code: 'CLONE_WRITTEN',
    severity: 'block',
    seen: `database ${of.database} of the clone: rows of ${tables} were written there before it follows the source`,
    why: DIFFERS,
    next: `${newClone(contract)}; write to it once it follows, or keep others from writing with target.clone.readOnly`,
  };
}

function mayBeWritten(contract: SourceContract, of: StreamOf, tables: string): Finding {
  return {
    code: 'CLONE_MAYBE_WRITTEN',
    severity: 'warn',
    seen: `database ${of.database} of the clone counts rows of ${tables} as written; they may be of transactions that were rolled back, or counted on the source`,
    why: DIFFERS,
    next: `if somebody wrote to the clone: ${newClone(contract)}; otherwise go on, and run sql-runner verify ${contract.environment} afterwards`,
  };
}
