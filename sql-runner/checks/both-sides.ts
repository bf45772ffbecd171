import type { StreamOf } from '../engine/change';
import type { SentTable } from '../postgres/catalog/replicated-tables';
import { quoteQualified } from '../postgres/quoting';
import { newClone } from '../resources/new-clone';
import { displayTable } from '../resources/table-selection';
import type { Scope, TargetCheck } from './check';
import { eachSent } from './each-sent';

/** DDL is not replicated: what was changed on one side only. Needs both sides; says nothing where one was not read. */
const missing: TargetCheck = {
  code: 'TABLE_NOT_ON_CLONE',
  stops: ['connect'],
  both: true,
  holds: 'every published table and partition is on the clone',
  side: 'target',
  run: (target, scope) =>
    eachSent(target, scope, (sent, of, { onClone, renamed }) => {
      if (onClone(sent) || renamed(sent)) return [];
      return [
        {
          code: 'TABLE_NOT_ON_CLONE',
          severity: 'block',
          seen: `${displayTable(sent)} of database ${of.database} is published and not on the clone`,
          why: 'the apply worker stops at the first change of it, and a subscription cannot be made',
          next: creation(scope, sent, of),
        },
      ];
    }),
};

/** Exact for a partition, whose columns are those of its root; the rest of a table's definition is not ours to guess. */
function creation({ contract, connected }: Scope, sent: SentTable, of: StreamOf): string {
  if (sent.partition === null) return newClone(contract);
  const { parentSchema: schema, parentName: name, bound } = sent.partition;
  // Whoever knows no such table skips what comes of it (should_apply_changes_for_rel in worker.c).
  const after = connected
    ? `the stream then goes on and skips its rows, until they are copied as sql-runner doctor ${contract.environment} prints it next; so, `
    : '';
  return `${after}in database ${of.database} on the clone: CREATE TABLE ${quoteQualified(sent)} PARTITION OF ${quoteQualified({ schema, name })} ${bound};`;
}

export const bothSidesChecks = [missing];
