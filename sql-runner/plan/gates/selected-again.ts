import type { SourceContract } from '../../../contract/contract';
import type { Finding } from '../../model/change';
import { leftOf } from '../../model/added-tables';
import type { LeftTableFacts } from '../../model/new-tables';
import type { SourceDatabaseFacts, TargetObservation } from '../../model/observation';
import type { StreamFacts } from '../../model/stream-state';
import { displayTable } from '../../model/table-selection';
import { quoteQualified } from '../../postgres/text/quoting';

/** A table that left its stream, and that the environment selects again. */
export interface SelectedAgain {
  /** ISO 8601: when it left. */
  readonly since: string;
  /** That the clone has rows of it, those of then; none: it has none. */
  readonly findings: readonly Finding[];
}

/**
 * What was written to it since it left was not sent, and nothing of that shows in the rows of the clone: they would be
 * taken for a copy. So it comes as any new table does, into an empty one; whoever has the rows removes them.
 */
export function selectedAgain(
  { environment }: SourceContract,
  target: TargetObservation,
  of: StreamFacts,
  table: SourceDatabaseFacts['tables'][number],
): SelectedAgain | null {
  const left = leftOf(of.publication, of.subscriptionMark).find(({ oid }) => oid === table.oid);
  if (left === undefined) return null;
  const here = target.leftTables?.[of.stream.subscription]?.find(({ oid }) => oid === left.oid);
  if (here?.hasRows !== true) return { since: left.at, findings: [] };
  return {
    since: left.at,
    findings: [
      {
        code: 'TABLE_SELECTED_AGAIN',
        severity: 'warn',
        seen: `table ${displayTable(table)} in database ${of.database} is selected again; it is not followed since ${left.at}, and the clone has its rows of then`,
        why: 'what was written to it since was not sent: it has to be copied anew, into an empty table',
        next: `sql-runner apply ${environment} adds it once its old rows are removed, in database ${of.database} on the clone: ${emptying(here)}`,
      },
    ],
  };
}

/** A table that is referenced by a foreign key cannot be truncated alone; rows of others must stay. */
function emptying({ referenced, ...table }: LeftTableFacts): string {
  const own = `ONLY ${quoteQualified(table)}`;
  return referenced
    ? `SET session_replication_role = replica; DELETE FROM ${own}; RESET session_replication_role;`
    : `TRUNCATE ${own};`;
}
