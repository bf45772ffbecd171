import { quoteIdent } from '../postgres/text/quoting';
import { foreignCopies } from '../resources/fresh-clone/inherited-publications';
import type { TargetCheck } from './check';

/** What the apply that connects the clone drops; on one that was connected before, or that kept them, they are named. */
const publications: TargetCheck = {
  code: 'INHERITED_PUBLICATION_LEFT',
  both: true,
  holds: 'the clone has no copies of publications of the source that are not ours',
  side: 'target',
  run: (target, { contract, connected, source }) =>
    Object.entries(target.databases).flatMap(([database, here]) => {
      const there = source?.databases[database]?.publicationIdentities ?? [];
      const slots = target.slots
        .filter((slot) => slot.plugin === 'pgoutput' && slot.database === database)
        .map(({ name }) => name);
      return foreignCopies(contract, there, here.publicationIdentities).map(
        ({ name, owner, allTables, needsIdentity, mayDrop }) => {
          const drop = `${mayDrop ? '' : `as ${owner} `}in database ${database} on the clone: DROP PUBLICATION ${quoteIdent(name)};`;
          const read = slots.length === 0 ? '' : `if nobody reads it there by slot ${slots.join(', ')}, `;
          return {
            severity: needsIdentity && (connected || !mayDrop) ? ('warn' as const) : ('info' as const),
            seen: `database ${database} of the clone has a copy of publication ${name} of the source${allTables ? ', FOR ALL TABLES' : ''}`,
            why: needsIdentity
              ? `UPDATE and DELETE fail on ${allTables ? 'all tables of the clone' : 'those of its tables'} that have no replica identity`
              : 'it does nothing there unless somebody reads it',
            next:
              connected || !mayDrop
                ? `${read}${drop}`
                : 'nothing: the apply that connects the clone drops it first, unless a slot of the clone may read it',
          };
        },
      );
    }),
};

export const inheritedPublicationChecks = [publications];
