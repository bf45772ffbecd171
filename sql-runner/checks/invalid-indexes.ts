import type { InvalidIndex, IndexState } from '../postgres/catalog/invalid-indexes';
import { quoteQualified } from '../postgres/text/quoting';
import { isDroppable } from '../resources/fresh-clone/inherited-indexes';
import { displayTable } from '../model/table-selection';
import type { TargetCheck } from './check';
import { byName, tableKey } from '../drift/shape-pairs';
import { streamsOf } from '../model/streams';
import type { Scope } from '../model/survey';

/** Half-built on the clone, with what is right for it: that depends on what has become of the source's. */
const halfBuilt: TargetCheck = {
  code: 'INDEX_HALF_BUILT',
  both: 'definitions',
  holds: 'no index of the clone is half-built and left so',
  side: 'target',
  run: (target, scope) =>
    Object.entries(target.databases).flatMap(([database, { invalidIndexes }]) =>
      invalidIndexes
        .filter((index) => !index.building)
        .flatMap((index) => {
          const twins = scope.shapes?.[database]?.indexesThere ?? [];
          const twin = twins.find(({ oid, name }) => oid === index.oid && name === index.name);
          if (twin === undefined && isToldApart(scope, database, index)) return [];
          const goes = isDroppedByApply(scope, index, twin);
          return [
            {
              severity: goes ? ('info' as const) : ('warn' as const),
              seen: `index ${displayTable(index)} of table ${displayTable(index.table)} in database ${database} of the clone is half-built, and no build of it is seen; ${onSource(twin)}`,
              why: index.ready
                ? `no query uses it, and every row is entered into it${index.unique ? ' and may be refused by it' : ''}`
                : 'no query uses it, and queries that need it are slow',
              next: goes ? 'nothing: the apply that connects the clone drops it first' : remedy(database, index, twin),
            },
          ];
        }),
    ),
};

/** A unique one that refuses rows of a replicated table, and that the source has not: UNIQUE_ONLY_ON_CLONE. */
function isToldApart({ contract, source }: Scope, database: string, { unique, ready, table }: InvalidIndex): boolean {
  const own = new Set(streamsOf(contract).map(({ stream }) => stream.publication));
  const sent = (source?.databases[database]?.sent ?? []).filter(({ publication }) => own.has(publication));
  return unique && ready && byName(sent).has(tableKey(table));
}

function isDroppedByApply({ connected }: Scope, index: InvalidIndex, twin: IndexState | undefined): boolean {
  return twin?.valid === false && !connected && isDroppable(index);
}

function onSource(twin: IndexState | undefined): string {
  if (twin === undefined) return 'the source has not the same one';
  return twin.valid
    ? 'that of the source has been finished since the clone was taken'
    : 'that of the source is not valid either';
}

function remedy(database: string, index: InvalidIndex, twin: IndexState | undefined): string {
  const place = `${index.mayDrop ? '' : `as ${index.owner} `}in database ${database} on the clone`;
  // Rows of before the source's was finished may still be on their way, and the finished index would refuse them.
  if (twin?.valid === true)
    return `once sql-runner status shows that the clone has applied what is older, ${place}: REINDEX INDEX CONCURRENTLY ${quoteQualified(index)};`;
  if (index.attached) return `${place}: REINDEX INDEX CONCURRENTLY ${quoteQualified(index)};`;
  return `${place}: DROP INDEX CONCURRENTLY ${quoteQualified(index)};`;
}

export const invalidIndexChecks = [halfBuilt];
