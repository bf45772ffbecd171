import type { PublicationFacts } from '../model/observation';
import { quoteIdent, quoteQualified } from '../postgres/text/quoting';
import { foreignCopies } from '../resources/fresh-clone/inherited-publications';
import { displayTable } from '../model/table-selection';
import type { Found, TargetCheck } from './check';
import { identityStatement, OTHER_IDENTITY } from './identity';
import { described, refusedBy, type Refused } from './refused-writes';
import { streamsOf, replicatedBy } from '../model/streams';
import type { TargetDatabaseSurvey, Scope } from '../model/survey';

/**
 * A server refuses UPDATE and DELETE of what one of its publications sends and nothing identifies, to the apply worker
 * as to everybody (CheckCmdReplicaIdentity in execReplication.c). The clone has a copy of our own publication, and
 * maybe others, and its tables can lose their identity as those of production can.
 */
const refuses: TargetCheck = {
  code: 'CLONE_REFUSES_CHANGES',
  stops: ['connect'],
  holds: 'no publication on the clone makes it refuse the changes that it takes',
  side: 'target',
  run: (target, scope) =>
    Object.entries(target.databases).flatMap(([database, survey]) => {
      const streams = streamsOf(scope.contract).filter((of) => of.database === database);
      const replicates = replicatedBy(scope, database);
      return staying(database, survey, scope).flatMap((publication) => {
        const refused = refusedBy(publication, survey.tables, target.server.versionNum);
        const stopped = refused.filter(({ table }) => replicates(table));
        const copy = streams.some(({ stream }) => stream.publication === publication.name);
        return stopped.length === 0 ? [] : [finding(database, publication, stopped, copy)];
      });
    }),
};

/** The apply that connects the clone drops others' copies before any change arrives, where it may. */
function staying(
  database: string,
  { publications, publicationIdentities }: TargetDatabaseSurvey,
  { contract, connected, source }: Scope,
): readonly PublicationFacts[] {
  if (connected) return publications;
  const copies = foreignCopies(
    contract,
    source?.databases[database]?.publicationIdentities ?? [],
    publicationIdentities,
  );
  const dropped = new Set(copies.filter(({ mayDrop }) => mayDrop).map(({ name }) => name));
  return publications.filter(({ name }) => !dropped.has(name));
}

function finding(database: string, publication: PublicationFacts, refused: readonly Refused[], copy: boolean): Found {
  const whose = copy ? 'the copy of our publication that it has inherited,' : 'which somebody has';
  const statements = refused.flatMap((one) => remedy(publication, one, copy));
  const hopeless = refused.filter((one) => remedy(publication, one, copy).length === 0);
  const others =
    hopeless.length === 0 ? '' : `on the clone, give ${hopeless.map(tableOf).join(', ')} ${OTHER_IDENTITY}`;
  const also = others === '' ? '' : `${others}; `;
  return {
    severity: 'block',
    seen: `the clone refuses UPDATE and DELETE on ${described(refused)} in database ${database}, because publication ${publication.name}, ${whose} on the clone, publishes them there`,
    why: 'the apply worker is refused as everybody is: it stops at the first change of such a row, and production keeps WAL until it goes on',
    next: statements.length === 0 ? others : `${also}in database ${database} on the clone: ${statements.join(' ')}`,
  };
}

const tableOf = ({ table }: Refused): string => displayTable(table);

/** The copy is the record of what the clone inherited, and stays as it is. */
function remedy(publication: PublicationFacts, { table, named }: Refused, copy: boolean): string[] {
  const statement = table.identityFault === null ? null : identityStatement(table);
  if (statement !== null) return [statement];
  if (copy || named === null) return [];
  return [`ALTER PUBLICATION ${quoteIdent(publication.name)} DROP TABLE ONLY ${quoteQualified(named)};`];
}

export const cloneRefusesChecks = [refuses];
