import type { Reading } from '../connections/reading';
import type { LeftTableFacts } from '../model/new-tables';
import type { StreamFacts } from '../model/stream-state';
import { sameTable } from '../model/table-selection';
import { leftHere, type LeftHere } from '../postgres/catalog/left-tables';
import { lockedTables } from '../postgres/catalog/table-shapes';
import type { Session } from '../postgres/session';
import { quoteQualified } from '../postgres/text/quoting';

/** Of those that left a stream, what the clone has under their names. */
export async function leftTablesOf(
  reading: Reading,
  { subscriber, subscriptionMark }: StreamFacts,
): Promise<LeftTableFacts[]> {
  const left = subscriptionMark?.left ?? [];
  if (left.length === 0) return [];
  return reading.at(subscriber, async (ask) => {
    const here = await ask(leftHere, left);
    const numbers = here.map(({ oid }) => oid);
    const locked = numbers.length === 0 ? [] : (await ask(lockedTables, numbers)).map(({ oid }) => oid);
    const facts: LeftTableFacts[] = [];
    for (const { oid, schema, name } of left) {
      const own = here.find((one) => sameTable(one, { schema, name }));
      if (own === undefined) continue;
      const hasRows = locked.includes(own.oid) || (await ask(rowsIn, own));
      facts.push({ ...own, oid, here: own.oid, hasRows });
    }
    return facts;
  });
}

/** Who may not read it, or whom somebody keeps out by now. */
const UNREADABLE = new Set(['42501', '55P03', '57014']);

/**
 * Asked of the rows themselves: the counters of a server know nothing of what was there before they began. Of a table
 * that cannot be read it is taken that it has some.
 */
async function rowsIn(session: Session, table: LeftHere): Promise<boolean> {
  const only = table.partitioned ? '' : 'ONLY ';
  try {
    const [row] = await session.query<{ some: boolean }>(
      `SELECT EXISTS (SELECT FROM ${only}${quoteQualified(table)}) AS some`,
    );
    return row!.some;
  } catch (cause) {
    if (UNREADABLE.has(String((cause as { code?: unknown }).code))) return true;
    throw cause;
  }
}
