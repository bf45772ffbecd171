import { type StreamOf, newClone } from '../model/streams';
import type { TableName } from '../model/observation';
import type { SentTable } from '../postgres/catalog/replicated-tables';
import { quoteQualified } from '../postgres/text/quoting';
import { displayTable } from '../model/table-selection';
import type { TargetCheck } from './check';
import { eachSent } from './each-sent';
import type { Scope } from '../model/survey';

/** DDL is not replicated: what was changed on one side only. Needs both sides; says nothing where one was not read. */
const missing: TargetCheck = {
  code: 'TABLE_NOT_ON_CLONE',
  stops: ['connect'],
  both: true,
  holds: 'every published table and partition is on the clone',
  side: 'target',
  run: (target, scope) =>
    eachSent(target, scope, (sent, of, { onClone, unlogged, renamed, hasDefault }) => {
      // What is unlogged there is told as that: TABLE_UNLOGGED_ON_CLONE.
      if (onClone(sent) || unlogged(sent) || renamed(sent)) return [];
      return [
        {
          severity: 'block',
          seen: `${displayTable(sent)} of database ${of.database} is published and not on the clone`,
          why: 'the apply worker stops at the first change of it, and a subscription cannot be made',
          next:
            sent.partition === null
              ? newClone(scope.contract)
              : creation(scope, sent, sent.partition, of, { onClone, hasDefault }),
        },
      ];
    }),
};

/** Exact for a partition, whose columns are those of its root; the rest of a table's definition is not ours to guess. */
function creation(
  { contract, connected }: Scope,
  sent: SentTable,
  { parentSchema: schema, parentName: name, bound }: NonNullable<SentTable['partition']>,
  of: StreamOf,
  clone: { onClone: (table: TableName) => boolean; hasDefault: (table: TableName) => boolean },
): string {
  const parent = { schema, name };
  const place = `in database ${of.database} on the clone: CREATE TABLE ${quoteQualified(sent)}`;
  const { environment } = contract;
  const doctor = `sql-runner doctor ${environment}`;
  const itself = `where sql-runner plan ${environment} shows it as a change, sql-runner apply ${environment} makes it and copies its rows; by hand, `;
  const made = `${place} PARTITION OF ${quoteQualified(parent)} ${bound};`;
  if (!connected)
    return clone.hasDefault(parent)
      ? `if the server refuses it for rows of the default partition, ${newClone(contract)}; else, ${made}`
      : made;
  // Whoever knows no such table skips what comes of it (should_apply_changes_for_rel in worker.c).
  const after = `the stream then goes on and skips its rows, until they are copied as ${doctor} prints it next; so, `;
  const above = clone.onClone(parent) ? '' : `first make ${displayTable(parent)} there as it is on the source; `;
  if (!clone.hasDefault(parent)) return `${itself}${above}${after}${made}`;
  // The source took its rows out of the default partition before; the clone does so with the changes that wait now.
  return `${itself}its default partition on the clone may hold rows of it until the stream has gone on, so it is made apart and attached later, as ${doctor} prints it; ${after}${place} (LIKE ${quoteQualified(parent)} INCLUDING ALL EXCLUDING IDENTITY);`;
}

export const bothSidesChecks = [missing];
