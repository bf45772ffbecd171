import type { SourceContract } from '../../contract/contract';
import { describePart, samePart, type Part } from '../../contract/row-filter';
import type { Finding } from '../model/change';
import type { PublicationMark } from '../model/mark';
import type { PublicationFacts } from '../model/observation';
import { type StreamOf, newClone } from '../model/streams';
import { partOf, wantedPart } from '../model/table-parts';
import { displayTable } from '../model/table-selection';

/**
 * Where the environment says another part of a table by now than the ticket has. What is published stays: rows that come
 * into a wider condition are on the clone or not, and nobody knows which; those that a narrower one leaves out would stay
 * there as they are, and meet the rows that come back.
 */
export function partsMoved(
  contract: SourceContract,
  of: StreamOf,
  { parts = [] }: PublicationMark,
  { tables }: PublicationFacts,
): Finding[] {
  return tables.flatMap((table): Finding[] => {
    const [now, before] = [wantedPart(of.stream.selection, table), partOf(parts, table) ?? {}];
    if (samePart(now, before)) return [];
    return [
      {
        code: 'TABLE_PART_CHANGED',
        severity: 'block',
        stops: ['publish', 'slot', 'ticket', 'connect'],
        seen: `the environment selects ${shown(now)} of table ${displayTable(table)} in database ${of.database}, and its stream carries ${shown(before)}`,
        why: 'the clone is aligned to what was published when it was taken; by another part, rows would be missing on it, or stand in the way of those that come',
        next: `put databases[].tables back as it was, then cdktf deploy ${contract.stacks.source}; or, for another part, ${newClone(contract)}`,
      },
    ];
  });
}

const shown = (part: Part): string => describePart(part) || 'the whole';
