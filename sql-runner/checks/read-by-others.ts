import type { SourceContract } from '../../contract/contract';
import type { Change, Finding } from '../model/change';
import type { SourceObservation } from '../model/observation';
import { streamsOf } from '../model/streams';
import { subscribers } from '../resources/fresh-clone/copy-slots';
import { parseMark } from '../model/mark';
import { addressText } from '../model/address';
import { publicationAddress } from '../resources/publication';

/**
 * Somebody else may subscribe to a publication of ours: nothing keeps them from it, and a slot has no list of
 * publications. Once it is gone a server before 18 sends their slot nothing any more ("publication … does not exist"),
 * also when it is made again, as it is looked for as of each change; one from 18 on skips what it would have sent
 * (LoadPublications in pgoutput.c). What is taken out of one is sent no more, without a word on either side.
 */
export function checkReadByOthers(
  contract: SourceContract,
  source: SourceObservation,
  changes: readonly Change[],
): Finding[] {
  const actions = new Map(changes.map(({ id, action }) => [id, action]));
  return [...streamsOf(contract), ...source.forgotten].flatMap((of) => {
    const { database, stream } = of;
    const action = actions.get(addressText(publicationAddress(of)));
    if (action === undefined || action === 'create') return [];
    const slots = slotsOfOthers(contract, source, database);
    if (slots.length === 0) return [];
    const dropped = action === 'delete';
    return [
      {
        code: 'PUBLICATION_READ_BY_OTHERS',
        severity: 'warn',
        seen: `slot ${slots.join(', ')} in database ${database} on the source is not of this environment, and may send by publication ${stream.publication}, which ${dropped ? 'is dropped' : 'is given other tables'}: that is in no catalog`,
        why: dropped
          ? 'a subscription whose publication is gone stops, and production keeps WAL for its slot; from PostgreSQL 18 on it goes on, and what is written is lost to it'
          : 'a subscription gets nothing more of a table that leaves its publication, without a word on either side; it stops at one that joins which it does not have',
        next: 'find that out before you go on: while it reads, query of its walsender in pg_stat_activity names the publication; where that is ours, give its subscription another one: make that on the source, wait until confirmed_flush_lsn of the slot is past it, and have the subscription read that one instead',
      },
    ];
  });
}

/** Slots that another environment of this kind made have a publication of their own. */
function slotsOfOthers(contract: SourceContract, source: SourceObservation, database: string): string[] {
  const marked = source.databases[database]!.publications.map(({ comment }) => parseMark(comment));
  const known = new Set(marked.map((mark) => (mark?.kind === 'publication' ? mark.slot : null)));
  return subscribers(contract, source, database).others.filter((slot) => !known.has(slot));
}
