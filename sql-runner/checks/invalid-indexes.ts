import type { InvalidIndex, IndexState } from '../postgres/catalog/invalid-indexes';
import { quoteQualified } from '../postgres/quoting';
import { isDroppable } from '../resources/inherited-indexes';
import { displayTable } from '../resources/table-selection';
import type { Scope, TargetCheck } from './check';
import { byName, tableKey } from './shape-pairs';
import { allStreams } from './streams';

interface Advice {
  /** What the source has instead. */
  readonly there: string;
  readonly next: string;
}

/** Half-built on the clone, with what is right for it: that depends on what has become of the source's. */
const halfBuilt: TargetCheck = {
  code: 'INDEX_HALF_BUILT',
  both: true,
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
          const { there, next } = advice(scope, database, index, twin);
          return [
            {
              code: 'INDEX_HALF_BUILT',
              severity: next.startsWith('nothing') ? ('info' as const) : ('warn' as const),
              seen: `index ${displayTable(index)} of table ${displayTable(index.table)} in database ${database} of the clone is half-built, and no build of it is seen; ${there}`,
              why: index.ready
                ? `no query uses it, and every row is entered into it${index.unique ? ' and may be refused by it' : ''}`
                : 'no query uses it, and queries that need it are slow',
              next,
            },
          ];
        }),
    ),
};

/** A unique one that refuses rows of a replicated table, and that the source has not: UNIQUE_ONLY_ON_CLONE. */
function isToldApart({ contract, source }: Scope, database: string, { unique, ready, table }: InvalidIndex): boolean {
  const own = new Set(allStreams(contract).map(({ stream }) => stream.publication));
  const sent = (source?.databases[database]?.sent ?? []).filter(({ publication }) => own.has(publication));
  return unique && ready && byName(sent).has(tableKey(table));
}

function advice(scope: Scope, database: string, index: InvalidIndex, twin: IndexState | undefined): Advice {
  const place = `${index.mayDrop ? '' : `as ${index.owner} `}in database ${database} on the clone`;
  if (twin?.valid === true)
    return {
      there: 'that of the source has been finished since the clone was taken',
      // Rows of before then may still be on their way that the finished index would refuse.
      next: `once sql-runner status shows that the clone has applied what is older, ${place}: REINDEX INDEX CONCURRENTLY ${quoteQualified(index)};`,
    };
  const there = twin === undefined ? 'the source has not the same one' : 'that of the source is not valid either';
  if (index.attached) return { there, next: `${place}: REINDEX INDEX CONCURRENTLY ${quoteQualified(index)};` };
  if (twin !== undefined && !scope.connected && isDroppable(index))
    return {
      there,
      next: `nothing: sql-runner apply ${scope.contract.environment} drops it before it connects the clone`,
    };
  return { there, next: `${place}: DROP INDEX CONCURRENTLY ${quoteQualified(index)};` };
}

export const invalidIndexChecks = [halfBuilt];
