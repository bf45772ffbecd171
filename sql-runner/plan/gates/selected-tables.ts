import type { SourceContract } from '../../../contract/contract';
import type { Finding, Step } from '../../model/change';
import type { SourceDatabaseFacts, SourceObservation } from '../../model/observation';
import { quoteIdent } from '../../postgres/text/quoting';
import { sendsRows } from '../../resources/published';
import { displayTable, missingFromSelection, selectTables } from '../../model/table-selection';
import { TableTree } from '../../model/table-tree';
import { identityStatement, isGenerated, OTHER_IDENTITY } from '../../checks/identity';
import { withRights } from '../../resources/membership';
import { checkTableParts } from './table-parts';
import { checkNewPartitions } from '../../checks/new-partitions';
import type { StreamOf } from '../../model/streams';

type Table = SourceDatabaseFacts['tables'][number];

/** Nothing of the way to a clone, and no repair of what is there already. */
const PREPARING: readonly Step[] = ['publish', 'slot', 'ticket'];

/**
 * The tables that the environment selects, before anything is published.
 * Publishing a table without replica identity makes the *source* reject its
 * UPDATE and DELETE (PostgreSQL manual, "Logical Replication: Publication").
 */
export function checkSelectedTables(contract: SourceContract, source: SourceObservation, of: StreamOf): Finding[] {
  const database = source.databases[of.database];
  if (database === undefined || !database.exists) return [databaseMissing(contract, of)];
  const missing = missingFromSelection(of.stream.selection, database.tables);
  if (missing.length > 0) return [selectionMissing(contract, of, missing)];
  const selected = selectTables(of.stream.selection, database.tables);
  if (selected.length === 0) return [nothingSelected(of)];
  const tree = new TableTree(database.tables);
  const leaves = selected.flatMap((table) => tree.leaves(table)).filter(sendsRows);
  return [
    ...(database.mayCreate === false ? [createMissing(of, source.login)] : []),
    ...ownershipMissing(
      contract,
      of,
      source,
      selected.filter((table) => !table.mayPublish),
    ),
    ...leaves.filter(({ identityFault }) => identityFault !== null).map((table) => identityMissing(of, table)),
    ...checkNewPartitions(contract, of, selected, tree),
    ...checkTableParts(contract, source, of),
  ];
}

/** PostgreSQL manual, CREATE PUBLICATION: CREATE on the database, and ownership of every table. */
function createMissing(of: StreamOf, login: string): Finding {
  return {
    code: 'PUBLICATION_NOT_ALLOWED',
    severity: 'block',
    stops: PREPARING,
    seen: `${login} lacks the CREATE privilege on database ${of.database}`,
    why: 'a publication is an object of the database, and creating it would fail',
    next: `as the owner of the database, on the source: GRANT CREATE ON DATABASE ${quoteIdent(of.database)} TO ${quoteIdent(login)};`,
  };
}

/** One for each owner. RDS's own role, and a superuser, cannot be granted to the master user. */
export function ownershipMissing(
  contract: SourceContract,
  of: StreamOf,
  { login, server }: SourceObservation,
  tables: readonly Table[],
): Finding[] {
  return [...new Set(tables.map((table) => table.owner))].map((owner) => {
    const own = tables.filter((table) => table.owner === owner);
    return {
      code: 'TABLE_NOT_OWNED',
      severity: 'block',
      stops: PREPARING,
      seen: `in database ${of.database}, ${owner} owns ${own.map(displayTable).join(', ')}, and ${login} does not have its rights`,
      why: 'only who has the rights of its owner can add a table to a publication, rds_superuser cannot',
      next: own[0]!.ownerGrantable
        ? `as a role with ADMIN OPTION on it (up to PostgreSQL 15 with CREATEROLE), in database ${of.database} on the source: GRANT ${quoteIdent(owner)} TO ${quoteIdent(login)}${withRights(server.versionNum)};`
        : `nobody can grant ${owner}: name the tables without these in databases[].tables of the environment file, then cdktf deploy ${contract.stacks.source}`,
    };
  });
}

export function identityMissing(of: StreamOf, table: Table): Finding {
  const statement = identityStatement(table);
  return {
    code: 'REPLICA_IDENTITY_MISSING',
    severity: 'block',
    stops: PREPARING,
    seen: `table ${displayTable(table)} in database ${of.database} has ${table.identityFault}`,
    why: isGenerated(table.identityFault)
      ? 'generated columns are not replicated: once it is published, production (from PostgreSQL 18 on) rejects every UPDATE and DELETE on it, or the clone stops at the first one'
      : 'once it is published, production would reject every UPDATE and DELETE on it',
    next: `${identityAdvice(table)}${statement === null ? '' : `, in database ${of.database} on the source: ${statement}`}`,
  };
}

function identityAdvice(table: Table): string {
  if (table.keyFault === null) return 'let its primary key identify its rows';
  if (table.uniqueIndex !== null) return 'let an index without generated columns identify its rows';
  if (table.rowsIdentify)
    return 'best give it a primary key, or a unique index over NOT NULL columns as replica identity; or select other tables in the environment file; or, slower, let whole rows identify it';
  return `give it ${OTHER_IDENTITY}; or select other tables in the environment file`;
}

function databaseMissing(contract: SourceContract, of: StreamOf): Finding {
  return {
    code: 'DATABASE_MISSING',
    severity: 'block',
    seen: `database ${of.database} does not exist on ${contract.cluster.identifier}`,
    why: 'there is nothing to replicate',
    next: `correct databases[].name in the environment file, then cdktf deploy ${contract.stacks.source}`,
  };
}

function selectionMissing(contract: SourceContract, of: StreamOf, missing: readonly string[]): Finding {
  return {
    code: 'TABLE_MISSING',
    severity: 'block',
    seen: `database ${of.database} has no ${missing.join(', no ')}`,
    why: 'the environment asks for it by name',
    next: `correct the name in the environment file (double quotes around mixed case), then cdktf deploy ${contract.stacks.source}`,
  };
}

function nothingSelected(of: StreamOf): Finding {
  return {
    code: 'NOTHING_SELECTED',
    severity: 'block',
    seen: `the environment selects no table of database ${of.database}`,
    why: 'a publication without tables replicates nothing',
    next: 'create tables first, or take the database out of the environment file',
  };
}
