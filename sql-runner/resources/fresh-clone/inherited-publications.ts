import type { SourceContract } from '../../../contract/contract';
import { propose, sqlChange, type Change, type Finding, type Proposal } from '../../model/change';
import type { Inheritable, PublicationCopyFacts } from '../../model/inheritable';
import type { TargetObservation } from '../../model/observation';
import type { PublicationIdentity } from '../../postgres/catalog/publication-identities';
import { quoteIdent } from '../../postgres/text/quoting';
import { isInheritedSlot } from './inherited-leftovers';
import { ownMark } from '../../model/mark';

/**
 * Copies of publications that others read from on the source. On the clone nobody
 * does, and all that is left of them is that UPDATE and DELETE are refused on their
 * tables without replica identity (CheckCmdReplicaIdentity in execReplication.c):
 * with FOR ALL TABLES on every such table that is made on the clone. Ours stays: it
 * is the record of what the clone inherited.
 */
export function planInheritedPublications(
  contract: SourceContract,
  source: Inheritable,
  target: TargetObservation,
): Proposal {
  const databases = contract.links.map(({ database }) => database);
  const copies = databases.flatMap((database) => {
    const [there, here] = [source, target.inheritable].map(({ publications }) =>
      publications.filter((publication) => publication.database === database),
    );
    return foreignCopies(contract, there!, here!);
  });
  const dropped = copies.filter((copy) => copy.mayDrop && readers(target, copy).length === 0);
  const kept = copies.filter((copy) => !dropped.includes(copy));
  return propose(
    dropped.map(drop),
    kept.map((copy) => keep(copy, readers(target, copy))),
  );
}

/**
 * Publications of the clone that the source has too, by id and name, and that are not of this environment. Another
 * environment's is one of them: its clone is another one.
 */
export function foreignCopies<T extends PublicationIdentity>(
  contract: SourceContract,
  source: readonly PublicationIdentity[],
  target: readonly T[],
): T[] {
  const own = new Set(contract.links.flatMap(({ streams }) => streams.map(({ publication }) => publication)));
  const originals = new Map(source.map(({ oid, name }) => [oid, name]));
  return target.filter(
    ({ oid, name, comment }) =>
      originals.get(oid) === name && !own.has(name) && ownMark(comment, 'publication', contract.environment) === null,
  );
}

/** Slots that somebody made on the clone, or reads from there: nothing tells through which publications. */
function readers(target: TargetObservation, { database }: PublicationCopyFacts): string[] {
  return target.slots
    .filter((slot) => slot.plugin === 'pgoutput' && slot.database === database)
    .filter((slot) => slot.active || !isInheritedSlot(slot, target.seedLsn))
    .map(({ name }) => name);
}

function drop({ database, name, allTables }: PublicationCopyFacts): Change {
  return sqlChange({
    address: { side: 'target', database, kind: 'inherited-publication', name },
    action: 'delete',
    reason: `a copy of one of the source; nobody reads it here, and UPDATE and DELETE would fail on ${allTables ? 'all' : 'its'} tables without replica identity`,
    place: { side: 'target', database },
    guards: [],
    statements: [{ text: `DROP PUBLICATION ${quoteIdent(name)}` }],
  });
}

function keep({ database, name, owner, mayDrop }: PublicationCopyFacts, slots: readonly string[]): Finding {
  return {
    code: 'INHERITED_PUBLICATION_KEPT',
    severity: 'warn',
    seen: `publication ${name} in database ${database} of the clone, a copy of one of the source, stays: ${mayDrop ? `slot ${slots.join(', ')} of the clone may be read through it` : `only its owner ${owner} may drop it`}`,
    why: 'UPDATE and DELETE fail on those of its tables on the clone that have no replica identity',
    next: `if nobody reads it there, ${mayDrop ? '' : `as ${owner} `}in database ${database} on the clone: DROP PUBLICATION ${quoteIdent(name)};`,
  };
}
