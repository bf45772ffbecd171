import { propose, sqlChange, type Change, type Guard, type Proposal } from '../../model/change';
import type { Inheritable, InvalidIndexFacts } from '../../model/inheritable';
import { displayTable } from '../../model/table-selection';
import { quoteQualified } from '../../postgres/text/quoting';

/**
 * Indexes that CREATE INDEX CONCURRENTLY had half-built when the clone was taken:
 * here nobody finishes them, and every row that arrives is entered into them, and
 * refused by a unique one as soon as the source has given its own up. Only those
 * that are not valid on the source either: one that the source has finished since
 * cannot be finished here before the rows have arrived that it was finished with.
 */
export function planInheritedIndexes(
  source: Inheritable,
  target: Inheritable,
  databases: ReadonlySet<string>,
): Proposal {
  const copies = target.invalidIndexes.filter(
    (index) => databases.has(index.database) && isCopy(source, index) && isDroppable(index),
  );
  return propose(copies.map(drop), []);
}

/** The rest is for doctor to say; see checks/invalid-indexes.ts. */
export function isDroppable({ mayDrop, attached, building }: Omit<InvalidIndexFacts, 'database'>): boolean {
  return mayDrop && !attached && !building;
}

/** The clone keeps object ids: the same id and name on the source means a copy. */
function isCopy(source: Inheritable, index: InvalidIndexFacts): boolean {
  return source.invalidIndexes.some(
    (other) => other.database === index.database && other.oid === index.oid && other.name === index.name,
  );
}

function drop(index: InvalidIndexFacts): Change {
  return sqlChange({
    address: { side: 'target', database: index.database, kind: 'inherited-index', name: quoteQualified(index) },
    action: 'delete',
    reason: `half-built on ${displayTable(index.table)} when the clone was taken, and not valid on the source either; here nobody finishes it`,
    place: { side: 'target', database: index.database },
    guards: [stillInvalid(index)],
    statements: [{ text: `DROP INDEX ${quoteQualified(index)}` }],
  });
}

function stillInvalid(index: InvalidIndexFacts): Guard {
  return {
    place: { side: 'target', database: index.database },
    sql: `SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = $1::oid AND NOT indisvalid) AS ok`,
    values: [String(index.oid)],
    refusal: {
      code: 'INDEX_NOT_HALF_BUILT',
      seen: `index ${displayTable(index)} in database ${index.database} of the clone is not half-built any more`,
      why: 'somebody has finished or dropped it since the plan was made',
      next: 'run sql-runner plan again',
    },
  };
}
