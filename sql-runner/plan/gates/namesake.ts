import { tableDiffers } from '../../drift/same-table';
import type { NamesakeFacts, NewTableFacts } from '../../model/new-tables';
import { displayTable } from '../../model/table-selection';
import { someOf } from '../../resources/some-of';
import { UNTIL_THEN, type Doubt } from './doubt';

/** Rows of it would show in that table as well. */
export function ofStrayed(above: NewTableFacts['strayed']): Doubt | null {
  if (above === undefined) return null;
  return {
    seen: `on the clone it is a partition of ${displayTable(above)}`,
    why: `its rows would show in that table as well there; ${UNTIL_THEN}`,
    next: 'drop that partition on the clone, where nobody needs its rows',
  };
}

export function ofNamesake(
  definition: NonNullable<NewTableFacts['definition']>,
  { kind, hasRows, takenBy, definition: here }: NamesakeFacts,
): Doubt | null {
  const parted = definition.partitionKey !== null;
  if (kind !== (parted ? 'p' : 'r'))
    return {
      seen: `the clone has something of its name that is ${parted ? 'not partitioned' : 'no ordinary table'}`,
      why: `rows can go into a table of the same kind only; ${UNTIL_THEN}`,
      next: 'rename or drop that on the clone',
    };
  if (takenBy !== null)
    return {
      seen: `subscription ${takenBy} takes a table of its name on the clone already, which is another one`,
      why: 'it was dropped and made again on the source: the rows of both would be mixed',
      next: 'drop that table on the clone, where nobody needs its rows',
    };
  if (hasRows)
    return {
      seen: 'the clone has a table of its name with rows',
      why: 'the copy would be put beside them, and rows be there twice',
      next: 'empty or drop that table on the clone, where nobody needs its rows',
    };
  if (here === null)
    return {
      seen: 'somebody has a lock on the table of its name on the clone that keeps readers out',
      why: `how it is defined could not be read; ${UNTIL_THEN}`,
      next: 'wait until that transaction has ended',
    };
  const differs = tableDiffers(definition, here);
  if (differs.length === 0) return null;
  return {
    seen: `the clone has an empty table of its name that is defined in another way: ${someOf(differs)}`,
    why: 'rows would not fit, or come out otherwise',
    next: 'drop that table on the clone, so that it is made anew',
  };
}
