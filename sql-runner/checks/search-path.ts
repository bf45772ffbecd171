import type { FunctionUse } from '../postgres/catalog/apply-functions';
import type { JudgedFunction } from '../postgres/catalog/function-trials';
import { quoteIdent } from '../postgres/text/quoting';
import { displayTable, sameTable } from '../model/table-selection';
import type { Found, TargetCheck } from './check';
import { replicatedBy, type Rooted } from '../model/streams';
import type { Scope } from '../model/survey';

/**
 * The apply worker runs with an empty search_path (InitializeLogRepWorker in worker.c), and hands each row to the
 * expressions of its table: what their functions find by search_path in everybody else's session is not there.
 */
const searchPath: TargetCheck = {
  code: 'FUNCTION_NEEDS_SEARCH_PATH',
  stops: ['connect'],
  holds: 'every function that replicated rows are handed to works with an empty search_path',
  side: 'target',
  run: (target, scope) =>
    Object.entries(target.databases).flatMap(([database, { functions }]) => {
      const replicates = replicatedBy(scope, database);
      return functions.flatMap((judged) => {
        const uses = judged.uses.filter((use) => replicates(tableOf(use)) && isEvaluated(use, database, scope));
        return uses.length === 0 ? [] : [finding(judged, uses, database)];
      });
    }),
};

const tableOf = ({ table, ...use }: FunctionUse): Rooted => ({ ...use, name: table });

/** A default is computed for columns only that the source does not send. */
function isEvaluated(use: FunctionUse, database: string, { shapes }: Scope): boolean {
  if (use.kind !== 'default') return true;
  // Tables that are defined alike on both sides have no such column.
  const pair = shapes?.[database]?.pairs.find(({ here }) => sameTable(here, { schema: use.schema, name: use.table }));
  return pair !== undefined && !pair.there.columns.some(({ name }) => name === use.object);
}

function finding(judged: JudgedFunction, uses: readonly FunctionUse[], database: string): Found {
  const { signature, trial, error, openNames } = judged;
  const [first, ...others] = uses as [FunctionUse, ...FunctionUse[]];
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const place = `${first.kind} ${first.object} of ${displayTable({ schema: first.schema, name: first.table })}${more}`;
  const path = [...judged.path, 'pg_catalog'].map(quoteIdent).join(', ');
  const fails = trial === 'fails';
  return {
    severity: fails ? 'block' : 'warn',
    seen: fails
      ? `in database ${database} on the clone ${signature}, which ${place} uses, fails with an empty search_path: ${error}`
      : `in database ${database} on the clone the text of ${signature}, which ${place} uses, names ${openNames.join(', ')} without the schema${trial === 'passes' ? '; it worked for the rows that it was tried on' : '; it was not tried'}`,
    why: 'the apply worker has an empty search_path, finds none of these names, and stops at the first row that comes to them',
    next: `best on the source too, so that the next clone has it; in database ${database} on the clone: ALTER FUNCTION ${signature} SET search_path = ${path};`,
  };
}

export const searchPathChecks = [searchPath];
